"""What Maya can do on Telegram, and what she hears back."""

import asyncio
import random

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from connectors.gateway.settings import Settings
from handoff.database import Database
from handoff.schema import Base, Conversation, InboxItem, Message
from tests.fake_rasa import FakeRasa
from tests.fakes.telegram_chats import BOT, PICTURE, SECRET
from tests.fakes.telegram_server import FakeTelegram, bring

MAYA = 4711
GROUP = -100200300


def said(session: Session) -> list[Message]:
    return list(session.scalars(select(Message).order_by(Message.seq)))


def conversations(session: Session) -> list[Conversation]:
    return list(session.scalars(select(Conversation)))


@pytest.mark.usefixtures("database_url")
async def test_a_message_is_answered_once_however_often_it_is_brought(
    gateway: str, telegram: FakeTelegram, rasa: FakeRasa
) -> None:
    update = telegram.text(MAYA, "where is my order <b>")
    assert [await bring(gateway, update) for _ in range(5)] == [200] * 5
    await telegram.shows(MAYA, "You said: where is my order &lt;b&gt;")
    await bring(gateway, telegram.text(MAYA, "and now?"))
    await telegram.shows(MAYA, "You said: and now?")
    assert len(telegram.chats[MAYA]) == 2
    assert sum(rasa.asked.values()) == 2


async def test_without_the_secret_nothing_is_heard(gateway: str, telegram: FakeTelegram, database: Database) -> None:
    for secret in (None, "", "agreed-with-telegrap", "Agreed-with-telegram"):
        assert await bring(gateway, telegram.text(MAYA, "let me in"), secret) == 403
    assert database.read_now(conversations) == []


async def test_what_is_no_update_is_refused_and_what_is_unknown_is_taken(gateway: str, telegram: FakeTelegram) -> None:
    assert await bring(gateway, ["not", "an", "update"]) == 400
    assert await bring(gateway, {"update_id": "one"}) == 400
    assert await bring(gateway, telegram.update(poll_answer={"poll_id": "1", "option_ids": [0]})) == 200
    assert await bring(gateway, telegram.update(message={"text": "half a message"})) == 200
    joined = telegram.message(GROUP, MAYA, new_chat_members=[{"id": 1, "is_bot": False, "first_name": "Ben"}])
    assert await bring(gateway, telegram.update(message=joined)) == 200


@pytest.mark.usefixtures("database_url")
async def test_a_button_is_an_opaque_id_answered_and_retired(
    gateway: str, telegram: FakeTelegram, rasa: FakeRasa
) -> None:
    await bring(gateway, telegram.text(MAYA, "buttons"))
    shown = await telegram.shows(MAYA, "Which?")
    [(title, data)] = shown.buttons
    assert title == "The lamp"
    assert "lamp" not in data
    assert len(data.encode()) <= 64
    first, second = telegram.press(shown, data), telegram.press(shown, data)
    assert [await bring(gateway, first), await bring(gateway, second)] == [200, 200]
    await telegram.until(lambda: len(telegram.answered) == 2 and not shown.buttons)
    await telegram.shows(MAYA, "You said: /inform")
    assert "The lamp" in shown.text
    assert rasa.payloads == ['/inform{"item": "lamp"}']


async def test_a_button_of_somebody_else_is_answered_and_does_nothing(
    gateway: str, telegram: FakeTelegram, rasa: FakeRasa
) -> None:
    await bring(gateway, telegram.text(MAYA, "buttons"))
    shown = await telegram.shows(MAYA, "Which?")
    press = telegram.press(shown, shown.buttons[0][1])
    press["callback_query"]["message"]["chat"]["id"] = 815
    press["callback_query"]["from"]["id"] = 815
    await bring(gateway, press)
    await telegram.until(lambda: telegram.answered)
    assert "no longer in use" in str(next(iter(telegram.answered.values())))
    assert rasa.payloads == []


