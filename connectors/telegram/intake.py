"""Telegram's updates in: each is committed before anybody tells Telegram that it arrived."""

from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any, Protocol

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session
from telegram import Update
from telegram.error import BadRequest, TelegramError

from connectors.gateway import join_links, metrics
from connectors.gateway.background import Background
from connectors.gateway.bus import Bus
from connectors.gateway.join_links import JoinTokens
from connectors.telegram import words
from connectors.telegram.bot_api import BotApi
from connectors.telegram.chat_address import ChatAddress
from connectors.telegram.events import CHANNEL, Changed, Ignored, Moved, Pressed, Said, event_of
from connectors.telegram.figures import IGNORED
from handoff import addresses, commands, edits, joining
from handoff.commands import Erased
from handoff.database import Database
from handoff.inbox import Accepted, Inbound
from handoff.schema import Conversation

log = structlog.get_logger(__name__)

NO_LONGER_USED = "That button is no longer in use, or it's meant for somebody else. Just write what you need."
CHOSEN_ALREADY = "You've chosen that already. Write any time, or send /human for a person."


START_WITH = "agent"
"""What our own link to a private chat makes ``/start`` carry, for agents who want to link their account."""


class AgentsDesk(Protocol):
    """The agents' group, if there is one."""

    def is_at(self, update: Update) -> bool:
        """Whether this happened in the agents' group."""

    async def told(self, update: Update) -> None: ...

    async def may_link(self, user_id: int) -> bool: ...

    def send_link(self, user_id: int, name: str) -> None: ...


class Intake:
    """One update at a time per call; any number of calls side by side."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        api: BotApi,
        tokens: JoinTokens,
        background: Background,
        desk: AgentsDesk | None,
    ) -> None:
        self._database = database
        self._bus = bus
        self._api = api
        self._tokens = tokens
        self._background = background
        self._desk = desk

    async def handle(self, fields: dict[str, Any]) -> None:
        """Returns once everything in the update is committed.

        Raises ``SQLAlchemyError`` or ``TelegramError`` when it could not be taken: it has to be brought again.
        """
        us = await self._api.us()
        update = self._read(fields)
        if update is None:
            return
        if self._desk is not None and self._desk.is_at(update):
            await self._desk.told(update)
            return
        match event_of(update, us):
            case Said() as said:
                await self._said(said)
            case Changed() as changed:
                await self._change(changed)
            case Pressed() as pressed:
                await self._press(pressed)
            case Moved(old, new):
                await self._database.write(_move_group, old, new)
            case Ignored(why):
                IGNORED.labels(why).inc()

    def _read(self, fields: dict[str, Any]) -> Update | None:
        try:
            return Update.de_json(fields, self._api.bot)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            # Bringing it again would not make it readable.
            log.error("telegram_update_unreadable", update=fields.get("update_id"), error=type(error).__name__)
            IGNORED.labels("unreadable").inc()
            return None

    async def _said(self, said: Said) -> None:
        if said.start_with == START_WITH and await self._is_agent(said.inbound):
            return
        if said.start_with.startswith(join_links.PREFIX):
            self._taken(await self._join(said.inbound, said.start_with))
            return
        self._taken(await self._database.write_first(commands.accept, said.inbound, datetime.now(UTC)))

    async def _join(self, inbound: Inbound, token: str) -> Accepted:
        """A link from the web chat was followed."""
        in_group = ChatAddress.parse(inbound.address).in_group
        token_hash, now = self._tokens.hash_of(token), datetime.now(UTC)
        return await self._database.write_first(joining.open_link, token_hash, inbound, now, in_group)

    async def _is_agent(self, inbound: Inbound) -> bool:
        """Whether our own way to the agents' link was followed by one of them; they get it then."""
        chat = ChatAddress.parse(inbound.address)
        if self._desk is None or chat.in_group:
            return False
        try:
            is_agent = await self._desk.may_link(chat.chat_id)
        except BadRequest:
            return False  # Telegram's way to say that nobody in the group is called so
        if is_agent:
            self._desk.send_link(chat.chat_id, inbound.customer_name or str(chat.chat_id))
        return is_agent

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
            self._bus.changed(pressed.outcome.conversation_id)
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
            self._background.run(_courtesy(call))


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
