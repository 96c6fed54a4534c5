"""Keeps the agents' chat true: a card for each ticket, edited whenever it changes hands, and the talk in its thread."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy.exc import SQLAlchemyError

from connectors.connector import DeliveryError
from connectors.gateway.bus import Bus, Hint
from connectors.gateway.endless import Endless
from connectors.gateway.wake import Wake
from handoff import desk_calls, desk_threads
from handoff.database import Database
from handoff.desk_calls import Call
from handoff.desk_threads import Behind, Spot

log = structlog.get_logger(__name__)

POLL_SECONDS = 2.0
TOGETHER_SECONDS = 0.1
"""One change is several hints within a moment; one look answers them."""
PAUSE = timedelta(seconds=3)
PERMANENT_PAUSE = timedelta(minutes=1)
"""Until somebody has mended what the chat refuses: a right that is missing, a group that is gone."""


class Gone(DeliveryError):
    """The card, or its topic, was deleted in the chat: both are made anew."""


class Cards(Protocol):
    """How one chat shows tickets. Every coroutine raises :class:`DeliveryError`."""

    async def open(self, behind: Behind) -> Spot:
        """Where the ticket is shown, or is to be; room is made for it if the chat has such a thing."""

    async def show_card(self, behind: Behind, spot: Spot) -> Spot:
        """Post the card, or edit it, unless it is right; returns where it is."""

    async def show_lines(self, behind: Behind, spot: Spot) -> None:
        """Show what the thread lacks."""

    async def ready_to_call(self) -> None:
        """Return when a call may be made. All waiting is done here: a call is leased, and nobody's while the chat is slow."""

    async def call(self, call: Call) -> None:
        """Tell an agent at once, by name, that a ticket is offered to them."""

    def failed(self, behind: Behind, error: DeliveryError) -> None:
        """Whether the last of it was shown is not sure; but nothing is there any more of what is :class:`Gone`."""


class CardKeeper:
    """``channel``: the chat's name; ``place``: the agents' room in it."""

    def __init__(self, database: Database, bus: Bus, cards: Cards, channel: str, place: str) -> None:
        self._database = database
        self._cards = cards
        self._channel = channel
        self._place = place
        self._wake = Wake()
        self._loop = Endless()
        self.error: str | None = None
        bus.listen(self._on_hint)

    async def start(self) -> None:
        self._loop.start(self._keep_true())

    async def stop(self) -> None:
        await self._loop.stop()

    async def _keep_true(self) -> None:
        while True:
            try:
                await self._call_all()
                while await self._catch_up_one():
                    await self._call_all()
            except SQLAlchemyError as error:
                log.error("database_unreachable", doing="keep cards", channel=self._channel, error=type(error).__name__)
            except Exception:
                # One ticket that can't be shown must not keep all others from being shown.
                log.exception("cards_failed", channel=self._channel)
            if await self._wake.sleep(POLL_SECONDS):
                await asyncio.sleep(TOGETHER_SECONDS)

    def _on_hint(self, hint: Hint) -> None:
        if hint.kind == "changed":
            self._wake.call()

    async def _catch_up_one(self) -> bool:
        if not await self._database.read(desk_threads.any_behind, self._channel, datetime.now(UTC)):
            return False  # most hints are about talk with the bot: they need not take a turn at the writer
        behind = await self._database.write(desk_threads.take, self._channel, self._place, datetime.now(UTC))
        if behind is None:
            return False
        await self._catch_up(behind)
        return True

    async def _call_all(self) -> None:
        """An offer stands for a minute: calls don't wait for the cards of other tickets."""
        while await self._call_one():
            pass

    async def _call_one(self) -> bool:
        if not await self._database.read(desk_calls.any_open, self._channel, datetime.now(UTC)):
            return False
        try:
            await self._cards.ready_to_call()
        except DeliveryError as error:
            log.info("calls_wait", channel=self._channel, reason=str(error))
            return False
        call = await self._database.write(desk_calls.take, self._channel, datetime.now(UTC))
        if call is None:
            return False
        try:
            await self._cards.call(call)
        except DeliveryError as error:
            log.warning("agent_not_called", channel=self._channel, ticket=call.ticket_id, reason=str(error))
            if not error.permanent:
                await self._database.write(desk_calls.put_back, self._channel, call)
                return False
        except SQLAlchemyError:
            raise
        except Exception:
            # The call's lease runs out, and then it is made again; others are called meanwhile.
            log.exception("agent_not_called", channel=self._channel, ticket=call.ticket_id)
            return True
        await self._database.write(desk_calls.made, self._channel, call, datetime.now(UTC))
        return True

    async def _catch_up(self, behind: Behind) -> None:
        spot = behind.spot
        try:
            spot = await self._cards.open(behind)
            spot = await self._cards.show_card(behind, spot)
            await self._cards.show_lines(behind, spot)
        except DeliveryError as error:
            self._cards.failed(behind, error)
            self.error = str(error)
            log.warning("card_behind", channel=self._channel, ticket=behind.ticket_id, reason=str(error))
            until = datetime.now(UTC) + _pause(error)
            spot = Spot() if isinstance(error, Gone) else spot
            await self._database.write(desk_threads.put_off, self._channel, behind, spot, until)
            return
        self.error = None
        await self._database.write(desk_threads.shown, self._channel, behind, spot)


def _pause(error: DeliveryError) -> timedelta:
    if error.retry_after is not None:
        return timedelta(seconds=error.retry_after)
    return PERMANENT_PAUSE if error.permanent else PAUSE
