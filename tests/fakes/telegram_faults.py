"""What goes wrong in the tests' Telegram, on request."""

import asyncio
import random
import time

from aiohttp import web

from tests.fakes.telegram_answers import error
from tests.fakes.telegram_chats import Chats


class Faults(Chats):
    def __init__(self) -> None:
        super().__init__()
        self.mode = "ok"
        """``ok | slow | flood | broken | accept_then_drop``"""
        self.flood_share = 1.0
        self.flooded: set[int] | None = None
        """The chats that a flood hits; None: every chat."""
        self.retry_after = 1
        """Seconds that a flood asks us to wait."""
        self.blocked: set[int] = set()
        """Chats whose customer has blocked the bot."""
        self.migrated: dict[int, int] = {}
        """Groups that have become supergroups, and their new ids."""
        self.quiet_until: dict[int, float] = {}
        self.refused = 0
        """Calls that were answered 429."""
        self.early = 0
        """Calls to a chat within the time that its last 429 named."""
        self._random = random.Random(5)  # noqa: S311 - the same run each time

    async def misbehave(self, chat_id: int, mode: str) -> web.Response | None:
        """What a send is answered instead of being done, in ``mode``; None: it is done."""
        now = time.monotonic()
        if now < self.quiet_until.get(chat_id, 0):
            self.early += 1
        if chat_id in self.blocked:
            return error(403, "Forbidden: bot was blocked by the user")
        if chat_id in self.migrated:
            moved = {"migrate_to_chat_id": self.migrated[chat_id]}
            return error(400, "Bad Request: group chat was upgraded to a supergroup chat", moved)
        if mode == "slow":
            await asyncio.sleep(60)
        if mode == "broken":
            return error(500, "Internal Server Error")
        is_hit = self.flooded is None or chat_id in self.flooded
        if mode == "flood" and is_hit and self._random.random() < self.flood_share:
            self.refused += 1
            self.quiet_until[chat_id] = now + self.retry_after
            words = f"Too Many Requests: retry after {self.retry_after}"
            return error(429, words, {"retry_after": self.retry_after})
        return None
