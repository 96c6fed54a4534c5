"""Direct messages with people, opened once and remembered."""

from slack_sdk.web.async_client import AsyncWebClient

from connectors.slack.web_api import in_time

OPEN_SECONDS = 2.0
"""Slack gives a command three seconds in all."""


class DirectMessages:
    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._with: dict[str, str] = {}

    async def channel(self, user: str) -> str:
        """The id of our direct messages with ``user``. Raises one of ``web_api.FAILURES``."""
        if user not in self._with:
            answer = await in_time(self._client.conversations_open(users=user), OPEN_SECONDS)
            self._with[user] = str(answer["channel"]["id"])
        return self._with[user]
