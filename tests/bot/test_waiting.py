"""A customer who waits for a person: questions are answered, what they tell the person is left to the person."""

import pytest
from action_server import Actions
from conftest import Bot
from rasa.shared.core.events import ActiveLoop, SlotSet
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.waiting import left_off

WAITING = {"channel": "web", "waiting": True}


async def test_a_question_is_answered(bot: Bot, actions: Actions) -> None:
    assert await bot.says(text="is there a warranty", metadata=WAITING)
    assert await bot.says(text="where is my parcel", metadata=WAITING)
    assert [name for name, _ in actions.runs] == ["action_track"]


async def test_what_is_no_question_is_understood_and_nothing_is_begun(bot: Bot, actions: Actions) -> None:
    status, answer = await bot.turn(text="take your time", metadata=WAITING)
    assert (status, answer["parts"]) == (200, [])
    assert answer["understanding"]["intent"]["name"] == "dawdle"
    assert actions.runs == []
    assert await bot.says(text="hello") == ["Hello, I am the test bot."], (
        "and the talk goes on when they no longer wait"
    )


async def test_the_same_silent_message_again_is_the_same_turn(bot: Bot) -> None:
    first = await bot.turn(message_id="m_1", text="take your time", metadata=WAITING)
    events = len(await bot.events())
    assert await bot.turn(message_id="m_1", text="take your time", metadata=WAITING) == first
    assert len(await bot.events()) == events


@pytest.mark.parametrize(
    ("task", "put_off", "left"),
    [
        ("cancel_order", None, [None, None]),
        ("track_order", "cancel_order", ["track_order", None]),
        ("cancel_order", "return_item", [None, None]),
        ("track_order", "get_invoice", ["track_order", "get_invoice"]),
    ],
)
def test_whoever_waits_is_not_asked_about_a_task_even_one_that_was_put_off(
    task: str, put_off: str | None, left: list[str | None]
) -> None:
    slots = [AnySlot(name, mappings=[{"type": "custom"}]) for name in ("task", "_paused_task", "requested_slot")]
    tracker = DialogueStateTracker("c_maya.1", slots)
    paused = {"task": put_off, "order_number": "FD-10457"} if put_off else None
    tracker.update_with_events([ActiveLoop("order_form"), SlotSet("task", task), SlotSet("_paused_task", paused)], None)
    assert left_off({"channel": "web"}, tracker) == []

    tracker.update_with_events(left_off(WAITING, tracker), None)

    assert [tracker.get_slot("task"), (tracker.get_slot("_paused_task") or {}).get("task")] == left
    assert (tracker.active_loop_name is None) == (left[0] is None)
