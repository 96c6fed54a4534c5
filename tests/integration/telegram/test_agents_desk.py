"""Ana and Ben work from their group on Telegram: cards, claims, notes, answers, and the web desk at the same time."""

import asyncio
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from connectors.gateway.cli import app
from connectors.gateway.settings import Settings
from connectors.telegram import desk_words
from handoff import holder, ownership, replies
from handoff.media import SentFile
from handoff.schema import Conversation, DeskThread, Ticket
from tests.fakes import telegram_chats
from tests.fakes.telegram_chats import PICTURE, Shown
from tests.fakes.telegram_server import FakeTelegram, bring
from tests.integration.telegram.agents_group import ANA, BEN, CLEO, DESK, MAYA, PASSWORD, Desk, add_account
from tests.running_gateway import PATIENCE_SECONDS


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"telegram_desk_chat": DESK})


@pytest.mark.usefixtures("kind_of_group")
class TestInEveryGroup:
    async def test_a_handoff_posts_a_card_with_the_brief(self, desk: Desk, card: Shown) -> None:
        assert "They asked for a person" in card.text
        assert "Maya Lindqvist on Telegram · <b>waiting in the queue</b>" in card.text
        assert "where is order 10412?" in card.text
        assert [title for title, _ in card.buttons] == ["Claim"]
        if card.topic is not None:
            assert desk.telegram.forums[DESK][card.topic].endswith("Maya Lindqvist")

    @pytest.mark.usefixtures("database_url")
    async def test_one_of_two_claims_wins_and_the_other_hears_who_was_first(self, desk: Desk, card: Shown) -> None:
        ana = desk.telegram.press(card, card.buttons[0][1], ANA)
        ben = desk.telegram.press(card, card.buttons[0][1], BEN)
        await asyncio.gather(bring(desk.gateway, ana), bring(desk.gateway, ben))
        answers = {
            name: await desk.answer(press["callback_query"]["id"]) for name, press in (("Ana", ana), ("Ben", ben))
        }
        winner = desk.held_by()
        assert winner is not None
        loser = {"Ana": "Ben", "Ben": "Ana"}[winner]
        assert answers == {winner: None, loser: f"{winner} has this conversation. Nothing was changed or sent."}
        await desk.telegram.until(lambda: f"with {winner}" in card.text)
        assert [title for title, _ in card.buttons] == ["Hand back", "Resolve", "Transfer"]

    @pytest.mark.usefixtures("database_url")
    async def test_words_in_the_thread_stay_inside_unless_they_are_sent(self, desk: Desk, card: Shown) -> None:
        await desk.claims(ANA, card)
        await desk.writes(ANA, "she sounds upset", card)
        sent = await desk.writes(ANA, ">> It ships on Monday.", card)
        await bring(desk.gateway, sent)  # told twice
        await desk.telegram.shows(MAYA, "It ships on Monday.")
        where = DESK, sent["message"]["message_id"]
        await desk.telegram.until(lambda: desk.telegram.reactions.get(where) == ["👌"])
        assert desk.notes() == ["she sounds upset"]
        await desk.maya_says("thank you")
        await desk.telegram.until(lambda: any("thank you" in line for line in desk.lines(card)))
        assert not [line for line in desk.lines(card) if "It ships on Monday." in line]
        maya = desk.telegram.texts(MAYA)
        assert len([text for text in maya if "It ships on Monday." in text]) == 1
        assert not [text for text in maya if "upset" in text]

    async def test_a_note_of_the_web_desk_is_shown_in_the_thread_once(self, desk: Desk, card: Shown) -> None:
        await desk.writes(ANA, "she sounds upset", card)
        desk.leaves_note("Ben", "Refund was <agreed> on the phone.")
        await desk.telegram.until(lambda: any("on the phone" in line for line in desk.lines(card)))
        desk.leaves_note("Ben", "And a voucher.")
        await desk.telegram.until(lambda: any("And a voucher." in line for line in desk.lines(card)))
        shown = [line for line in desk.lines(card) if "on the phone" in line]
        assert shown == ["<b>Ben</b> · note\nRefund was &lt;agreed&gt; on the phone."]
        assert not [line for line in desk.lines(card) if "she sounds upset" in line]
        assert not [text for text in desk.telegram.texts(MAYA) if "on the phone" in text]

    async def test_a_note_can_be_sent_to_the_customer_after_all(self, desk: Desk, card: Shown) -> None:
        await desk.claims(ANA, card)
        note = await desk.writes(BEN, "Your parcel is in Portland.", card)
        offer = await desk.telegram.shows(DESK, "Kept among us.")
        for _ in range(2):
            await desk.presses(ANA, offer, "Send to customer", answers=note["message"])
        await desk.telegram.shows(MAYA, "Your parcel is in Portland.")
        await desk.telegram.until(lambda: offer.text.startswith("Sent to the customer by"))
        assert len([text for text in desk.telegram.texts(MAYA) if "in Portland" in text]) == 1

    async def test_handing_back_asks_what_was_done_and_the_bot_is_told(self, desk: Desk, card: Shown) -> None:
        await desk.claims(ANA, card)
        await desk.presses(ANA, card, "Hand back")
        question = await desk.telegram.shows(DESK, "What was done?")
        answer = desk.telegram.in_thread(question, ANA, "The refund is on its way.")
        answer["message"]["reply_to_message"] = desk.telegram.as_message(question)
        await desk.knows(question)
        await bring(desk.gateway, answer)
        await desk.telegram.until(lambda: "handed back to the bot by Ana" in card.text)
        await desk.telegram.shows(MAYA, "agent_handed_back")
        assert not card.buttons
        assert desk.held_by() is None
        if card.topic is not None:
            await desk.telegram.until(lambda: card.topic in desk.telegram.closed_topics)

    async def test_resolving_is_asked_about_first(self, desk: Desk, card: Shown) -> None:
        await desk.claims(ANA, card)
        await desk.presses(ANA, card, "Resolve")
        await desk.telegram.until(lambda: "Not yet" in dict(card.buttons))
        await desk.presses(ANA, card, "Not yet")
        await desk.telegram.until(lambda: "Resolve" in dict(card.buttons))
        assert desk.held_by() == "Ana"
        await desk.presses(ANA, card, "Resolve")
        await desk.telegram.until(lambda: "Not yet" in dict(card.buttons))
        await desk.presses(ANA, card, "Yes, close this case")
        await desk.telegram.until(lambda: "resolved by Ana" in card.text)
        assert desk.held_by() is None

    async def test_an_old_thread_sends_nothing_and_a_new_case_gets_a_new_card(self, desk: Desk, card: Shown) -> None:
        await desk.claims(ANA, card)
        desk.database.write_now(
            holder.resolve, desk.conversation_id(), desk.agent_id("Ana"), 2, None, datetime.now(UTC)
        )
        await desk.maya_says("a person please")
        second = await desk.card(2)
        assert second.topic is None or second.topic != card.topic
        await desk.telegram.until(lambda: "resolved by Ana" in card.text)
        await desk.writes(ANA, ">> hello?", card)
        await desk.telegram.shows(ANA, "This ticket is over")
        assert not [text for text in desk.telegram.texts(MAYA) if "hello?" in text]


