"""A gateway with the web chat and Telegram, on each kind of database."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from handoff.database import Database
from handoff.schema import Message
from tests.chat_client import PATIENCE_SECONDS, Chat, chatting
from tests.fake_rasa import FakeRasa, fake_rasa
from tests.fakes import telegram_chats
from tests.fakes.telegram_chats import Shown
from tests.fakes.telegram_server import FakeTelegram, bring, fake_telegram
from tests.running_gateway import desk_settings, running_gateway

MAYA = 4711


@dataclass
class BothChats:
    """Maya with the shop's page open and Telegram in her hand."""

    gateway: str
    web: Chat
    telegram: FakeTelegram
    rasa: FakeRasa
    database: Database

    async def link(self) -> str:
        """The token of a new link from the page."""
        answer = await self.web.socket.call("continue_on_telegram", {}, timeout=PATIENCE_SECONDS)
        address = urlsplit(answer["url"])
        assert (address.netloc, address.path) == ("t.me", f"/{telegram_chats.BOT['username']}")
        return parse_qs(address.query)["start"][0]

    async def opens(self, token: str, chat: int = MAYA) -> None:
        """Start is pressed under the link."""
        assert await bring(self.gateway, self.telegram.text(chat, f"/start {token}")) == 200

    async def joins(self, token: str, chat: int = MAYA) -> None:
        """Start is pressed under the link, and then the button that joins."""
        await self.opens(token, chat)
        await self.answers("Continue here", chat)

    async def answers(self, title: str, chat: int = MAYA) -> None:
        """The newest question whether to join is answered with this button."""
        await self.telegram.until(lambda: self._asked(title, chat))
        asked = self._asked(title, chat)[-1]
        assert await bring(self.gateway, self.telegram.press(asked, dict(asked.buttons)[title])) == 200

    def _asked(self, title: str, chat: int) -> list[Shown]:
        return [shown for shown in self.telegram.chats[chat] if title in dict(shown.buttons)]

    async def writes(self, text: str, chat: int = MAYA) -> None:
        assert await bring(self.gateway, self.telegram.text(chat, text)) == 200

    def transcript(self) -> list[tuple[str, str]]:
        query = select(Message.author, Message.text).order_by(Message.conversation_id, Message.seq)
        return [(author, text) for author, text in self.database.read_now(lambda session: session.execute(query).all())]


@pytest.fixture
async def both(database_url: str, tmp_path: Path, quick_chats: None) -> AsyncIterator[BothChats]:
    async with fake_rasa() as rasa, fake_telegram() as telegram:
        settings = desk_settings(
            tmp_path,
            database_url,
            rasa,
            **telegram.settings,
        )
        async with running_gateway(settings) as url, chatting(url) as web:
            database = Database(database_url, connections=1)
            yield BothChats(url, web, telegram, rasa, database)
            database.close()
