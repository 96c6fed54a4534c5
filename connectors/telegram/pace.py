"""Telegram's limits: one message a second to a chat, about thirty a second over all, and what it asks for beyond that."""

import time
from collections import OrderedDict

from aiolimiter import AsyncLimiter

CHAT_SECONDS = 1.0
"""From one message to a private chat to the next."""
OVERALL_PER_SECOND = 30
GROUP_PER_MINUTE = 20
CHATS_REMEMBERED = 10_000


class Paused(Exception):
    """Telegram has asked for quiet towards this chat. ``seconds`` are left of it."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"asked to wait, {seconds:.1f} s left")
        self.seconds = seconds


class Pace:
    """Waits its turn before each call. One chat that has to wait does not hold up any other."""

    def __init__(self) -> None:
        # One at a time at even distances: a bucket of thirty would let sixty through in its first second.
        self._overall = AsyncLimiter(1, 1 / OVERALL_PER_SECOND)
        self._chats: OrderedDict[int, AsyncLimiter] = OrderedDict()
        self._paused: dict[int, float] = {}

    async def wait(self, chat_id: int) -> None:
        """Return when a message may go to this chat. Raises :class:`Paused` at once when Telegram said not to."""
        self.check(chat_id)
        await self._chat(chat_id).acquire()
        await self._overall.acquire()
        self.check(chat_id)

    def check(self, chat_id: int) -> None:
        """Raises :class:`Paused`."""
        left = self._paused.get(chat_id, 0.0) - time.monotonic()
        if left > 0:
            raise Paused(left)
        self._paused.pop(chat_id, None)

    def pause(self, chat_id: int, seconds: float) -> None:
        """Telegram answered 429: nothing goes to this chat for so long."""
        self._paused[chat_id] = time.monotonic() + seconds

    def _chat(self, chat_id: int) -> AsyncLimiter:
        limiter = self._chats.pop(chat_id, None)
        if limiter is None:
            limiter = AsyncLimiter(GROUP_PER_MINUTE, 60) if chat_id < 0 else AsyncLimiter(1, CHAT_SECONDS)
        self._chats[chat_id] = limiter
        if len(self._chats) > CHATS_REMEMBERED:
            self._chats.popitem(last=False)
        return limiter
