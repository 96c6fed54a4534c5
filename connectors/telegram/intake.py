"""Telegram's updates in: each is committed before anybody tells Telegram that it arrived."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session
from telegram import Update
from telegram.error import TelegramError

from connectors.gateway import metrics
from connectors.gateway.bus import Bus
from connectors.telegram import words
from connectors.telegram.bot_api import BotApi
from connectors.telegram.chat_address import ChatAddress
from connectors.telegram.events import CHANNEL, Changed, Ignored, Moved, Pressed, Said, event_of
from connectors.telegram.figures import IGNORED
from handoff import addresses, commands, edits
from handoff.commands import Erased
from handoff.database import Database
from handoff.inbox import Accepted
from handoff.schema import Conversation

log = structlog.get_logger(__name__)

NO_LONGER_USED = "That button is no longer in use, or it's meant for somebody else. Just write what you need."
CHOSEN_ALREADY = "You've chosen that already. Write any time, or send /human for a person."


class Intake:
    """One update at a time per call; any number of calls side by side."""

    def __init__(self, database: Database, bus: Bus, api: BotApi) -> None:
        self._database = database
        self._bus = bus
        self._api = api
        self._after: set[asyncio.Task[None]] = set()

    async def handle(self, fields: dict[str, Any]) -> None:
        """Returns once everything in the update is committed.

        Raises ``SQLAlchemyError`` or ``TelegramError`` when it could not be taken: it has to be brought again.
        """
        us = await self._api.us()
        try:
            update = Update.de_json(fields, self._api.bot)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            # Bringing it again would not make it readable.
            log.error("telegram_update_unreadable", update=fields.get("update_id"), error=type(error).__name__)
            IGNORED.labels("unreadable").inc()
            return
        match event_of(update, us):
            case Said(inbound):
                self._taken(await self._database.write_first(commands.accept, inbound, datetime.now(UTC)))
            case Changed() as changed:
                await self._change(changed)
            case Pressed() as pressed:
                await self._press(pressed)
            case Moved(old, new):
                await self._database.write(_move_group, old, new)
            case Ignored(why):
                IGNORED.labels(why).inc()

    async def stop(self) -> None:
        if self._after:
            await asyncio.wait(self._after, timeout=5)

    def _taken(self, accepted: Accepted) -> None:
        (metrics.DUPLICATES if accepted.duplicate else metrics.MESSAGES).labels(CHANNEL).inc()
        self._bus.changed(accepted.conversation_id)

    async def _change(self, changed: Changed) -> None:
        edited = await self._database.write_first(
            edits.edit, CHANNEL, changed.address, changed.provider_id, changed.text, changed.at
        )
        if edited is None:
            IGNORED.labels("edit_of_nothing").inc()
        else:
            self._bus.changed(edited[0])

    async def _press(self, event: Pressed) -> None:
        pressed = await self._database.write_first(commands.press, event.inbound, datetime.now(UTC))
        if pressed is None:
            self._afterwards(self._answer(event.query_id, NO_LONGER_USED, alert=True))
            return
        if isinstance(pressed.outcome, Erased):
            self._afterwards(self._answer(event.query_id, None), self._show(event, commands.ERASED))
            return
        self._taken(pressed.outcome)
        chosen = words.with_choice(words.parts(pressed.message)[-1], pressed.title)
        answer = CHOSEN_ALREADY if pressed.outcome.duplicate else None
        self._afterwards(self._answer(event.query_id, answer), self._show(event, chosen))

    async def _answer(self, query_id: str, text: str | None, alert: bool = False) -> None:
        """Telegram shows a spinner on the button until it is answered."""
        await self._api.bot.answer_callback_query(query_id, text=text, show_alert=alert)

    async def _show(self, event: Pressed, html: str) -> None:
        """The buttons make way for what was chosen."""
        if event.message_id is not None:
            chat_id = ChatAddress.parse(event.inbound.address).chat_id
            await self._api.bot.edit_message_text(html, chat_id, event.message_id, parse_mode="HTML")

    def _afterwards(self, *calls: Coroutine[Any, Any, None]) -> None:
        """Courtesies that Telegram need not wait for: what matters is committed."""
        for call in calls:
            task = asyncio.create_task(_courtesy(call))
            self._after.add(task)
            task.add_done_callback(self._after.discard)


async def _courtesy(call: Coroutine[Any, Any, None]) -> None:
    try:
        await call
    except TelegramError as error:
        log.info("telegram_courtesy_failed", error=type(error).__name__)


def _move_group(session: Session, old_chat_id: int, new_chat_id: int) -> None:
    """Everybody's conversation in the group moves with it."""
    query = select(Conversation.address).where(
        Conversation.channel == CHANNEL, Conversation.address.startswith(f"{old_chat_id}/")
    )
    for address in session.scalars(query).all():
        addresses.move(session, CHANNEL, address, str(ChatAddress.parse(address).moved_to(new_chat_id)))
