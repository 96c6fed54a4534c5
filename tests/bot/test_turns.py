"""The same message never has two turns, and a failed turn leaves nothing behind."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from action_server import Actions
from conftest import Bot, running_bot
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot import turns
from bot.tracker_store import StrictTrackerStore, _append, events_table


async def test_the_same_message_again_gives_the_same_answer_and_runs_nothing(bot: Bot, actions: Actions) -> None:
    first = await bot.turn(message_id="m_1", text="where is my parcel")
    events = len(await bot.events())

    assert await bot.turn(message_id="m_1", text="where is my parcel") == first
    assert len(await bot.events()) == events
    assert actions.runs == [("action_track", "m_1")]


async def test_the_same_message_joins_a_turn_in_flight(bot: Bot, actions: Actions) -> None:
    asked = [asyncio.create_task(bot.turn(message_id="m_1", text="take your time")) for _ in range(5)]
    while not actions.runs:
        await asyncio.sleep(0.01)
    actions.finish.set()
    answers = await asyncio.gather(*asked)

    assert all(answer == answers[0] for answer in answers)
    assert actions.runs == [("action_dawdle", "m_1")]


async def test_after_a_restart_an_old_turn_is_read_back_word_for_word(
    start_bot: Callable[[], Any], actions: Actions
) -> None:
    async with start_bot() as bot:
        first = await bot.turn(message_id="m_1", text="where is my parcel")
        await bot.turn(message_id="m_2", text="hello")
    async with start_bot() as bot:
        assert await bot.turn(message_id="m_1", text="where is my parcel") == first
    assert actions.runs == [("action_track", "m_1")]


async def test_slots_read_back_are_those_of_the_turn_not_todays(start_bot: Callable[[], Any]) -> None:
    async with start_bot() as bot:
        await bot.turn(message_id="m_1", text="hello")
        await bot.turn(message_id="m_2", text="where is my parcel")
    async with start_bot() as bot:
        _, answer = await bot.turn(message_id="m_1", text="hello")
    assert answer["slots"] == {}


async def test_two_senders_may_use_the_same_message_id(bot: Bot, actions: Actions) -> None:
    await bot.turn(sender_id="c_maya.1", message_id="m_1", text="where is my parcel")
    await bot.turn(sender_id="c_omar.1", message_id="m_1", text="where is my parcel")

    assert len(actions.runs) == 2


async def test_turns_of_one_sender_wait_for_each_other_and_others_do_not(bot: Bot, actions: Actions) -> None:
    slow = asyncio.create_task(bot.turn(message_id="m_1", text="take your time"))
    while not actions.runs:
        await asyncio.sleep(0.01)
    next_one = asyncio.create_task(bot.turn(message_id="m_2", text="where is my parcel"))
    assert await bot.says(sender_id="c_omar.1", text="hello") == ["Hello, I am the test bot."]
    assert not next_one.done()
    actions.finish.set()

    await asyncio.gather(slow, next_one)
    assert actions.runs == [("action_dawdle", "m_1"), ("action_track", "m_2")]
    said = [event.message_id for event in await bot.events() if event.type_name == "user"]
    assert said == ["m_1", "m_2"]


async def test_what_is_remembered_stays_small(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "REMEMBERED_TURNS", 2)
    answers = [await bot.turn(message_id=f"m_{n}", text="hello") for n in range(4)]

    assert [await bot.turn(message_id=f"m_{n}", text="hello") for n in range(4)] == answers
    said = [event.message_id for event in await bot.events() if event.type_name == "user"]
    assert said == ["m_0", "m_1", "m_2", "m_3"]


@pytest.mark.parametrize("text", ["crash please", "my size is medium"])
async def test_a_crashing_action_fails_the_turn_and_saves_nothing(bot: Bot, actions: Actions, text: str) -> None:
    actions.crashing = True
    status, answer = await bot.turn(message_id="m_1", text=text)
    assert status == 500
    assert "action_" in answer["error"]
    assert await bot.events() == []

    actions.crashing = False
    status, _ = await bot.turn(message_id="m_1", text=text)
    assert status == 200
    assert [message_id for _, message_id in actions.runs] == ["m_1", "m_1"]


@pytest.fixture
def impatient(environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """To be asked for before the bot, which reads it when it starts."""
    monkeypatch.setenv("BOT_ACTION_TIMEOUT", "1")


async def test_an_action_that_takes_too_long_fails_the_turn(impatient: None, bot: Bot) -> None:
    status, answer = await bot.turn(text="take your time")

    assert (status, await bot.events()) == (500, [])
    assert "longer than 1 s" in answer["error"]


async def test_an_action_server_that_is_down_puts_off_only_turns_that_need_it(fixture_model: str) -> None:
    async with running_bot(fixture_model, action_url="http://127.0.0.1:1/webhook") as bot:
        status, answer = await bot.turn(text="where is my parcel")
        assert (status, await bot.events()) == (503, [])
        assert "nobody answers" in answer["error"]
        status, _ = await bot.turn(text="my size is medium")
        assert status == 503
        assert await bot.says(text="hello") == ["Hello, I am the test bot."]


async def test_a_store_that_cannot_be_read_fails_the_turn_instead_of_forgetting_the_customer(bot: Bot) -> None:
    await bot.turn(message_id="m_1", text="where is my parcel")
    store = bot.app.ctx.agent.tracker_store
    with store.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE bot_events RENAME TO hidden"))
    status, answer = await bot.turn(message_id="m_2", text="hello")
    assert status == 500
    assert answer["error"]

    with store.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE hidden RENAME TO bot_events"))
    _, answer = await bot.turn(message_id="m_2", text="hello")
    assert answer["slots"] == {"order_number": "FD-10412"}


async def test_a_turn_saved_by_another_process_meanwhile_is_not_saved_twice(bot: Bot, actions: Actions) -> None:
    slow = asyncio.create_task(bot.turn(message_id="m_1", text="take your time"))
    while not actions.runs:
        await asyncio.sleep(0.01)
    went_on_elsewhere(bot, "m_1", events=1)
    actions.finish.set()

    status, _ = await slow
    assert status == 500
    status, answer = await bot.turn(message_id="m_1", text="take your time")
    assert answer["understanding"]["intent"]["name"] == "greet"


async def test_of_two_processes_on_one_slow_turn_only_the_first_to_end_is_heard(bot: Bot, actions: Actions) -> None:
    slow = asyncio.create_task(bot.turn(message_id="m_1", text="take your time"))
    while not actions.runs:
        await asyncio.sleep(0.01)
    went_on_elsewhere(bot, "m_1", events=20)
    actions.finish.set()

    status, _ = await slow
    assert status == 500
    assert [event.type_name for event in await bot.events()] == ["user"] + ["slot"] * 19


async def test_nothing_comes_between_the_check_of_the_last_row_and_the_saving(bot: Bot) -> None:
    await bot.turn(message_id="m_1", text="hello")
    engine = bot.app.ctx.agent.tracker_store.engine
    impatient = sa.create_engine(engine.url, connect_args={"timeout": 0})
    with engine.begin() as ours, impatient.connect() as theirs:
        last = ours.scalar(sa.select(sa.func.max(events_table.c.id)))
        _append(ours, "c_maya.1", [], last)
        with pytest.raises(sa.exc.OperationalError, match="locked"):
            _append(theirs, "c_maya.1", [SlotSet("order_number", "FD-10412")], last)


async def test_a_conversation_that_went_on_elsewhere_is_read_anew(bot: Bot) -> None:
    await bot.turn(message_id="m_1", text="hello")
    went_on_elsewhere(bot, "m_2", events=2)
    _, answer = await bot.turn(message_id="m_3", text="hello")

    assert answer["slots"] == {"order_number": "FD-10412"}
    said = [event.message_id for event in await bot.events() if event.type_name == "user"]
    assert said == ["m_1", "m_2", "m_3"]


async def test_an_erased_conversation_is_not_remembered(bot: Bot) -> None:
    await bot.turn(message_id="m_1", text="where is my parcel")
    with bot.app.ctx.agent.tracker_store.engine.begin() as connection:
        connection.execute(sa.delete(events_table))
    _, answer = await bot.turn(message_id="m_2", text="hello")
    assert answer["slots"] == {}


async def test_a_failed_turn_is_not_remembered_in_memory(bot: Bot, actions: Actions) -> None:
    await bot.turn(message_id="m_1", text="hello")
    actions.crashing = True
    status, _ = await bot.turn(message_id="m_2", text="where is my parcel")
    actions.crashing = False
    _, answer = await bot.turn(message_id="m_3", text="hello")

    assert (status, answer["slots"]) == (500, {})
    said = [event.message_id for event in await bot.events() if event.type_name == "user"]
    assert said == ["m_1", "m_3"]


def went_on_elsewhere(bot: Bot, message_id: str, events: int) -> None:
    """Maya's message was answered by another process: a first row and as many more, which fill a slot."""
    first = {"message_id": message_id, "type_name": "user", "data": HELLO.replace("m_1", message_id)}
    more = {"message_id": None, "type_name": "slot", "data": NUMBER}
    rows = [{"sender_id": "c_maya.1", "timestamp": 1.0, **row} for row in [first, *[more] * (events - 1)]]
    with bot.app.ctx.agent.tracker_store.engine.begin() as connection:
        connection.execute(sa.insert(events_table), rows)


HELLO = """{"event": "user", "text": "hello", "message_id": "m_1", "timestamp": 1.0,
"parse_data": {"intent": {"name": "greet", "confidence": 0.9}, "entities": [], "text": "hello"}}"""
NUMBER = """{"event": "slot", "timestamp": 1.0, "name": "order_number", "value": "FD-10412"}"""


async def test_the_first_turns_of_all_may_come_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        monkeypatch.setenv("BOT_DATABASE_URL", f"sqlite:///{tmp_path / f'new{number}.db'}")
        stores = [StrictTrackerStore(Domain.empty()) for _ in range(2)]
        opening = [store.open_turn(f"c_{one}.1", "m_1") for store in stores for one in range(4)]
        assert all(isinstance(opened, DialogueStateTracker) for opened in await asyncio.gather(*opening))
