"""What Slack's users are called. Each is asked about once in a while, and never before a message is safe."""

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from connectors.slack.web_api import FAILURES, in_time

REMEMBERED = 10_000
FRESH_SECONDS = 24 * 3600.0
TRY_AGAIN_SECONDS = 300.0


@dataclass(frozen=True)
class Person:
    """``name`` and ``locale`` (such as ``en-US``) are None when Slack did not say."""

    name: str | None = None
    locale: str | None = None


class People:
    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._known: OrderedDict[str, tuple[float, Person]] = OrderedDict()
        self._asking: dict[str, asyncio.Task[Person]] = {}

    def known(self, user: str) -> Person | None:
        """What is remembered, without asking."""
        until, person = self._known.get(user, (0.0, None))
        return person if time.monotonic() < until else None

    def name(self, user: str) -> str | None:
        person = self.known(user)
        return person.name if person else None

    async def learn(self, user: str) -> Person:
        """What is remembered, or else what Slack says; nothing is raised when it does not."""
        person = self.known(user)
        if person is not None:
            return person
        task = self._asking.get(user)
        if task is None:
            task = asyncio.create_task(self._ask(user))
            self._asking[user] = task
            task.add_done_callback(lambda _: self._asking.pop(user, None))
        return await asyncio.shield(task)

    async def _ask(self, user: str) -> Person:
        try:
            answer = await in_time(self._client.users_info(user=user, include_locale=True))
        except FAILURES:
            return self._remember(user, Person(), TRY_AGAIN_SECONDS)
        found = answer.get("user") or {}
        profile = found.get("profile") or {}
        name = profile.get("display_name") or profile.get("real_name") or found.get("real_name") or found.get("name")
        return self._remember(user, Person(name or None, found.get("locale") or None), FRESH_SECONDS)

    def _remember(self, user: str, person: Person, seconds: float) -> Person:
        self._known[user] = (time.monotonic() + seconds, person)
        self._known.move_to_end(user)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return person
