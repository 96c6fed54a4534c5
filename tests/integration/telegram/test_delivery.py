"""Telegram slow, busy, broken or deaf: what is sent arrives, in order, and never more often than can be told."""

import asyncio

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handoff.database import Database
from handoff.schema import OutboxItem
from tests.fake_rasa import FakeRasa
from tests.fakes.telegram_server import FakeTelegram, bring

MAYA, OMAR = 4711, 4712


def outbox(session: Session) -> list[OutboxItem]:
    return list(session.scalars(select(OutboxItem).order_by(OutboxItem.id)))


async def test_a_long_reply_arrives_whole_in_parts_cut_after_sentences(gateway: str, telegram: FakeTelegram) -> None:
    text = " ".join(f"Sentence number {number} is here." for number in range(250))[:4000]
    await bring(gateway, telegram.text(MAYA, text))
    await telegram.until(lambda: " ".join(telegram.texts(MAYA)).endswith(text[-40:]))
    assert all(part.endswith(".") for part in telegram.texts(MAYA)[:-1])


async def test_flood_control_is_obeyed_and_hurts_nobody_else(gateway: str, telegram: FakeTelegram) -> None:
    await bring(gateway, telegram.text(MAYA, "hello"))
    await telegram.shows(MAYA, "You said: hello")
    telegram.mode, telegram.retry_after = "flood", 3600
    await bring(gateway, telegram.text(MAYA, "again"))
    await telegram.until(lambda: telegram.refused)
    telegram.mode = "ok"
    await bring(gateway, telegram.text(MAYA, "and again"))
    await bring(gateway, telegram.text(OMAR, "hello"))
    await telegram.shows(OMAR, "You said: hello")
    assert telegram.texts(MAYA) == ["You said: hello"]
    assert telegram.early == 0


async def test_what_flood_control_held_up_comes_when_the_wait_is_over(gateway: str, telegram: FakeTelegram) -> None:
    telegram.mode = "flood"
    await bring(gateway, telegram.text(MAYA, "hello"))
    await telegram.until(lambda: telegram.refused)
    telegram.mode = "ok"
    await telegram.shows(MAYA, "You said: hello")
    assert telegram.early == 0


async def test_under_a_flood_nothing_is_lost_doubled_or_early_and_spared_chats_are_served_at_once(
    gateway: str, telegram: FakeTelegram
) -> None:
    hit, spared = range(100, 104), range(200, 204)
    telegram.mode, telegram.flooded = "flood", set(hit)
    for number in range(3):
        for chat_id in (*hit, *spared):
            await bring(gateway, telegram.text(chat_id, f"message {number}"))
    await telegram.until(lambda: all(len(telegram.chats[chat_id]) == 3 for chat_id in spared))
    assert not any(telegram.chats[chat_id] for chat_id in hit)
    telegram.flood_share = 0.5
    await telegram.until(lambda: all(len(telegram.chats[chat_id]) == 3 for chat_id in hit), seconds=150)
    await asyncio.sleep(telegram.retry_after + 0.5)  # a double would come now
    for chat_id in (*hit, *spared):
        assert telegram.texts(chat_id) == [f"You said: message {number}" for number in range(3)]
    assert telegram.refused >= len(hit)
    assert telegram.early == 0


@pytest.mark.usefixtures("database_url")
async def test_an_answer_that_was_lost_is_sent_again_and_flagged(
    gateway: str, telegram: FakeTelegram, database: Database
) -> None:
    telegram.mode = "accept_then_drop"
    await bring(gateway, telegram.text(MAYA, "hello"))
    await telegram.until(lambda: len(telegram.chats[MAYA]) == 1)
    telegram.mode = "ok"
    await telegram.until(lambda: len(telegram.chats[MAYA]) == 2)
    await telegram.until(lambda: database.read_now(outbox)[0].state == "sent")
    assert database.read_now(outbox)[0].ambiguous


async def test_a_refused_connection_is_tried_again_and_not_flagged(
    gateway: str, telegram: FakeTelegram, database: Database, rasa: FakeRasa
) -> None:
    telegram.mode = "broken"
    await bring(gateway, telegram.text(MAYA, "hello"))
    await telegram.until(lambda: telegram.calls["sendMessage"])
    telegram.mode = "ok"
    await telegram.shows(MAYA, "You said: hello")
    await telegram.until(lambda: database.read_now(outbox)[0].state == "sent")
    assert not database.read_now(outbox)[0].ambiguous
    assert sum(rasa.asked.values()) == 1


async def test_a_customer_who_blocked_us_is_a_dead_letter(
    gateway: str, telegram: FakeTelegram, database: Database
) -> None:
    telegram.blocked.add(MAYA)
    await bring(gateway, telegram.text(MAYA, "hello"))
    await telegram.until(lambda: [item.state for item in database.read_now(outbox)] == ["dead"])
    assert "blocked" in str(database.read_now(outbox)[0].error)


@pytest.mark.usefixtures("database_url")
async def test_the_place_in_the_queue_is_one_message_edited(gateway: str, telegram: FakeTelegram) -> None:
    await bring(gateway, telegram.text(OMAR, "/human"))
    first = await telegram.shows(OMAR, "in line")
    await bring(gateway, telegram.text(MAYA, "/human"))
    second = await telegram.shows(MAYA, "in line")
    assert "number 2" in second.text
    await bring(gateway, telegram.press(first, dict(first.buttons)["Leave the queue"]))
    await telegram.until(lambda: "first in line" in second.text)
    assert len(telegram.chats[MAYA]) == 1
    assert len(second.versions) == 2


async def test_typing_is_shown_while_the_bot_thinks(gateway: str, telegram: FakeTelegram, rasa: FakeRasa) -> None:
    rasa.mode = "waits"
    await bring(gateway, telegram.text(MAYA, "hello"))
    await telegram.until(lambda: telegram.actions[MAYA])
    rasa.go_on()
    await telegram.shows(MAYA, "You said: hello")
