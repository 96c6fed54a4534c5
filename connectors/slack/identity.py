"""Who we are in Slack: learnt once from `auth.test`, patiently."""

import asyncio

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from connectors.slack.web_api import FAILURES, error_code, in_time

log = structlog.get_logger(__name__)

LONGEST_PAUSE_SECONDS = 60.0


class Identity:
    """``team`` and ``user`` (our bot's) are empty until Slack has told them."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self.team = ""
        self.user = ""
        self.error: str | None = None
        """Why Slack can't be reached or does not know us; None when it does."""

    async def learn(self) -> None:
        """Ask until Slack answers."""
        pause = 1.0
        while not await self._ask():
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def _ask(self) -> bool:
        try:
            answer = await in_time(self._client.auth_test())
        except FAILURES as error:
            if self.error != error_code(error):
                log.error("slack_unreachable", doing="auth.test", reason=error_code(error))
            self.error = error_code(error)
            return False
        self.team, self.user, self.error = str(answer["team_id"]), str(answer["user_id"]), None
        return True
