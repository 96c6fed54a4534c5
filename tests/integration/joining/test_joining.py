"""Maya begins in the web chat and goes on in Telegram: one conversation, which only her own link can bring there."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from handoff import holder, promises
from handoff.schema import Conversation, FurtherAddress, InboxItem, JoinLink, Message, OutboxItem, SetAside
from tests.fakes.telegram_server import bring
from tests.integration.joining.conftest import MAYA, BothChats
from tests.people import add_agent
from tests.running_gateway import no_page_is_open


def conversations(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Conversation)) or 0


def conversations_in_use(session: Session) -> int:
    set_aside = select(SetAside.conversation_id)
    query = select(func.count()).select_from(Conversation).where(Conversation.id.not_in(set_aside))
    return session.scalar(query) or 0


def unsent(session: Session) -> int:
    query = select(func.count()).where(OutboxItem.state.in_(("pending", "sending", "dead")))
    return session.scalar(query) or 0


def under_way(session: Session) -> int:
    query = select(func.count()).where(InboxItem.state == "waiting")
    return unsent(session) + (session.scalar(query) or 0)


def joined_address(session: Session) -> str | None:
    return session.scalar(select(FurtherAddress.address))


async def begun(both: BothChats) -> None:
    await both.web.say("where is my order")
    await both.web.hears("You said: where is my order")


async def test_one_conversation_is_answered_where_it_was_written_and_the_page_shows_all(both: BothChats) -> None:
    await begun(both)
    await both.joins(await both.link())
    await both.telegram.shows(MAYA, "one conversation now")
    await both.web.hears("one conversation now")
    await both.writes("it is FD-10412")
    await both.telegram.shows(MAYA, "You said: it is FD-10412")
    await both.web.hears("You said: it is FD-10412")
    assert "it is FD-10412" in [frame["message"] for frame in both.web.own_words]
    await both.web.until(lambda chat: chat.states[-1]["channels"] == ["telegram", "web"])
    await both.web.say("thanks, back at my desk")
    await both.web.hears("You said: thanks, back at my desk")
    await both.writes("and out again")
    await both.telegram.shows(MAYA, "You said: and out again")
    assert not any("back at my desk" in text for text in both.telegram.texts(MAYA))
    assert both.database.read_now(conversations_in_use) == 1
    await both.telegram.until(lambda: both.database.read_now(unsent) == 0)


async def test_opening_the_link_only_asks_and_who_did_not_make_it_says_no(both: BothChats) -> None:
    await begun(both)
    token = await both.link()
    await both.opens(token, chat=666)
    asked = await both.telegram.shows(666, "Continue only if you pressed")
    assert [title for title, _ in asked.buttons] == ["Continue here", "No, keep them apart"]
    await both.writes("my address is 4 Elm Street", chat=666)
    await both.telegram.shows(666, "You said: my address")
    assert not any("Elm Street" in text for text in both.web.texts)
    await both.answers("No, keep them apart", chat=666)
    await both.telegram.shows(666, "no longer works")
    await both.opens(token)
    await both.telegram.shows(MAYA, "used already")
    assert both.database.read_now(joined_address) is None


async def test_what_was_proved_before_is_not_proved_after(both: BothChats) -> None:
    await begun(both)
    await both.joins(await both.link())
    await both.telegram.shows(MAYA, "one conversation now")
    await both.writes("and now")
    await both.telegram.shows(MAYA, "You said: and now")
    assert both.database.read_now(
        lambda session: session.scalars(
            select(Message.case_no)
            .where(Message.author == "customer", Message.text.in_(("where is my order", "and now")))
            .order_by(Message.seq)
        ).all()
    ) == [1, 2]


async def test_what_the_page_missed_follows_to_telegram(both: BothChats) -> None:
    await begun(both)
    token = await both.link()
    both.rasa.mode = "no_model"
    await both.web.say("are you there")
    await both.web.close()
    await no_page_is_open(both.gateway)
    both.rasa.mode = "ok"
    await both.telegram.until(lambda: ("bot", "You said: are you there") in both.transcript())
    await both.joins(token)
    await both.telegram.shows(MAYA, "You said: are you there")


async def test_an_agent_speaks_to_both(both: BothChats) -> None:
    await begun(both)
    await both.joins(await both.link())
    await both.writes("/human")
    await both.telegram.shows(MAYA, "in line")
    await both.web.until(lambda chat: chat.states[-1]["holder"] == "queue")
    both.database.write_now(add_agent, "Ana")
    found = both.database.read_now(
        lambda session: session.scalars(select(Conversation.id).where(Conversation.holder == "queue")).one()
    )
    both.database.write_now(holder.claim, found, "a_ana", datetime.now(UTC))
    await both.telegram.shows(MAYA, "Ana has joined")
    await both.web.hears("Ana has joined")


async def test_a_link_works_once(both: BothChats) -> None:
    await begun(both)
    token = await both.link()
    await both.joins(token)
    await both.telegram.shows(MAYA, "one conversation now")
    await both.opens(token, chat=666)
    await both.telegram.shows(666, "used already")
    await both.writes("whose order is this", chat=666)
    await both.telegram.shows(666, "whose order is this")
    assert not any("whose order" in text for text in both.web.texts)


async def test_a_link_is_too_old_after_ten_minutes(both: BothChats) -> None:
    await begun(both)
    token = await both.link()
    past = datetime.now(UTC) - timedelta(seconds=1)
    both.database.write_now(lambda session: session.execute(update(JoinLink).values(expires_at=past)))
    await both.opens(token)
    await both.telegram.shows(MAYA, "more than ten minutes old")
    assert both.database.read_now(joined_address) is None


@pytest.mark.parametrize("forged", ["join-", "join-" + "0" * 56, "join-ünsigned"])
async def test_a_forged_link_opens_nothing(both: BothChats, forged: str) -> None:
    await begun(both)
    await both.link()
    await both.opens(forged)
    await both.telegram.shows(MAYA, "used already")
    assert both.database.read_now(conversations) == 2


async def test_a_group_can_not_join(both: BothChats) -> None:
    await begun(both)
    token = await both.link()
    group = both.telegram.message(-100500, MAYA, text=f"/start@juniper_finch_bot {token}")
    group["entities"] = [{"type": "bot_command", "offset": 0, "length": len("/start@juniper_finch_bot")}]
    assert await bring(both.gateway, both.telegram.update(message=group)) == 200
    await both.telegram.shows(-100500, "private chat with me only")
    await both.joins(token)
    await both.telegram.shows(MAYA, "one conversation now")


async def test_an_open_case_in_telegram_stays_and_the_link_stays_good(both: BothChats) -> None:
    await both.writes("let me talk to a human")
    await both.telegram.shows(MAYA, "in line")
    await begun(both)
    token = await both.link()
    await both.opens(token)
    receipt = await both.telegram.shows(MAYA, "stays as it is")
    assert both.database.read_now(conversations) == 2
    leave = next(shown for shown in both.telegram.chats[MAYA] if shown.buttons)
    await bring(both.gateway, both.telegram.press(leave, dict(leave.buttons)["Leave the queue"]))
    await both.telegram.shows(MAYA, "taken you out")
    await both.joins(token)
    await both.telegram.shows(MAYA, "one conversation now")
    assert receipt.chat_id == MAYA


async def test_what_was_promised_in_telegram_is_promised_in_the_one_conversation(both: BothChats) -> None:
    await both.writes("an older question")
    await both.telegram.shows(MAYA, "You said: an older question")
    await both.telegram.until(lambda: both.database.read_now(under_way) == 0)
    both.database.write_now(add_agent, "Ana")

    def promise(session: Session) -> None:
        conversation = session.scalars(select(Conversation).where(Conversation.channel == "telegram")).one()
        now = datetime.now(UTC)
        promises.make(session, conversation, None, "a_ana", "p1", "call you back", now + timedelta(hours=2), now)

    both.database.write_now(promise)
    await begun(both)
    await both.telegram.until(lambda: both.database.read_now(under_way) == 0)
    await both.joins(await both.link())
    await both.telegram.shows(MAYA, "one conversation now")
    [promised] = both.database.read_now(promises.listed, datetime.now(UTC))
    set_aside = both.database.read_now(lambda session: session.scalars(select(SetAside.conversation_id)).one())
    assert promised["conversation_id"] != set_aside


async def test_a_chat_that_leaves_is_on_its_own_again_and_has_its_earlier_words_back(both: BothChats) -> None:
    await both.writes("an older question")
    await both.telegram.shows(MAYA, "You said: an older question")
    await both.telegram.until(lambda: both.database.read_now(under_way) == 0)
    await begun(both)
    await both.telegram.until(lambda: both.database.read_now(under_way) == 0)
    await both.joins(await both.link())
    await both.telegram.shows(MAYA, "one conversation now")
    await both.writes("/human")
    await both.telegram.shows(MAYA, "in line")
    await both.writes("/leave")
    await both.telegram.shows(MAYA, "on its own again")
    await both.web.hears("was parted from this conversation")
    await both.writes("just between us")
    await both.telegram.shows(MAYA, "You said: just between us")
    await both.web.say("still in line here")
    await both.web.until(lambda chat: chat.states[-1]["channels"] == ["web"] and chat.states[-1]["holder"] == "queue")
    assert not any("between us" in text for text in [*both.web.texts, *(f["message"] for f in both.web.own_words)])
    assert both.database.read_now(conversations) == 2
    assert both.database.read_now(joined_address) is None
    outgoing = select(OutboxItem.channel).join(Conversation, Conversation.id == OutboxItem.conversation_id)
    of_the_page = outgoing.where(Conversation.channel == "web").distinct()
    assert both.database.read_now(lambda session: session.scalars(of_the_page).all()) == ["web"]
    await both.writes("/leave")
    await both.telegram.shows(MAYA, "nothing to part")


@pytest.mark.usefixtures("quick_eraser")
async def test_everything_is_forgotten_together(both: BothChats) -> None:
    await both.writes("an older question")
    await both.telegram.shows(MAYA, "You said: an older question")
    await both.telegram.until(lambda: both.database.read_now(unsent) == 0)
    await begun(both)
    await both.joins(await both.link())
    await both.telegram.shows(MAYA, "one conversation now")
    erased: list[object] = []
    both.web.socket.on("erased", erased.append)
    await both.writes("/forget")
    asked = await both.telegram.shows(MAYA, "Erase this conversation?")
    await bring(both.gateway, both.telegram.press(asked, dict(asked.buttons)["Erase everything"]))
    await both.telegram.until(lambda: both.transcript() == [] and erased)
    await both.web.say("hello again")
    await both.web.hears("You said: hello again")
    await both.writes("and hello here")
    await both.telegram.shows(MAYA, "You said: and hello here")
    assert both.database.read_now(conversations) == 2


async def test_two_chats_that_open_a_link_at_once_join_one_of_them(both: BothChats) -> None:
    await begun(both)
    token = await both.link()
    people = list(range(5001, 5006))
    await asyncio.gather(*(both.opens(token, chat) for chat in people))
    await asyncio.gather(*(both.answers("Continue here", chat) for chat in people))
    await both.telegram.until(lambda: all(len(both.telegram.texts(chat)) > 1 for chat in people))
    joined = [chat for chat in people if any("one conversation now" in text for text in both.telegram.texts(chat))]
    assert len(joined) == 1
    assert both.database.read_now(lambda session: session.scalars(select(FurtherAddress.channel)).all()) == ["web"]


async def test_writing_while_the_link_opens_loses_nothing_and_splits_nothing(both: BothChats) -> None:
    await begun(both)
    token = await both.link()
    words = [f"line {number}" for number in range(6)]
    await asyncio.gather(
        both.joins(token), *(both.writes(word) for word in words[:3]), *(both.web.say(word) for word in words[3:])
    )
    if both.database.read_now(joined_address) is None:
        # A word of hers in Telegram was being answered: she is asked for a moment, and the link is still good.
        await both.telegram.shows(MAYA, "still answering you here")
        await both.telegram.until(lambda: both.database.read_now(under_way) == 0)
        await both.telegram.until(lambda: not any(shown.buttons for shown in both.telegram.chats[MAYA]))
        await both.joins(token)
        await both.telegram.shows(MAYA, "one conversation now")
    await both.telegram.until(lambda: sorted(text for author, text in both.transcript() if text in words) == words)
    await both.writes("all here")
    await both.web.hears("You said: all here")