@pytest.mark.parametrize("edited", [">>", " >>  "])
async def test_a_note_without_words_any_more_is_not_sent(desk: Desk, card: Shown, edited: str) -> None:
    await desk.claims(ANA, card)
    note = await desk.writes(ANA, "Your parcel is in Portland.", card)
    offer = await desk.telegram.shows(DESK, "Kept among us.")
    query = await desk.presses(ANA, offer, "Send to customer", answers={**note["message"], "text": edited})
    assert "Write it again" in str(await desk.answer(query))
    await desk.writes(ANA, ">> Ana here", card)
    await desk.telegram.shows(MAYA, "Ana here")
    assert [text for text in desk.telegram.texts(MAYA) if text.startswith("<b>Ana</b>")] == ["<b>Ana</b>\nAna here"]


async def test_what_is_urgent_is_not_closed_without_a_word(desk: Desk, card: Shown) -> None:
    desk.database.write_now(lambda session: session.execute(update(Ticket).values(reason="safety")))
    await desk.claims(ANA, card)
    await desk.presses(ANA, card, "Resolve")
    await desk.telegram.until(lambda: "Not yet" in dict(card.buttons))
    query = await desk.presses(ANA, card, "Yes, close this case")
    assert "nobody has answered the customer yet" in str(await desk.answer(query))
    assert desk.held_by() == "Ana"
    await desk.writes(ANA, ">> Are you hurt?", card)
    await desk.telegram.shows(MAYA, "Are you hurt?")
    await desk.presses(ANA, card, "Yes, close this case")
    await desk.telegram.until(lambda: "resolved by Ana" in card.text)


