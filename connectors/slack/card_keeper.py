"""Keeps the agents' channel true: a card for each ticket, edited whenever it changes hands, and the talk in its thread."""

import asyncio
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from connectors.connector import DeliveryError
from connectors.gateway.bus import Bus, Hint
from connectors.slack import cards
from connectors.slack.identity import Identity
from connectors.slack.place import Place
from connectors.slack.posting import Mark, Posting
from handoff import desk_threads
from handoff.database import Database
from handoff.desk_threads import Behind

log = structlog.get_logger(__name__)

CARD, LINE = "frontdesk_card", "frontdesk_line"
POLL_SECONDS = 2.0
PAUSE = timedelta(seconds=3)
OWN = "slack:"
"""What the id of words begins with that were written in the thread itself: they are there already."""


class CardKeeper:
    def __init__(
        self,
        database: Database,
        bus: Bus,
        posting: Posting,
        identity: Identity,
        name: str,
        channel: str,
        public_url: str,
    ) -> None:
        self._database = database
        self._posting = posting
        self._identity = identity
        self._name = name
        self._channel = channel
        self._public_url = public_url
        self._certain: set[int] = set()
        """Tickets of which this gateway knows for sure what their thread has."""
        self._wake = asyncio.Event()
        self.error: str | None = None
        bus.listen(self._on_hint)

    async def keep(self) -> None:
        """Show what changed, for ever."""
        while True:
            self._wake.clear()
            try:
                while behind := await self._database.write(
                    desk_threads.take, self._name, self._channel, datetime.now(UTC)
                ):
                    await self._catch_up(behind)
            except SQLAlchemyError as error:
                log.error("database_unreachable", doing="keep Slack's cards", error=type(error).__name__)
            try:
                async with asyncio.timeout(POLL_SECONDS):  # wait_for may swallow a cancellation (Python 3.11)
                    await self._wake.wait()
            except TimeoutError:
                continue

    def _on_hint(self, hint: Hint) -> None:
        if hint.kind == "changed":
            self._wake.set()

    async def _catch_up(self, behind: Behind) -> None:
        card_id = behind.card_id
        try:
            card_id = await self._show_card(behind)
            await self._show_lines(behind, card_id)
        except DeliveryError as error:
            self._certain.discard(behind.ticket_id)
            self.error = str(error)
            log.warning("slack_card_behind", ticket=behind.ticket_id, reason=str(error))
            pause = PAUSE if error.retry_after is None else timedelta(seconds=error.retry_after)
            await self._database.write(desk_threads.put_off, self._name, behind, card_id, datetime.now(UTC) + pause)
            return
        self.error = None
        self._certain.add(behind.ticket_id)
        if behind.over:
            self._certain.discard(behind.ticket_id)
        await self._database.write(desk_threads.shown, self._name, behind, card_id)

    async def _show_card(self, behind: Behind) -> str:
        """Post the card, or edit it, unless it is right; returns its id."""
        place = Place(self._identity.team, behind.place)
        mark = Mark(CARD, f"{behind.conversation_id}:{behind.ticket_id}")
        card_id = behind.card_id
        if card_id is None and behind.tried:
            card_id = (await self._posting.find(place, CARD, behind.since)).get(mark)
        if behind.card is None:
            assert card_id is not None, "a card that is right is there"
            return card_id
        desk_url = f"{self._public_url}/desk#/queue/{behind.conversation_id}"
        text, blocks = cards.card(behind.card, f"{behind.ticket_id}:{behind.epoch}", desk_url)
        if card_id is None:
            return await self._posting.post(place, text, blocks, mark)
        await self._posting.edit(behind.place, card_id, text, blocks)
        return card_id

    async def _show_lines(self, behind: Behind, card_id: str) -> None:
        thread = Place(self._identity.team, behind.place, card_id)
        lines = [one for one in behind.lines if one["state"] != "cancelled" and not _is_own(one["client_id"])]
        if not lines:
            return
        there: dict[Mark, str] = {}
        if behind.ticket_id not in self._certain:
            there = await self._posting.find(thread, LINE, behind.since)
        for one in lines:
            mark = Mark(LINE, f"{behind.conversation_id}:{one['seq']}")
            if mark not in there:
                await self._posting.post(thread, *cards.line(one), mark)


def _is_own(client_id: str | None) -> bool:
    return client_id is not None and client_id.startswith(OWN)
