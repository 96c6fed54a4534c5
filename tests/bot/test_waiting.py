"""A customer who waits for a person: questions are answered, what they tell the person is left to the person."""

from action_server import Actions
from conftest import Bot

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