@pytest.mark.usefixtures("kind_of_group")
async def test_who_works_from_the_group_is_offered_tickets_there_by_name(desk: Desk, card: Shown) -> None:
    await desk.writes(ANA, "/here@juniper_finch_bot", card)
    await desk.telegram.shows(ANA, "You're at the desk for 8 hours")
    called = await desk.telegram.shows(DESK, "this one is offered to you for a minute.")
    assert called.text.startswith(f'<a href="tg://user?id={ANA}">Ana</a>, ')
    assert (called.topic, called.reply_to) == (card.topic, None if card.topic else card.message_id)
    await desk.presses(ANA, called, "Claim")
    await desk.telegram.until(lambda: "with Ana" in card.text)
    assert sum("is offered to you" in text for text in desk.telegram.texts(DESK)) == 1
    assert desk.notes() == []


async def test_who_is_away_is_called_to_nothing(desk: Desk, card: Shown) -> None:
    await desk.writes(ANA, "/here", card)
    called = await desk.telegram.shows(DESK, "is offered to you")
    await desk.writes(ANA, "/away", card)
    await desk.telegram.shows(ANA, "You're away.")
    assert desk.is_present("Ana") is False
    await desk.writes(BEN, "/here", card)
    await desk.telegram.until(lambda: any(">Ben</a>, this one" in text for text in desk.telegram.texts(DESK)))
    assert "Ana" in called.text


async def test_a_declined_offer_goes_to_the_next_at_once(desk: Desk, card: Shown) -> None:
    await desk.writes(ANA, "/here", card)
    called = await desk.telegram.shows(DESK, ">Ana</a>, this one is offered to you")
    await desk.writes(BEN, "/here", card)
    await desk.telegram.shows(BEN, "You're at the desk")
    assert await desk.answer(await desk.presses(ANA, called, "Decline")) is None
    await desk.telegram.until(lambda: any(">Ben</a>, this one" in text for text in desk.telegram.texts(DESK)))
    assert "waiting in the queue" in card.text
    query = await desk.presses(ANA, called, "Decline")
    assert await desk.answer(query) == "This one isn't offered to you any more. Nothing was changed."


@pytest.mark.parametrize("command", ["/here@another_bot", "/away@another_bot"])
async def test_a_command_to_another_bot_is_none_of_ours(desk: Desk, card: Shown, command: str) -> None:
    was = desk.is_present("Ana")
    await desk.writes(ANA, command, card)
    await desk.telegram.until(lambda: desk.notes() == [command])
    assert desk.is_present("Ana") is was
    assert not [text for text in desk.telegram.texts(ANA) if "at the desk" in text or "away" in text]


async def test_a_stranger_who_says_they_are_here_is_led_to_their_link(desk: Desk, card: Shown) -> None:
    await desk.writes(CLEO, "/here", card)
    await desk.telegram.shows(CLEO, "/desk/link/telegram?token=")
    assert not [text for text in desk.telegram.texts(DESK) if "is offered to you" in text]


async def test_a_conversation_can_be_passed_to_a_colleague_or_to_the_queue(desk: Desk, card: Shown) -> None:
    await desk.claims(ANA, card)
    await desk.presses(ANA, card, "Transfer")
    await desk.telegram.until(lambda: "To Ben" in dict(card.buttons))
    assert [title for title, _ in card.buttons] == ["To Ben", "Back to the queue", "Not yet"]
    await desk.presses(ANA, card, "To Ben")
    await desk.telegram.until(lambda: "with Ben" in card.text)
    assert desk.held_by() == "Ben"
    await desk.presses(BEN, card, "Transfer")
    await desk.telegram.until(lambda: "Back to the queue" in dict(card.buttons))
    await desk.presses(BEN, card, "Back to the queue")
    await desk.telegram.until(lambda: "waiting in the queue" in card.text)


async def test_who_does_not_hold_it_cannot_send(desk: Desk, card: Shown) -> None:
    await desk.claims(ANA, card)
    await desk.writes(BEN, ">> Hello from Ben", card)
    await desk.telegram.shows(BEN, "Ana has this conversation.")
    await desk.writes(ANA, ">> Ana here", card)
    await desk.telegram.shows(MAYA, "Ana here")
    assert not [text for text in desk.telegram.texts(MAYA) if "Hello from Ben" in text]


async def test_the_web_desk_and_the_group_lock_each_other(desk: Desk, card: Shown) -> None:
    stale = dict(card.buttons)["Claim"]
    desk.database.write_now(holder.claim, desk.conversation_id(), desk.agent_id("Ben"), datetime.now(UTC))
    await desk.telegram.until(lambda: "with Ben" in card.text)
    press = desk.telegram.press(card, stale, ANA)
    await bring(desk.gateway, press)
    assert "Ben has this conversation" in str(await desk.answer(press["callback_query"]["id"]))
    said = (desk.conversation_id(), desk.agent_id("Ben"), "web-1", "Ben here.", datetime.now(UTC))
    desk.database.write_now(replies.say, *said)
    await desk.telegram.until(lambda: any("Ben here." in line for line in desk.lines(card)))
    with pytest.raises(ownership.Conflict) as lost:
        desk.database.write_now(holder.claim, desk.conversation_id(), desk.agent_id("Ana"), datetime.now(UTC))
    assert lost.value.winner == "Ben"


