"""While the action server is away the bot goes on with everything it can do by itself."""

from collections.abc import AsyncIterator

import pytest
from action_server import Actions
from conftest import Bot, running_bot


@pytest.fixture
async def lonely_bot(fixture_model: str) -> AsyncIterator[Bot]:
    async with running_bot(fixture_model, "http://127.0.0.1:1/webhook") as running:
        yield running


async def test_small_talk_and_questions_are_answered(lonely_bot: Bot) -> None:
    assert await lonely_bot.says(text="hello") == ["Hello, I am the test bot."]
    assert await lonely_bot.says(text="how many years of guarantee") == ["Two years."]


async def test_what_needs_the_shop_is_put_off(lonely_bot: Bot) -> None:
    status, answer = await lonely_bot.turn(text="where is my parcel")
    assert status == 503
    assert "nobody answers" in answer["error"]


async def test_a_message_for_a_person_is_never_answered_by_the_bot_instead(lonely_bot: Bot) -> None:
    status, _ = await lonely_bot.turn(text="hello, your lamp caught fire")
    assert status == 503


async def test_an_ordinary_turn_asks_the_action_server_nothing(bot: Bot, actions: Actions) -> None:
    await bot.says(text="hello")
    await bot.says(text="how many years of guarantee")
    assert actions.runs == []
