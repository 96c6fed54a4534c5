"""The bot down, slow, broken or silent: the customer always hears something true, and is answered once it is back."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from datetime import timedelta
from unittest.mock import Mock

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from connectors.gateway import dispatcher
from connectors.gateway.rasa import Rasa
from handoff import figures, turn_leases, turns
from handoff.database import Database
from handoff.schema import Ticket
from tests.chat_client import chatting
from tests.fake_rasa import FakeRasa
from tests.running_gateway import PATIENCE_SECONDS, until


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same behaviour on a faster clock."""
    monkeypatch.setattr(dispatcher, "NOTICE_WITHIN", dispatcher.NOTICE_WITHIN / 20)
    monkeypatch.setattr(dispatcher, "PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(dispatcher, "LONGEST_RETRY", dispatcher.LONGEST_RETRY / 10)
    return iter([None])


class Patience:
    """How many seconds the gateway gives the bot, for each ask that begins from now on."""

    seconds = PATIENCE_SECONDS


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> Patience:
    """To be asked for before the gateway, which has its own otherwise."""
    patience = Patience()
    deadline = property(lambda _: patience.seconds, lambda *_: None)
    monkeypatch.setattr(Rasa, "deadline_seconds", deadline, raising=False)
    return patience


@pytest.mark.parametrize("mode", ["slow", "no_model"])
async def test_an_outage_is_told_once_and_answered_after_it(
    patience: Patience, gateway: str, rasa: FakeRasa, mode: str
) -> None:
    rasa.mode, patience.seconds = mode, 0.5
    async with chatting(gateway) as maya:
        await maya.say("where is my order")
        notice = await maya.hears("Your message is safe")
        assert [reply["title"] for reply in notice["quick_replies"]] == ["Talk to a person"]
        await maya.say("and the other one")
        tries = rasa.asked.total()
        await until(lambda: rasa.asked.total() > tries + 2)
        assert len(maya.heard) == 1
        rasa.mode, patience.seconds = "ok", PATIENCE_SECONDS
        await maya.hears("You said: and the other one")
        assert maya.texts[1:] == ["You said: where is my order", "You said: and the other one"]


async def test_rasa_gone_and_back(gateway: str, rasa: FakeRasa) -> None:
    await rasa.stop()
    async with chatting(gateway) as maya:
        await maya.say("hello")
        await maya.hears("Your message is safe")
        await rasa.start()
        await maya.hears("You said: hello")


async def test_whoever_writes_before_the_bot_is_there_is_answered_as_soon_as_it_is(
    gateway: str, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "_pause", lambda _turn: timedelta(hours=1))
    await rasa.stop()
    async with chatting(gateway) as maya, chatting(gateway) as omar:
        await maya.say("hello")
        await maya.hears("just starting up")
        await omar.say("good morning")
        await omar.hears("just starting up")
        await rasa.start()
        await maya.hears("You said: hello")
        await omar.hears("You said: good morning")


async def test_a_person_can_be_asked_for_while_the_bot_is_away(gateway: str, rasa: FakeRasa) -> None:
    rasa.mode = "no_model"
    async with chatting(gateway) as maya:
        await maya.say("where is my order")
        notice = await maya.hears("Your message is safe")
        await maya.say(notice["quick_replies"][0]["payload"])
        await maya.until(
            lambda chat: any((f["metadata"].get("handoff") or {}).get("state") == "queued" for f in chat.heard)
        )


async def test_asking_in_words_never_reaches_the_bot(gateway: str, rasa: FakeRasa) -> None:
    async with chatting(gateway) as maya:
        await maya.say("let me talk to a human")
        await maya.until(lambda chat: any("handoff" in frame["metadata"] for frame in chat.heard))
        assert not rasa.asked
        receipt = maya.heard[0]["metadata"]["handoff"]
        assert (receipt["state"], receipt["position"], receipt["reason"]) == ("queued", 1, "asked")


async def test_the_agent_reads_the_words_of_the_ask(gateway: str, database: Database) -> None:
    async with chatting(gateway) as maya:
        await maya.say("my lamp is broken, let me talk to a human")
        await maya.until(lambda chat: any("handoff" in frame["metadata"] for frame in chat.heard))
    ticket = database.read_now(lambda session: session.scalars(select(Ticket)).one())
    assert ticket.evidence == [{"kind": "asked", "text": "They wrote: “my lamp is broken, let me talk to a human”"}]


@pytest.mark.parametrize(
    ("words", "reason", "evidence"),
    [
        ("it burnt my hand, get me a person", "safety", ("harm", "Injury or danger")),
        ("my lawyer will hear of it, get me a person", "legal", ("law", "Speaks of the law")),
    ],
)
async def test_an_ask_that_tells_of_danger_or_the_law_is_urgent(
    gateway: str, database: Database, words: str, reason: str, evidence: tuple[str, str]
) -> None:
    async with chatting(gateway) as maya:
        await maya.say(words)
        await maya.until(lambda chat: any("handoff" in frame["metadata"] for frame in chat.heard))
        first = maya.heard[0]["text"]
    assert ("emergency number" in first) is (reason == "safety")
    ticket = database.read_now(lambda session: session.scalars(select(Ticket)).one())
    assert (ticket.reason, ticket.priority) == (reason, 2)
    kind, what = evidence
    assert ticket.evidence == [
        {"kind": kind, "text": f"{what}: “{words}”"},
        {"kind": "asked", "text": f"They wrote: “{words}”"},
    ]


async def test_a_bot_that_keeps_failing_hands_over_to_a_person(gateway: str, rasa: FakeRasa) -> None:
    rasa.mode = "fails"
    async with chatting(gateway) as maya:
        await maya.say("hello")
        await maya.until(lambda chat: any("handoff" in frame["metadata"] for frame in chat.heard))
        assert max(rasa.asked.values()) == dispatcher.FAILURES_BEFORE_PERSON
        assert maya.heard[-1]["metadata"]["handoff"]["reason"] == "bot_error"


async def test_what_a_late_bot_did_for_a_waiting_customer_is_heard(
    patience: Patience, gateway: str, rasa: FakeRasa
) -> None:
    async with chatting(gateway) as maya:
        await maya.say("let me talk to a human")
        await maya.hears("in line")
        rasa.mode, patience.seconds = "waits", 0.5
        await maya.say("yes, cancel it")
        await maya.hears("Fern can't answer just now, so I've kept that")
        patience.seconds = PATIENCE_SECONDS
        rasa.go_on()
        await maya.hears("You said: yes, cancel it")


async def test_a_question_in_the_queue_is_not_held_back_for_a_bot_that_stays_away(
    gateway: str, rasa: FakeRasa, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "OUTAGE_BEFORE_PERSON", timedelta(0))
    async with chatting(gateway) as maya:
        await maya.say("let me talk to a human")
        await maya.hears("in line")
        rasa.mode = "no_model"
        await maya.say("it is the blue one")
        await maya.hears("Fern can't answer just now, so I've kept that")
        await maya.until(lambda chat: (chat.states[-1]["handoff"] or {}).get("kept") == 1)
    assert database.read_now(figures.oldest_waiting) is None


async def test_a_bot_without_words_is_not_silence(gateway: str, rasa: FakeRasa) -> None:
    rasa.mode = "silent"
    async with chatting(gateway) as maya:
        await maya.say("hello")
        await maya.hears("talk to a person")


async def test_what_the_bot_says_before_it_escalates_is_heard_first(gateway: str) -> None:
    async with chatting(gateway) as maya:
        await maya.say("I am angry")
        await maya.until(lambda chat: len(chat.heard) == 2)
        assert maya.texts[0] == "That's fair."
        assert maya.heard[1]["metadata"]["handoff"]["reason"] == "frustrated"
        await maya.until(lambda chat: any(state["holder"] == "queue" for state in chat.states))


async def test_a_message_that_cannot_be_handled_is_handed_to_a_person(
    gateway: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "FAILURES_BEFORE_PERSON", 1)
    monkeypatch.setattr(turns, "answer", Mock(side_effect=ValueError("nobody thought of this")))
    async with chatting(gateway) as maya:
        await maya.say("hello")
        await maya.until(lambda chat: any("handoff" in frame["metadata"] for frame in chat.heard))
        assert maya.heard[-1]["metadata"]["handoff"]["reason"] == "bot_error"


@pytest.mark.parametrize("error", [RuntimeError("nobody thought of this"), OperationalError("", {}, Exception())])
async def test_turns_go_on_after_one_could_not_be_taken(
    gateway: str, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    take_some = turn_leases.take_some
    rasa.mode = "waits"
    async with chatting(gateway) as maya:
        await maya.say("hello")
        await rasa.first_ask.wait()
        await maya.say("and more")  # waits behind the other, whose end has it looked for
        monkeypatch.setattr(turn_leases, "take_some", Mock(side_effect=error))
        rasa.go_on()
        while turn_leases.take_some.call_count < 2:  # type: ignore[attr-defined]
            await asyncio.sleep(0.01)
        monkeypatch.setattr(turn_leases, "take_some", take_some)
        await maya.hears("You said: and more")


async def test_what_comes_during_a_turn_is_answered_right_after_it(
    gateway: str, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "POLL_SECONDS", 3600)
    async with chatting(gateway) as maya:
        for number in range(3):
            rasa.mode = "waits"
            await maya.say(f"first {number}")
            await rasa.first_ask.wait()
            await maya.say(f"second {number}")
            await maya.say(f"third {number}")
            rasa.go_on()
            await maya.hears(f"You said: third {number}")
        assert maya.texts == [
            f"You said: {word} {number}" for number in range(3) for word in ("first", "second", "third")
        ]


async def test_many_customers_at_once_are_all_answered_without_a_poll_and_no_more_at_a_time_than_may(
    gateway: str, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatcher, "POLL_SECONDS", 3600)
    monkeypatch.setattr(dispatcher, "TAKEN_AT_ONCE", 2)
    monkeypatch.setattr(dispatcher, "TURNS_AT_ONCE", 3)
    async with AsyncExitStack() as doors:
        chats = [await doors.enter_async_context(chatting(gateway)) for _ in range(10)]
        await asyncio.gather(*(chat.say("hello") for chat in chats))
        await asyncio.gather(*(chat.hears("You said: hello") for chat in chats))
    assert rasa.most_in_all <= 3