async def test_pictures_of_the_customer_are_shown_in_the_thread(desk: Desk, card: Shown) -> None:
    photo = [{"file_id": "picture-1", "file_unique_id": "u", "width": 9, "height": 9, "file_size": len(PICTURE)}]
    await bring(desk.gateway, desk.telegram.update(message=desk.telegram.message(MAYA, photo=photo, caption="torn")))
    await desk.telegram.until(lambda: [one for one in desk.telegram.chats[DESK] if one.file is not None])
    [shown] = [one for one in desk.telegram.chats[DESK] if one.file is not None]
    assert (shown.file, shown.reply_to) == (("photo", "picture-1", PICTURE), card.message_id)
    assert any("torn" in line for line in desk.lines(card))


async def test_what_an_agent_sends_from_the_desk_is_shown_in_the_thread(
    desk: Desk, card: Shown, settings: Settings
) -> None:
    (settings.home / "media").mkdir(exist_ok=True)
    (settings.home / "media" / "kept").write_bytes(PICTURE)
    file = SentFile("", "photo", "image/png", "lamp.png", len(PICTURE), "kept")
    ana, now = desk.agent_id("Ana"), datetime.now(UTC)
    desk.database.write_now(holder.claim, desk.conversation_id(), ana, now)
    desk.database.write_now(replies.say, desk.conversation_id(), ana, "f1", "Like this?", now, file)
    await desk.telegram.until(lambda: [one for one in desk.telegram.chats[DESK] if one.file is not None])
    [shown] = [one for one in desk.telegram.chats[DESK] if one.file is not None]
    assert (shown.file, shown.reply_to) == (("photo", "lamp.png", PICTURE), card.message_id)


async def test_a_file_that_can_not_be_shown_is_named_in_the_thread(desk: Desk, card: Shown) -> None:
    file = SentFile("", "photo", "image/png", "lamp.png", len(PICTURE), "on another machine")
    ana, now = desk.agent_id("Ana"), datetime.now(UTC)
    desk.database.write_now(holder.claim, desk.conversation_id(), ana, now)
    desk.database.write_now(replies.say, desk.conversation_id(), ana, "f1", "Like this?", now, file)
    await desk.telegram.shows(DESK, "open it in the desk")
    assert sum("Like this?" in line for line in desk.lines(card)) == 1


async def test_an_answer_to_any_line_is_said_in_its_thread(desk: Desk, card: Shown) -> None:
    await desk.claims(ANA, card)
    await desk.maya_says("are you there?")
    line = await desk.telegram.shows(DESK, "are you there?")
    await desk.knows(line)
    await desk.writes(ANA, ">> I am.", line)
    await desk.telegram.shows(MAYA, "I am.")


async def test_talk_beside_the_threads_is_nobody_elses_business(desk: Desk, card: Shown) -> None:
    mention = [{"type": "mention", "offset": 0, "length": 18}]
    chatter = desk.telegram.message(DESK, ANA, text="@juniper_finch_bot lunch?", entities=mention)
    await bring(desk.gateway, desk.telegram.update(message=chatter))
    await desk.claims(ANA, card)
    assert desk.notes() == []
    assert desk.database.read_now(lambda session: len(session.scalars(select(Conversation)).all())) == 1


async def test_a_card_that_may_be_the_second_one_says_so(desk: Desk, telegram: FakeTelegram) -> None:
    await is_heard_by_the_bot(desk)
    telegram.mode = "accept_then_drop"
    desk.database.write_now(wants_a_person)
    await telegram.until(lambda: desk.cards)
    telegram.mode = "ok"
    await telegram.until(lambda: desk.database.read_now(known_card))
    kept = await desk.card(len(desk.cards))
    others = [one for one in desk.cards if one is not kept]
    assert [desk_words.SECOND in one.text for one in (others[0], kept)] == [False, True]
    await desk.claims(ANA, kept)
    assert desk_words.SECOND in kept.text, "also once it has changed"


async def test_a_card_that_telegram_refused_at_first_is_surely_the_only_one(desk: Desk, telegram: FakeTelegram) -> None:
    await is_heard_by_the_bot(desk)
    telegram.mode, telegram.flooded = "flood", {DESK}
    desk.database.write_now(wants_a_person)
    await telegram.until(lambda: telegram.refused)
    telegram.mode = "ok"
    card = await desk.card()
    assert desk_words.SECOND not in card.text