async def test_commands_are_answered_without_the_bot(gateway: str, telegram: FakeTelegram, rasa: FakeRasa) -> None:
    rasa.mode = "no_model"
    await bring(gateway, telegram.text(MAYA, "/start"))
    await telegram.shows(MAYA, "I'm Fern")
    await bring(gateway, telegram.text(MAYA, "/help@juniper_finch_bot"))
    await telegram.shows(MAYA, "/forget - erase")
    await bring(gateway, telegram.text(MAYA, "/human"))
    receipt = await telegram.shows(MAYA, "in line")
    assert [title for title, _ in receipt.buttons] == ["E-mail me instead", "Leave the queue"]
    assert not rasa.asked


async def test_a_language_is_noted_for_the_desk(gateway: str, telegram: FakeTelegram, database: Database) -> None:
    await bring(gateway, telegram.text(MAYA, "/language"))
    shown = await telegram.shows(MAYA, "Which language")
    await bring(gateway, telegram.press(shown, dict(shown.buttons)["Deutsch"]))
    await telegram.shows(MAYA, "Noted: Deutsch")
    assert database.read_now(conversations)[0].locale == "de"


@pytest.mark.usefixtures("database_url", "quick_eraser")
async def test_forget_erases_every_trace_after_a_question(
    gateway: str, telegram: FakeTelegram, rasa: FakeRasa, database: Database, settings: Settings
) -> None:
    photo = [{"file_id": "picture-1", "file_unique_id": "u", "width": 9, "height": 9, "file_size": len(PICTURE)}]
    await bring(gateway, telegram.update(message=telegram.message(MAYA, photo=photo, caption="canary 8215")))
    await telegram.shows(MAYA, "I can't look at pictures")
    await telegram.until(lambda: list((settings.home / "media").glob("*")))
    await bring(gateway, telegram.text(MAYA, "/forget"))
    question = await telegram.shows(MAYA, "Erase this conversation?")
    await bring(gateway, telegram.press(question, dict(question.buttons)["Erase everything"]))
    await telegram.shows(MAYA, "is erased")
    kept = {
        table.name: database.read_now(
            lambda session, table=table: session.scalar(select(func.count()).select_from(table))
        )
        for table in Base.metadata.sorted_tables
        if any(name in table.c for name in ("conversation_id", "address", "address_hash"))
    }
    assert {name: count for name, count in kept.items() if count} == {}
    await telegram.until(lambda: not list((settings.home / "media").glob("*")))
    await telegram.until(lambda: rasa.forgotten)
    assert all(sender_id.endswith(".1") for sender_id in rasa.forgotten)


@pytest.mark.usefixtures("database_url")
async def test_an_edit_is_shown_as_one_and_the_bot_is_not_asked_again(
    gateway: str, telegram: FakeTelegram, rasa: FakeRasa, database: Database
) -> None:
    update = telegram.text(MAYA, "where is order 10412")
    await bring(gateway, update)
    await telegram.shows(MAYA, "You said")
    edited = {**update["message"], "text": "where is order 10457", "edit_date": update["message"]["date"] + 5}
    await bring(gateway, telegram.update(edited_message=edited))
    message = database.read_now(said)[0]
    assert (message.text, message.edited_at is not None) == ("where is order 10457", True)
    assert sum(rasa.asked.values()) == 1


async def test_what_has_no_words_is_kept_and_spoken_of_honestly(
    gateway: str, telegram: FakeTelegram, rasa: FakeRasa, database: Database
) -> None:
    place = {"latitude": 45.5, "longitude": -122.6}
    contact = {"phone_number": "+15035550100", "first_name": "Omar"}
    voice = {"file_id": "picture-1", "file_unique_id": "v", "duration": 7, "mime_type": "audio/ogg"}
    setup = {"file_id": "x", "file_unique_id": "x", "file_name": "setup.exe", "mime_type": "application/x-msdownload"}
    sticker = {
        "file_id": "picture-1",
        "file_unique_id": "s",
        "type": "regular",
        "width": 9,
        "height": 9,
        "is_animated": False,
        "is_video": False,
        "emoji": "👍",
    }
    for sent in (
        {"location": place},
        {"contact": contact},
        {"voice": voice},
        {"sticker": sticker},
        {"document": setup},
    ):
        await bring(gateway, telegram.update(message=telegram.message(MAYA, **sent)))
    await telegram.shows(MAYA, "look at voice messages")
    await telegram.shows(MAYA, "look at stickers")
    await telegram.shows(MAYA, "I couldn't keep setup.exe")
    customers = [message for message in database.read_now(said) if message.author == "customer"]
    assert customers[0].text.startswith("Location: https://www.openstreetmap.org/?mlat=45.5")
    assert customers[1].text == "Contact: Omar, +15035550100"
    assert customers[2].text == "Voice message, 0:07"
    assert not rasa.asked


