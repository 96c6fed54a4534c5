"""The agents' group on Telegram in these tests: Ana and Ben are linked, Cleo is a stranger, Maya a customer."""

import secrets
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handoff import agents, notes, passwords
from handoff.database import Database
from handoff.schema import Agent, Conversation, DeskLine, DeskThread, Note
from tests.fakes.telegram_chats import Shown
from tests.fakes.telegram_server import FakeTelegram, bring

MAYA, ANA, BEN, CLEO = 4711, 501, 502, 503
DESK = -1001234567890
PASSWORD = "a long and silly sentence"


class Desk:
    """The agents' group, and what people do in it."""

    def __init__(self, gateway: str, telegram: FakeTelegram, database: Database) -> None:
        self.gateway = gateway
        self.telegram = telegram
        self.database = database

    @property
    def cards(self) -> list[Shown]:
        return [shown for shown in self.telegram.chats[DESK] if shown.text.startswith("<b>T-") or "T-10" in shown.text]

    async def card(self, number: int = 1) -> Shown:
        """Wait for it, and until an answer to it is understood: no person is as fast as this test."""
        await self.telegram.until(lambda: len(self.cards) >= number)
        shown = self.cards[number - 1]
        here = select(DeskThread.ticket_id).where(DeskThread.card == str(shown.message_id))
        await self.telegram.until(lambda: self.database.read_now(lambda session: session.scalar(here)) is not None)
        return shown

    async def maya_says(self, text: str) -> None:
        await bring(self.gateway, self.telegram.text(MAYA, text))

    async def presses(self, user: int, shown: Shown, title: str, **more: Any) -> str:
        """Returns the press's id, by which its answer is found."""
        press = self.telegram.press(shown, dict(shown.buttons)[title], user, **more)
        assert await bring(self.gateway, press) == 200
        return str(press["callback_query"]["id"])

    async def answer(self, query: str) -> str | None:
        await self.telegram.until(lambda: query in self.telegram.answered)
        return self.telegram.answered[query]

    async def writes(self, user: int, text: str, under: Shown) -> dict[str, Any]:
        update = self.telegram.in_thread(under, user, text)
        assert await bring(self.gateway, update) == 200
        return update

    async def claims(self, user: int, card: Shown) -> None:
        await self.presses(user, card, "Claim")
        await self.telegram.until(lambda: "Hand back" in dict(card.buttons))

    async def knows(self, shown: Shown) -> None:
        """Wait until an answer to this line is understood."""
        key = ("telegram", str(DESK), str(shown.message_id))
        await self.telegram.until(
            lambda: self.database.read_now(lambda session: session.get(DeskLine, key) is not None)
        )

    def lines(self, card: Shown) -> list[str]:
        """What hangs under a card, or stands in its topic."""
        return [
            shown.text
            for shown in self.telegram.chats[DESK]
            if shown is not card and (shown.topic == card.topic if card.topic else shown.reply_to == card.message_id)
        ]

    def held_by(self) -> str | None:
        def read(session: Session) -> str | None:
            conversation = session.scalars(select(Conversation)).one()
            return session.get_one(Agent, conversation.agent_id).name if conversation.agent_id else None

        return self.database.read_now(read)

    def is_present(self, name: str) -> bool:
        return self.database.read_now(lambda session: session.get_one(Agent, self.agent_id(name)).present)

    def notes(self) -> list[str]:
        return self.database.read_now(lambda session: list(session.scalars(select(Note.text))))

    def leaves_note(self, name: str, text: str) -> None:
        """As the web desk writes it."""

        def write(session: Session) -> None:
            author = session.get_one(Agent, self.agent_id(name))
            conversation = session.scalars(select(Conversation)).one()
            notes.write(session, conversation, author, secrets.token_hex(8), text, datetime.now(UTC))

        self.database.write_now(write)

    def conversation_id(self) -> str:
        return self.database.read_now(lambda session: session.scalars(select(Conversation.id)).one())

    def agent_id(self, name: str) -> str:
        found = self.database.read_now(agents.by_email, f"{name.lower()}@shop.example")
        assert found is not None
        return found.id


def add_account(database: Database, name: str) -> str:
    email = f"{name.lower()}@shop.example"
    password = passwords.new_hash(PASSWORD)
    return database.write_now(agents.add_agent, email, name, "agent", password, datetime.now(UTC))["id"]
