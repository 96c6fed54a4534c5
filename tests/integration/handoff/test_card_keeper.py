"""The chat of the agents is kept true, and who is called has a minute: calls come before everything else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from connectors.connector import DeliveryError
from connectors.desk_chats.card_keeper import CardKeeper
from connectors.gateway.bus import Bus
from handoff import agent_links, desk_calls, desk_threads
from handoff.database import Database
from handoff.desk_calls import Call
from handoff.desk_threads import Behind, Spot
from handoff.schema import DeskThread
from tests.integration.handoff.queueing import asks, let_offers_lapse, make_offers
from tests.people import NOON, at
from tests.running_gateway import PATIENCE_SECONDS, until

CHAT, PLACE = "chat", "room"


class Wall:
    """A chat that keeps what came, in order: ``card`` or ``call``, and whose. ``refuses``: the next calls fail so."""

    def __init__(self) -> None:
        self.came: list[tuple[str, int]] = []
        self.refuses: list[Exception] = []
        self.wants_quiet: list[DeliveryError] = []
        """What is said of the next calls before they are made."""
        self.takes_calls = asyncio.Event()
        self.takes_calls.set()
        self.is_waited_for = asyncio.Event()
        self._ids = count(1)

    async def open(self, behind: Behind) -> Spot:
        return behind.spot

    async def show_card(self, behind: Behind, spot: Spot) -> Spot:
        self.came.append(("card", behind.ticket_id))
        return spot if spot.card else Spot(str(next(self._ids)))

    async def show_lines(self, behind: Behind, spot: Spot) -> None:
        """Only cards count here."""

    async def ready_to_call(self) -> None:
        self.is_waited_for.set()
        await self.takes_calls.wait()
        if self.wants_quiet:
            raise self.wants_quiet.pop()

    async def call(self, call: Call) -> None:
        self.came.append(("call", call.ticket_id))
        if self.refuses:
            raise self.refuses.pop(0)

    def failed(self, behind: Behind, error: DeliveryError) -> None:
        """Nothing is remembered here."""


@pytest.fixture
def linked(database: Database, ana: str) -> str:
    """Ana, whom the chat knows."""
    database.write_now(agent_links.link, CHAT, "ana-there", ana, "token", datetime.now(UTC))
    return ana


@asynccontextmanager
async def kept(database: Database, wall: Wall) -> AsyncIterator[None]:
    keeper = CardKeeper(database, Bus(), wall, CHAT, PLACE)
    await keeper.start()
    try:
        yield
    finally:
        await keeper.stop()


def cards_known(database: Database) -> int:
    """How many tickets have a card that the desk knows of: what the chat was asked to show is written down after it."""
    known = select(DeskThread).where(DeskThread.card.is_not(None), DeskThread.busy_until.is_(None))
    return len(database.read_now(lambda session: session.scalars(known).all()))


def this_moment() -> float:
    """In the seconds of these tests; the keeper has a clock of its own."""
    return (datetime.now(UTC) - NOON).total_seconds()


async def test_an_agent_is_called_as_soon_as_the_card_is_there(database: Database, linked: str) -> None:
    wall = Wall()
    for name in ("maya", "noor", "otis"):
        asks(database, name, this_moment())
    assert len(make_offers(database, this_moment())) == 3
    async with kept(database, wall):
        await until(lambda: len(wall.came) >= 6)
    first, second, third = (ticket for what, ticket in wall.came if what == "card")
    each = ((first, second, third), ("card", "call"))
    assert wall.came == [(what, ticket) for ticket in each[0] for what in each[1]]


async def test_a_call_does_not_wait_for_the_cards_of_others(database: Database, linked: str) -> None:
    wall = Wall()
    asks(database, "maya", this_moment())
    async with kept(database, wall):
        await until(lambda: cards_known(database) == len(wall.came) == 1)
    make_offers(database, this_moment())
    asks(database, "noor", this_moment())
    async with kept(database, wall):
        await until(lambda: len(wall.came) == 3)
    assert [what for what, _ in wall.came] == ["card", "call", "card"]


async def test_a_call_that_can_never_be_made_holds_up_no_other(database: Database, linked: str) -> None:
    wall = Wall()
    for name in ("maya", "noor"):
        asks(database, name, this_moment())
    async with kept(database, wall):
        await until(lambda: cards_known(database) == len(wall.came) == 2)
    make_offers(database, this_moment())
    wall.refuses = [DeliveryError("no such person", permanent=True)]
    async with kept(database, wall):
        await until(lambda: len(wall.came) == 4)
        asks(database, "otis", this_moment())
        await until(lambda: len(wall.came) == 5)
    assert [what for what, _ in wall.came[2:]] == ["call", "call", "card"]
    assert wall.came[2][1] != wall.came[3][1]


async def test_a_call_that_failed_by_the_way_is_made_again(database: Database, linked: str) -> None:
    wall = Wall()
    asks(database, "maya", this_moment())
    make_offers(database, this_moment())
    wall.refuses = [DeliveryError("no line")]
    async with kept(database, wall):
        await until(lambda: len(wall.came) == 3)
    assert [what for what, _ in wall.came] == ["card", "call", "call"]


async def test_a_call_that_crashed_holds_up_no_other_and_is_made_again(
    database: Database, linked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wall = Wall()
    for name in ("maya", "noor"):
        asks(database, name, this_moment())
    async with kept(database, wall):
        await until(lambda: cards_known(database) == len(wall.came) == 2)
    make_offers(database, this_moment())
    wall.refuses = [RuntimeError("a bug")]
    async with kept(database, wall):
        await until(lambda: len(wall.came) == 4)
        assert [what for what, _ in wall.came[2:]] == ["call", "call"]
        assert wall.came[2][1] != wall.came[3][1]
        monkeypatch.setattr(desk_calls, "LEASE", timedelta(0))
        await until(lambda: len(wall.came) == 5)
    assert wall.came[4] == wall.came[2]


def test_a_call_is_one_keepers_until_its_lease_ends_and_nobodys_once_it_was_made(
    database: Database, linked: str
) -> None:
    asks(database, "maya")
    spot = database.write_now(shown_card)
    make_offers(database, 1)
    call = database.write_now(desk_calls.take, CHAT, at(2))
    assert call is not None
    assert (call.agent, call.spot) == ("Ana", spot)
    lease = desk_calls.LEASE.total_seconds()
    assert database.write_now(desk_calls.take, CHAT, at(1 + lease)) is None
    assert not database.read_now(desk_calls.any_open, CHAT, at(1 + lease))
    assert database.write_now(desk_calls.take, CHAT, at(2 + lease)) == replace(call, begun=at(2 + lease))
    database.write_now(desk_calls.made, CHAT, call, at(3 + lease))
    assert database.write_now(desk_calls.take, CHAT, at(3 + 2 * lease)) is None


def test_a_call_is_put_back_by_nobody_but_whose_it_is(database: Database, linked: str) -> None:
    asks(database, "maya")
    database.write_now(shown_card)
    make_offers(database, 1)
    late = 2 + desk_calls.LEASE.total_seconds()
    slow, other = (database.write_now(desk_calls.take, CHAT, at(seconds)) for seconds in (2, late))
    assert slow is not None
    assert other is not None
    database.write_now(desk_calls.put_back, CHAT, slow)
    assert not database.read_now(desk_calls.any_open, CHAT, at(late + 1))
    database.write_now(desk_calls.put_back, CHAT, other)
    assert database.write_now(desk_calls.take, CHAT, at(late + 1)) == replace(other, begun=at(late + 1))


async def test_a_call_is_nobodys_while_the_chat_is_not_ready_for_it(database: Database, linked: str) -> None:
    wall = Wall()
    asks(database, "maya", this_moment())
    wall.takes_calls.clear()
    async with kept(database, wall):
        await until(lambda: cards_known(database) == 1)
        make_offers(database, this_moment())
        await asyncio.wait_for(wall.is_waited_for.wait(), PATIENCE_SECONDS)
        assert database.read_now(desk_calls.any_open, CHAT, datetime.now(UTC)), "another keeper may make it"
        let_offers_lapse(database, this_moment() + 3600)
        wall.takes_calls.set()
        asks(database, "noor", this_moment())
        await until(lambda: len(wall.came) == 2 and cards_known(database) == 2)
    assert [what for what, _ in wall.came] == ["card", "card"], "the offer was over when its turn came"


async def test_a_chat_that_wants_quiet_is_called_in_later(database: Database, linked: str) -> None:
    wall = Wall()
    asks(database, "maya", this_moment())
    make_offers(database, this_moment())
    wall.wants_quiet = [DeliveryError("too many requests", retry_after=1)]
    async with kept(database, wall):
        await until(lambda: len(wall.came) == 2)
    assert [what for what, _ in wall.came] == ["card", "call"]
    assert not wall.wants_quiet


def shown_card(session: Session) -> Spot:
    """The ticket's card is in the chat."""
    behind = desk_threads.take(session, CHAT, PLACE, NOON)
    assert behind is not None
    desk_threads.shown(session, CHAT, behind, Spot("1"))
    return Spot("1")