async def test_in_a_group_only_who_speaks_to_the_bot_is_answered_each_on_their_own(
    gateway: str, telegram: FakeTelegram, database: Database
) -> None:
    def in_group(user: int, text: str, **more: object) -> dict[str, object]:
        at = text.find("@juniper_finch_bot")
        entities = [{"type": "mention", "offset": at, "length": 18}] if at >= 0 else []
        return telegram.update(message=telegram.message(GROUP, user, text=text, entities=entities, **more))

    await bring(gateway, in_group(1, "what's for dinner"))
    await bring(gateway, in_group(1, "@juniper_finch_bot where is my order"))
    await bring(gateway, in_group(2, "and mine?", reply_to_message=telegram.message(GROUP, text="hi") | {"from": BOT}))
    first = await telegram.shows(GROUP, "You said: where is my order")
    await telegram.shows(GROUP, "You said: and mine?")
    assert first.reply_to is not None
    assert sorted(c.address for c in database.read_now(conversations)) == [f"{GROUP}/1", f"{GROUP}/2"]


async def test_a_group_that_becomes_a_supergroup_keeps_its_conversations(
    gateway: str, telegram: FakeTelegram, database: Database
) -> None:
    telegram.migrated[-55] = GROUP
    mention = [{"type": "mention", "offset": 0, "length": 18}]
    message = telegram.message(-55, 1, text="@juniper_finch_bot hello", entities=mention)
    await bring(gateway, telegram.update(message=message))
    await telegram.shows(GROUP, "You said: hello")
    assert [c.address for c in database.read_now(conversations)] == [f"{GROUP}/1"]


async def test_the_database_gone_is_503_and_nothing_is_lost(
    gateway: str, telegram: FakeTelegram, database: Database, settings: Settings
) -> None:
    def break_it(session: Session) -> None:
        session.connection().exec_driver_sql("ALTER TABLE inbox RENAME TO inbox_away")

    def mend_it(session: Session) -> None:
        session.connection().exec_driver_sql("ALTER TABLE inbox_away RENAME TO inbox")

    update = telegram.text(MAYA, "hello")
    database.write_now(break_it)
    assert await bring(gateway, update) == 503
    database.write_now(mend_it)
    assert await bring(gateway, update) == 200
    await telegram.shows(MAYA, "You said: hello")
    assert database.read_now(lambda session: session.scalar(select(func.count()).select_from(InboxItem))) == 1


@pytest.mark.usefixtures("database_url")
async def test_replayed_shuffled_and_forged_webhooks_are_each_one_turn_or_none(
    gateway: str, telegram: FakeTelegram, rasa: FakeRasa, database: Database
) -> None:
    chance = random.Random(5)  # noqa: S311 - the same run each time
    genuine = [telegram.text(100 + number % 5, f"question {number}") for number in range(20)]
    calls = [(update, SECRET) for update in genuine * 4] + [(telegram.text(666, "let me in"), "guess")] * 20
    chance.shuffle(calls)
    statuses = await asyncio.gather(*(bring(gateway, update, secret) for update, secret in calls))
    assert [status for status, (_, secret) in zip(statuses, calls, strict=True) if secret != SECRET] == [403] * 20
    await telegram.until(lambda: sum(len(telegram.chats[100 + chat]) for chat in range(5)) == 20, seconds=120)
    assert set(rasa.asked.values()) == {1}
    assert len(rasa.asked) == len([m for m in database.read_now(said) if m.author == "customer"]) == 20
