"""Presence with several gateways side by side: who has a desk open at one of them is there, for all of them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from connectors.gateway.bus import Bus, Hint
from connectors.gateway.desk_connections import DeskConnection, DeskConnections
from connectors.gateway.presence import Presence
from handoff import agents
from handoff.database import Database
from tests.people import add_agent, present_ids

Changes = tuple[Bus, "asyncio.Queue[Hint]"]

SOON_SECONDS = 0.2
NEVER_SECONDS = 300.0
"""Longer than any test may take: no desk stops counting because the machine is slow."""


@dataclass
class Gateway:
    """What one gateway knows of its own desks."""

    presence: Presence
    connections: DeskConnections

    async def opens(self, agent_id: str) -> None:
        self.connections.add(DeskConnection("sid", agent_id, "Ana", "-"))
        await self.presence.refresh()

    def closes(self, agent_id: str) -> None:
        self.connections.remove("sid")
        self.presence.left(agent_id)


@asynccontextmanager
async def two_gateways(
    database: Database, bus: Bus, grace_seconds: float = SOON_SECONDS, second_counts_for_seconds: float = NEVER_SECONDS
) -> AsyncIterator[tuple[Gateway, Gateway]]:
    """On one database, each hearing the other's hints, as with Redis between them."""
    gateways = []
    for counts_for_seconds in (NEVER_SECONDS, second_counts_for_seconds):
        connections = DeskConnections()
        presence = Presence(database, bus, connections, grace_seconds, counts_for_seconds)
        await presence.start()
        gateways.append(Gateway(presence, connections))
    yield gateways[0], gateways[1]
    for gateway in gateways:
        await gateway.presence.stop()


async def patience_is_over(*gateways: Gateway) -> None:
    """The first look of each, which may come late, is behind us."""
    for gateway in gateways:
        await asyncio.gather(*gateway.presence._leaving)


@pytest.fixture
def changes() -> Changes:
    bus = Bus()
    hints: asyncio.Queue[Hint] = asyncio.Queue()
    bus.listen(hints.put_nowait)
    return bus, hints


async def wants_to_be_there(database: Database, for_hours: int = 0) -> str:
    ana = await database.write(add_agent, "Ana", present=False)
    await database.write(agents.set_present, ana, True, datetime.now(UTC) - timedelta(hours=for_hours))
    return ana


async def test_desks_that_close_after_the_gateway_has_stopped_ask_the_database_nothing(
    database: Database, changes: Changes
) -> None:
    bus, _ = changes
    ana = await wants_to_be_there(database)
    async with two_gateways(database, bus, NEVER_SECONDS) as (here, _there):
        await here.opens(ana)
        await here.presence.stop()
        here.closes(ana)
        bus.publish(Hint("agents", data={"agent_id": ana}))
        assert not here.presence._leaving


async def test_a_desk_open_at_one_gateway_counts_for_both(database: Database, changes: Changes) -> None:
    bus, hints = changes
    async with two_gateways(database, bus) as (here, there):
        await patience_is_over(here, there)
        ana = await wants_to_be_there(database)
        await there.opens(ana)
        bus.publish(Hint("agents", data={"agent_id": ana}))
        told = hints.qsize()
        for _ in range(5):
            await asyncio.sleep(SOON_SECONDS)
            await here.presence.refresh()
            await there.presence.refresh()
            assert await database.read(present_ids) == [ana]
        assert hints.qsize() == told, "nobody was told that Ana came or went"


async def test_the_last_desk_anywhere_decides(database: Database, changes: Changes) -> None:
    bus, hints = changes
    async with two_gateways(database, bus) as (here, there):
        await patience_is_over(here, there)
        ana = await wants_to_be_there(database)
        await here.opens(ana)
        await there.opens(ana)
        here.closes(ana)
        await asyncio.sleep(SOON_SECONDS * 2)
        assert await database.read(present_ids) == [ana]
        assert hints.empty()
        there.closes(ana)
        assert (await hints.get()).data == {"agent_id": ana}
        assert await database.read(present_ids) == []
        await here.opens(ana)
        assert await database.read(present_ids) == [ana]


async def test_a_gateway_that_died_does_not_keep_anybody_present(database: Database, changes: Changes) -> None:
    bus, _ = changes
    ana = await wants_to_be_there(database)
    async with two_gateways(database, bus, second_counts_for_seconds=SOON_SECONDS) as (here, there):
        await there.opens(ana)
        await there.presence.stop()  # and says no more
        await asyncio.sleep(SOON_SECONDS * 2)
        await here.presence.refresh()
        assert await database.read(present_ids) == []


async def test_a_new_gateway_gives_everybody_time_to_come_over(database: Database, changes: Changes) -> None:
    bus, _ = changes
    ana = await wants_to_be_there(database, for_hours=1)
    async with two_gateways(database, bus, grace_seconds=NEVER_SECONDS) as (here, _there):
        await here.presence.refresh()
        assert await database.read(present_ids) == [ana]


async def test_who_does_not_come_over_to_a_new_gateway_is_away(database: Database, changes: Changes) -> None:
    bus, hints = changes
    ana = await wants_to_be_there(database)
    async with two_gateways(database, bus):
        assert (await hints.get()).data == {"agent_id": ana}
        assert await database.read(present_ids) == []
