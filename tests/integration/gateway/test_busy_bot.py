"""A bot with more to do than it can: it holds up nobody who asks for a person, and nobody's honest notice."""

import asyncio
from dataclasses import replace

import pytest

from connectors.gateway import rasa as rasa_client
from connectors.gateway.rasa import BotUnavailable, Rasa
from connectors.gateway.settings import Settings
from handoff.database import Database
from tests.chat_client import chatting
from tests.fake_rasa import TOKEN, FakeRasa
from tests.people import take, write_in


@pytest.fixture
def settings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """One place at Rasa, and a deadline that no test would sit out."""
    monkeypatch.setattr(rasa_client, "ASKS_AT_ONCE", 1)
    return settings.model_copy(update={"bot_deadline_seconds": 60.0})


async def test_whoever_asks_for_a_person_waits_for_no_place_at_the_bot(gateway: str, rasa: FakeRasa) -> None:
    rasa.mode = "waits"
    async with chatting(gateway) as maya, chatting(gateway) as omar:
        await maya.say("where is my order")
        await rasa.first_ask.wait()
        await omar.say("let me talk to a human")
        await omar.until(lambda chat: any("handoff" in frame["metadata"] for frame in chat.heard))
        rasa.go_on()


async def test_waiting_for_a_place_counts_towards_the_deadline(
    settings: Settings, rasa: FakeRasa, database: Database
) -> None:
    rasa.mode = "slow"
    write_in(database, "where is my order", "m1")
    turn = take(database)
    client = Rasa([rasa.url], TOKEN, settings.bot_deadline_seconds)
    await client.start()
    first = asyncio.create_task(client.ask(turn))
    await rasa.first_ask.wait()
    client.deadline_seconds = 0.1
    with pytest.raises(BotUnavailable):
        await client.ask(replace(turn, seq=2))
    assert len(rasa.asked) == 1
    first.cancel()
    await asyncio.wait([first])
    await client.stop()


async def test_all_addresses_share_one_deadline(rasa: FakeRasa, database: Database) -> None:
    rasa.mode = "hangs_up"
    write_in(database, "where is my order", "m1")
    client = Rasa([rasa.url] * 20, TOKEN, 0.5)
    await client.start()
    with pytest.raises(BotUnavailable):
        await client.ask(take(database))
    assert rasa.asked.total() < 20
    await client.stop()