async def test_a_deleted_topic_is_made_anew(desk: Desk, telegram: FakeTelegram) -> None:
    telegram.forums[DESK] = {}
    await desk.maya_says("a person please")
    first = await desk.card()
    telegram.forums[DESK].clear()
    await desk.maya_says("are you there?")
    second = await desk.card(2)
    assert second.topic != first.topic
    assert "are you there?" in second.text
    assert desk_words.SECOND not in second.text


async def test_a_card_made_anew_for_one_that_was_deleted_is_surely_the_only_one(desk: Desk, card: Shown) -> None:
    desk.telegram.chats[DESK].remove(card)
    desk.database.write_now(holder.claim, desk.conversation_id(), desk.agent_id("Ana"), datetime.now(UTC))
    anew = await desk.card()
    assert "with Ana" in anew.text
    assert desk_words.SECOND not in anew.text


async def test_a_stranger_links_once_by_signing_in_at_the_desk(desk: Desk, card: Shown) -> None:
    desk.telegram.members = {CLEO}
    add_account(desk.database, "Cleo")
    query = await desk.presses(CLEO, card, "Claim")
    await desk.telegram.until(lambda: query in desk.telegram.led_to)
    assert desk.telegram.led_to[query] == "https://t.me/juniper_finch_bot?start=agent"
    await bring(desk.gateway, desk.telegram.text(CLEO, "/start agent"))
    hint = await desk.telegram.shows(CLEO, "I don't know yet which agent you are.")
    link = next(word for word in hint.text.split() if "/desk/link/telegram" in word)
    token = parse_qs(urlsplit(link).query)["token"][0]
    async with httpx.AsyncClient(base_url=desk.gateway, timeout=PATIENCE_SECONDS) as cleo:
        page = "/desk/link/telegram"
        shown = await cleo.get(page, params={"token": token})
        assert (shown.status_code, "The Telegram user" in shown.text) == (200, True)
        await cleo.post("/api/session", json={"email": "cleo@shop.example", "password": PASSWORD})
        assert (await cleo.post(page, data={"token": token})).status_code == 200
        assert (await cleo.post(page, data={"token": token})).status_code == 410
    await desk.presses(CLEO, card, "Claim")
    await desk.telegram.until(lambda: "with Cleo" in card.text)


async def test_a_stranger_who_writes_gets_a_private_hint_or_the_way_to_one(desk: Desk, card: Shown) -> None:
    await desk.writes(CLEO, ">> let me help", card)
    await desk.telegram.shows(CLEO, "/desk/link/telegram?token=")
    desk.telegram.never_started.add(CLEO)
    await desk.writes(CLEO, ">> let me help again", card)
    await desk.telegram.shows(DESK, "https://t.me/juniper_finch_bot?start=agent")
    assert not [text for text in desk.telegram.texts(DESK) if "token=" in text]
    assert not [text for text in desk.telegram.texts(MAYA) if "let me help" in text]


async def test_a_customer_who_follows_the_agents_link_is_a_customer(desk: Desk) -> None:
    await bring(desk.gateway, desk.telegram.text(MAYA, "/start agent"))
    await desk.telegram.shows(MAYA, "I'm Fern")
    assert not [text for text in desk.telegram.texts(MAYA) if "token=" in text]


async def test_the_command_line_says_what_the_agents_group_lacks(
    telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "TELEGRAM_BOT_TOKEN": telegram_chats.TOKEN,
        "TELEGRAM_API_URL": telegram.url,
        "TELEGRAM_DESK_CHAT": str(DESK),
    }.items():
        monkeypatch.setenv(name, value)
    telegram.forums[DESK] = {}
    check = CliRunner()
    good = await asyncio.to_thread(check.invoke, app, ["telegram", "check"])
    assert (good.exit_code, "a topic for each case" in good.output) == (0, True), good.output
    telegram.bot_is_admin = False
    bad = await asyncio.to_thread(check.invoke, app, ["telegram", "check"])
    assert (bad.exit_code, "may not make topics" in bad.output) == (1, True), bad.output


async def is_heard_by_the_bot(desk: Desk) -> None:
    await desk.maya_says("hello")
    await desk.telegram.shows(MAYA, "You said")


def wants_a_person(session: Session) -> None:
    conversation = session.scalars(select(Conversation).with_for_update()).one()
    holder.escalate(session, conversation, "asked", [], "customer", datetime.now(UTC))


def known_card(session: Session) -> str | None:
    return session.scalar(select(DeskThread.card))
