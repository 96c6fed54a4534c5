"""After an erasure nothing of the conversation is left in the bot's memory."""

from typing import Any

import pytest
from conftest import HEADERS, Bot


async def forget(bot: Bot, **body: Any) -> int:
    async with bot.http.post(f"{bot.url}/forget", json=body, headers=HEADERS) as response:
        return response.status


async def test_what_was_erased_is_let_go_and_other_conversations_are_kept(bot: Bot) -> None:
    await bot.says(text="hello", sender_id="c_maya.1", message_id="m_maya")
    await bot.says(text="hello", sender_id="c_omar.1", message_id="m_omar")
    kept = bot.app.ctx.agent.tracker_store._kept
    assert set(kept) == {"c_maya.1", "c_omar.1"}
    assert await forget(bot, sender_ids=["c_maya.1", "c_maya.2"]) == 204
    assert set(kept) == {"c_omar.1"}


async def test_an_erased_turn_is_not_answered_from_memory(bot: Bot) -> None:
    await bot.says(text="hello", message_id="m_erased")
    store = bot.app.ctx.agent.tracker_store
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM bot_events")
    assert await forget(bot, sender_ids=["c_maya.1"]) == 204
    await bot.says(text="hello", message_id="m_erased")
    assert await bot.events() != []


@pytest.mark.parametrize("body", [{}, {"sender_ids": []}, {"sender_ids": "c_maya.1"}])
async def test_a_malformed_request_is_refused(bot: Bot, body: dict[str, object]) -> None:
    assert await forget(bot, **body) == 422


async def test_without_the_token_nothing_is_forgotten(bot: Bot) -> None:
    async with bot.http.post(f"{bot.url}/forget", json={"sender_ids": ["c_maya.1"]}) as response:
        assert response.status == 401
