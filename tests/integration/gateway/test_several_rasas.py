"""Several Rasa processes behind one gateway: conversations spread over them, and each goes on when one of them dies."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from connectors.gateway.rasa import BotUnavailable, Rasa
from handoff.database import Database
from handoff.turn_leases import Turn
from tests.fake_rasa import TOKEN, FakeRasa
from tests.people import take, write_in

CONVERSATIONS = "abcdefghij"


@pytest.fixture
async def rasas() -> AsyncIterator[list[FakeRasa]]:
    started = [FakeRasa(), FakeRasa()]
    for one in started:
        await one.start()
    yield started
    for one in started:
        await one.stop()


@pytest.fixture
async def client(rasas: list[FakeRasa]) -> AsyncIterator[Rasa]:
    started = Rasa([one.url for one in rasas], TOKEN, deadline_seconds=60.0)
    await started.start()
    yield started
    await started.stop()


@pytest.fixture
def turns(database: Database) -> list[Turn]:
    """The first message of each of several conversations."""
    write_in(database, "where is my order", "m1")
    first = take(database)
    return [replace(first, conversation_id=name) for name in CONVERSATIONS]


async def test_conversations_spread_and_each_keeps_to_its_process(
    client: Rasa, rasas: list[FakeRasa], turns: list[Turn]
) -> None:
    for turn in turns:
        await client.ask(turn)
        await client.ask(replace(turn, seq=turn.seq + 1))
    # Always the same ones, whichever gateway asks.
    assert [set(one.in_flight) for one in rasas] == [{f"{name}.1" for name in names} for names in ("defg", "abchij")]


async def test_a_dead_process_is_stood_in_for(client: Rasa, rasas: list[FakeRasa], turns: list[Turn]) -> None:
    await rasas[0].stop()
    for turn in turns:
        assert (await client.ask(turn)).parts
    assert sum(rasas[1].asked.values()) == len(turns)


async def test_a_sick_process_does_not_hold_its_conversations(
    client: Rasa, rasas: list[FakeRasa], turns: list[Turn]
) -> None:
    rasas[0].mode = "no_model"
    for turn in turns:
        try:
            await client.ask(turn)
        except BotUnavailable:
            await client.ask(replace(turn, attempts=turn.attempts + 1))
    assert sum(rasas[1].asked.values()) == len(turns)
