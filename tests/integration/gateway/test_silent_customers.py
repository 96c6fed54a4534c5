"""What the bot could not do must not be held against a customer who wrote nothing, nor be told to them."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from connectors.gateway import dispatcher
from connectors.gateway import rasa as rasa_client
from handoff import holder, turn_leases, turns
from handoff.database import Database
from handoff.schema import Conversation, InboxItem, Ticket
from tests.chat_client import Chat, chatting
from tests.fake_rasa import FakeRasa
from tests.people import add_agent


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same behaviour on a faster clock."""
    monkeypatch.setattr(dispatcher, "NOTICE_WITHIN", dispatcher.NOTICE_WITHIN / 20)
    monkeypatch.setattr(dispatcher, "PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(dispatcher, "LONGEST_RETRY", dispatcher.LONGEST_RETRY / 50)
    return iter([None])


def conversation(session: Session) -> Conversation:
    return session.scalars(select(Conversation)).one()


async def is_handed_back(maya: Chat, database: Database, rasa: FakeRasa, mode: str) -> None:
    """Ana has helped Maya and hands back to a bot that is in ``mode``."""
    await maya.say("let me talk to a human")
    await maya.hears("next")
    rasa.mode = mode
    now = datetime.now(UTC)
    ana = database.write_now(add_agent, "Ana", False)
    held = database.write_now(holder.claim, database.read_now(conversation).id, ana, now)
    database.write_now(holder.hand_back, held.id, ana, held.epoch, "Sent a new lamp.", now)
    await maya.hears("Ana has left the chat")


def outcomes(session: Session) -> list[str | None]:
    return list(session.scalars(select(InboxItem.outcome).order_by(InboxItem.id)))


@pytest.mark.parametrize("mode", ["fails", "no_model"])
async def test_a_hand_back_to_a_bot_that_is_down_queues_nobody(
    gateway: str, rasa: FakeRasa, database: Database, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    monkeypatch.setattr(dispatcher, "OUTAGE_BEFORE_PERSON", timedelta(seconds=1))
    async with chatting(gateway) as maya:
        await is_handed_back(maya, database, rasa, mode)
        await comes_true(lambda: database.read_now(outcomes)[-1] is not None)
        assert database.read_now(outcomes)[-1] == "given_up"
        assert database.read_now(conversation).holder == "bot"
        assert not [text for text in maya.texts if "Your message is safe" in text]
        assert len(database.read_now(lambda session: session.scalars(select(Ticket)).all())) == 1


async def comes_true(check: Callable[[], object]) -> None:
    """What is said to nobody has to be looked for."""
    async with asyncio.timeout(60):
        while not check():
            await asyncio.sleep(0.02)


async def test_a_customer_who_writes_behind_it_hears_of_the_outage_and_is_answered_knowing_the_note(
    gateway: str, rasa: FakeRasa, database: Database
) -> None:
    async with chatting(gateway) as maya:
        await is_handed_back(maya, database, rasa, "no_model")
        await maya.say("thank you")
        await maya.hears("Your message is safe")
        rasa.mode = "ok"
        await maya.hears("You said: thank you")
        assert "Sent a new lamp." in maya.texts[-2]


async def test_the_first_customer_hears_that_the_bot_is_starting(gateway: str, rasa: FakeRasa) -> None:
    rasa.mode = "no_model"
    async with chatting(gateway) as maya:
        await maya.say("where is my order")
        notice = await maya.hears("Fern is just starting up")
        assert [reply["title"] for reply in notice["quick_replies"]] == ["Talk to a person"]
        rasa.mode = "ok"
        await maya.hears("You said: where is my order")


async def test_a_bot_that_has_been_there_is_not_starting(
    gateway: str, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with chatting(gateway) as maya:
        await maya.say("hello")
        await maya.hears("You said: hello")
        rasa.mode = "no_model"
        await maya.say("where is my order")
        await maya.hears("Fern is taking longer")


async def test_a_bot_that_does_not_come_up_is_not_starting_for_ever(
    gateway: str, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rasa_client, "STARTING_SECONDS", 0.0)
    rasa.mode = "no_model"
    async with chatting(gateway) as maya:
        await maya.say("where is my order")
        await maya.hears("Fern is taking longer")


async def test_being_away_is_not_counted_as_failing(gateway: str, rasa: FakeRasa, database: Database) -> None:
    def is_put_off_often(session: Session) -> bool:
        return (session.scalars(select(InboxItem.attempts)).one() or 0) > dispatcher.FAILURES_BEFORE_PERSON

    rasa.mode = "no_model"
    async with chatting(gateway) as maya:
        await maya.say("where is my order")
        await comes_true(lambda: database.read_now(is_put_off_often))
        rasa.mode = "fails"
        await maya.until(lambda chat: any("handoff" in frame["metadata"] for frame in chat.heard))
        failures = database.read_now(lambda session: session.scalars(select(InboxItem.failures)).one())
        assert failures == dispatcher.FAILURES_BEFORE_PERSON - 1, "the last one hands over"


async def test_a_database_error_at_the_end_of_a_turn_does_not_hold_the_next_try(
    gateway: str, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turn_leases, "LEASE", timedelta(hours=1))
    answer, ends = turns.answer, iter([OperationalError("", {}, Exception())])

    def end(*args: Any) -> bool:
        for error in ends:
            raise error
        return answer(*args)

    monkeypatch.setattr(turns, "answer", end)
    async with chatting(gateway) as maya:
        await maya.say("hello")
        await maya.hears("You said: hello")
