"""The clock: offers are made when something happens, not when a timer comes round."""

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import structlog
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from connectors.gateway import clock
from connectors.gateway.bus import Bus, Hint
from connectors.gateway.clock import Clock
from handoff import agents, decisions, holder, offers, repeats
from handoff.database import Database
from handoff.schema import Conversation, Decision, Offer, Ticket
from tests.integration.handoff.queueing import asks, conversation, offer_states
from tests.people import NOON, add_agent
from tests.running_gateway import until


@pytest.fixture
async def bus(database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bus]:
    """A running clock whose poll never comes round: only hints move it."""
    monkeypatch.setattr(clock, "POLL_SECONDS", 3600)
    bus = Bus()
    running = Clock(database, bus)
    await running.start()
    yield bus
    await running.stop()


async def offered(database: Database, conversation_id: str, agent_id: str, state: str = "open") -> None:
    """Returns once the offer stands; the test's own time limit is the only clock here."""
    async with asyncio.timeout(60):
        while (agent_id, state) not in await asyncio.to_thread(offer_states, database, conversation_id):
            await asyncio.sleep(0.01)


async def test_a_handoff_is_offered_at_once(database: Database, bus: Bus) -> None:
    ana = database.write_now(add_agent, "Ana")
    maya = asks(database, "maya")
    bus.changed(maya)
    await offered(database, maya, ana)


async def test_coming_online_brings_the_first_in_line(database: Database, bus: Bus) -> None:
    ana = database.write_now(add_agent, "Ana", present=False)
    maya = asks(database, "maya")
    bus.changed(maya)
    database.write_now(agents.set_present, ana, True, NOON)
    bus.publish(Hint("agents", data={"agent_id": ana}))
    await offered(database, maya, ana)


async def test_a_place_that_gets_free_is_offered_at_once(database: Database, bus: Bus) -> None:
    ana = database.write_now(add_agent, "Ana", capacity=1)
    maya, omar = asks(database, "maya"), asks(database, "omar", 1)
    # Just now: the clock would take back a claim that nobody has answered for long.
    now = datetime.now(UTC)
    database.write_now(holder.claim, maya, ana, now)
    bus.changed(maya)
    database.write_now(holder.resolve, maya, ana, conversation(database, maya).epoch, None, now)
    bus.changed(maya)
    await offered(database, omar, ana)


async def test_an_offer_nobody_took_goes_to_the_next_agent(database: Database, bus: Bus) -> None:
    ana = database.write_now(add_agent, "Ana")
    maya = asks(database, "maya")
    bus.changed(maya)
    await offered(database, maya, ana)
    ben = database.write_now(add_agent, "Ben")
    database.write_now(lambda s: [setattr(offer, "until", NOON) for offer in s.query(Offer)])
    bus.changed(maya)
    await offered(database, maya, ben)
    await offered(database, maya, ana, "ignored")


async def test_a_claim_without_a_word_is_taken_back(database: Database, bus: Bus) -> None:
    ana = database.write_now(add_agent, "Ana")
    maya = asks(database, "maya")
    database.write_now(holder.claim, maya, ana, datetime.now(UTC) - holder.FIRST_REPLY_WITHIN - timedelta(seconds=1))
    bus.changed(maya)
    await offered(database, maya, ana)
    assert conversation(database, maya).holder == "queue"


async def test_what_channels_told_long_ago_is_forgotten(database: Database, bus: Bus) -> None:
    now = datetime.now(UTC)
    old, fresh = now - repeats.KEPT_FOR - timedelta(hours=1), now
    for key, told_at in (("old", old), ("fresh", fresh)):
        assert database.write_now(repeats.first_time, "slack", key, told_at)
    running = Clock(database, Bus())
    await running.start()
    async with asyncio.timeout(60):
        while not await database.write(repeats.first_time, "slack", "old", now):
            await asyncio.sleep(0.01)
    await running.stop()
    assert not database.write_now(repeats.first_time, "slack", "fresh", now)


async def test_decisions_that_are_too_old_are_forgotten_however_many_they_are(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decisions, "FORGOTTEN_AT_ONCE", 2)
    maya = asks(database, "maya")
    old = datetime.now(UTC) - decisions.KEPT_FOR - timedelta(hours=1)

    def decide(session: Session) -> None:
        conversation, asked = session.get_one(Conversation, maya), session.scalars(select(Ticket)).one()
        for seq in range(1, 6):
            decisions.record_ask(session, conversation, seq, asked, old)

    def left(session: Session) -> int:
        return session.scalar(select(func.count()).select_from(Decision).where(Decision.at < old + timedelta(1))) or 0

    database.write_now(decide)
    assert database.read_now(left) == 5
    running = Clock(database, Bus())
    await running.start()
    async with asyncio.timeout(60):
        while await database.read(left):
            await asyncio.sleep(0.01)
    await running.stop()


async def test_a_database_that_fails_once_does_not_stop_the_clock(
    database: Database, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = database.write_now(add_agent, "Ana")
    maya = asks(database, "maya")
    looked = threading.Event()

    def fails(_session: Session) -> bool:
        looked.set()
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(offers, "may_make", fails)
        bus.changed(maya)
        await until(looked.is_set)
    bus.changed(maya)
    await offered(database, maya, ana)


def rename_a_column(session: Session) -> None:
    session.execute(text("ALTER TABLE offer RENAME COLUMN until TO till"))


async def test_a_database_of_another_version_is_named_in_the_log(
    database: Database, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    with structlog.testing.capture_logs() as lines:
        database.write_now(rename_a_column)
        maya = asks(database, "maya")
        bus.changed(maya)
        async with asyncio.timeout(60):
            while not (failed := [line for line in lines if line["event"] == "database_failed"]):
                await asyncio.sleep(0.01)
    assert failed[0]["doing"] == "withdraw_offers"
    assert "until" in failed[0]["error"]
    assert "column" in failed[0]["error"]
