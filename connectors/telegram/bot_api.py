"""The Bot API, spoken by python-telegram-bot: one client for calls, another for the long poll."""

import asyncio

from telegram import Bot, Update
from telegram.request import HTTPXRequest

from connectors.telegram.events import Us

CALLS_AT_ONCE = 64
CALL_SECONDS = 10.0
POLL_SECONDS = 25
ALLOWED_UPDATES = [Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER]


class BotApi:
    """``bot`` is python-telegram-bot's own; here is how it is built, opened and closed."""

    def __init__(self, token: str, api_url: str) -> None:
        root = api_url.rstrip("/")
        self._calls = HTTPXRequest(
            CALLS_AT_ONCE, read_timeout=CALL_SECONDS, write_timeout=CALL_SECONDS, connect_timeout=5, pool_timeout=5
        )
        # The client drops an idle connection by itself; a poll keeps one for as long as Telegram holds the line.
        self._polls = HTTPXRequest(1, read_timeout=POLL_SECONDS + CALL_SECONDS, connect_timeout=5)
        self.bot = Bot(
            token,
            base_url=f"{root}/bot",
            base_file_url=f"{root}/file/bot",
            request=self._calls,
            get_updates_request=self._polls,
        )
        self._us: Us | None = None
        self._asking = asyncio.Lock()

    async def us(self) -> Us:
        """Who we are on Telegram, asked once. Raises ``telegram.error.TelegramError``."""
        if self._us is None:
            async with self._asking:
                if self._us is None:
                    me = await self.bot.get_me()
                    self._us = Us(me.id, me.username or "")
        return self._us

    async def close(self) -> None:
        await self._calls.shutdown()
        await self._polls.shutdown()
