"""A web session's secret is replaced when its customer proves an order: whoever knew it before sees nothing of what follows."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from connectors.gateway.settings import Settings
from handoff import joining
from handoff.database import Database
from handoff.schema import Conversation, JoinLink, Message
from tests.chat_client import Chat, chatting
from tests.running_gateway import running_gateway

PROOF = "my order is 10412, maya@example.com"


@pytest.fixture
async def tab(gateway: str) -> AsyncIterator[Callable[..., Any]]:
    """Opens tabs that know what to do with a new id; they are closed at the end."""
    async with AsyncExitStack() as opened:

        async def open_tab(url: str = gateway, **request: Any) -> Chat:
            return await opened.enter_async_context(chatting(url, **{"renews": True, **request}))

        yield open_tab


def customers_words(session: Session) -> list[str]:
    return list(session.scalars(select(Message.text).where(Message.author == "customer").order_by(Message.seq)))


def conversations(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Conversation)) or 0


def the_conversation(session: Session) -> str:
    return session.scalars(select(Conversation.id)).one()


async def proves(chat: Chat) -> str:
    """The customer proves an order; the id that the page is told then."""
    await chat.say(PROOF)
    await chat.until(lambda chat: chat.renewals)
    new_id: str = chat.renewals[-1]["session_id"]
    return new_id


async def takes(chat: Chat, new_id: str) -> None:
    await chat.request_session(session_id=new_id, last_seq=chat.last_seq, renews=True)
    assert chat.session_id == new_id


async def test_a_proof_replaces_the_secret_and_the_old_one_opens_nothing(
    tab: Callable[..., Any], database: Database
) -> None:
    maya = await tab()
    await maya.say("hello")
    planted = maya.session_id
    thief = await tab(session_id=planted, last_seq=0)
    await thief.hears("You said: hello")

    new_id = await proves(maya)
    assert new_id != planted
    await takes(maya, new_id)
    await maya.say("and where is it?")
    await maya.hears("You said: and where is it?")

    await thief.until(lambda chat: chat.errors)
    assert thief.errors[-1]["error"] == "renewed"
    assert thief.renewals == []
    assert (await thief.say("show me too"))["error"] == "no_session"
    await thief.socket.emit("session_request", {"session_id": planted, "last_seq": 0, "renews": True})
    await thief.until(lambda chat: len(chat.errors) >= 2)
    assert thief.errors[-1]["error"] == "renewed"
    assert not any("where is it" in text for text in thief.texts)
    assert database.read_now(customers_words) == ["hello", PROOF, "and where is it?"]
    assert database.read_now(conversations) == 1


async def test_a_client_that_knows_no_new_ids_gets_a_session_of_its_own_for_a_replaced_one(
    tab: Callable[..., Any], gateway: str
) -> None:
    maya = await tab()
    old_id = maya.session_id
    await takes(maya, await proves(maya))
    async with chatting(gateway, session_id=old_id) as old_client:
        assert old_client.session_id not in (old_id, maya.session_id)
        await old_client.until(lambda chat: chat.states)
        assert old_client.states[0]["last_seq"] == 0


async def test_a_client_that_knows_no_new_ids_keeps_its_own(gateway: str) -> None:
    async with chatting(gateway) as maya:
        old_id = maya.session_id
        await maya.say(PROOF)
        await maya.hears("You said: my order is")
        await maya.say("and?")
        await maya.hears("You said: and?")
        assert maya.renewals == []
    async with chatting(gateway, session_id=old_id, last_seq=0) as again:
        assert again.session_id == old_id
        await again.hears("You said: and?")


async def test_a_page_that_lost_the_new_secret_goes_on_with_the_old_one_until_the_next_proof(
    tab: Callable[..., Any],
) -> None:
    maya = await tab()
    old_id = maya.session_id
    lost = await proves(maya)
    await maya.close()

    back = await tab(session_id=old_id, last_seq=0)
    assert back.session_id == old_id
    await back.hears("You said: my order is")
    await back.say("before it is used")
    await back.hears("You said: before it is used")
    assert back.renewals == []
    assert await proves(back) == lost
    await takes(back, lost)
    await back.say("after it was used")
    await back.hears("You said: after it was used")


async def test_a_tab_that_repeats_the_proof_is_not_told_the_new_secret(tab: Callable[..., Any]) -> None:
    maya = await tab()
    await maya.say("hello")
    thief = await tab(session_id=maya.session_id, last_seq=0)
    message_id = str(uuid.uuid4())
    proof = await maya.say(PROOF, message_id)
    assert (await thief.say(PROOF, message_id))["seq"] == proof["seq"]
    await maya.until(lambda chat: chat.renewals)
    await maya.say("and where is it?")
    await thief.hears("You said: and where is it?")
    await maya.until(lambda chat: len(chat.renewals) > 1)  # told again with each answer until it is used
    assert thief.renewals == []


async def test_a_link_to_telegram_that_was_made_under_the_old_secret_is_void(
    tab: Callable[..., Any], database: Database
) -> None:
    maya = await tab()
    await maya.say("hello")
    conversation_id = database.read_now(the_conversation)
    database.write_now(joining.new_link, conversation_id, "hash of a link", "telegram", datetime.now(UTC))
    await takes(maya, await proves(maya))
    assert database.read_now(lambda session: session.get(JoinLink, "hash of a link")) is None


async def test_two_tabs_of_one_browser_end_up_with_the_same_id(tab: Callable[..., Any], database: Database) -> None:
    first = await tab()
    await first.say("hello")
    await first.hears("You said: hello")
    second = await tab(session_id=first.session_id, last_seq=first.last_seq)
    new_id = await proves(first)
    await asyncio.gather(takes(first, new_id), takes(second, new_id))
    await second.say("from the second tab")
    await second.hears("You said: from the second tab")
    await first.hears("You said: from the second tab")
    assert first.texts.count("You said: from the second tab") == 1
    assert database.read_now(conversations) == 1


async def test_a_message_sent_again_under_the_new_secret_is_still_one(
    tab: Callable[..., Any], database: Database
) -> None:
    maya = await tab()
    unacknowledged = str(uuid.uuid4())
    await maya.say("hello", unacknowledged)
    await takes(maya, await proves(maya))
    again = await maya.say("hello", unacknowledged)
    assert again["seq"] == 1
    assert database.read_now(customers_words) == ["hello", PROOF]


async def test_a_file_sent_first_under_the_new_secret_stays_in_the_conversation(
    tab: Callable[..., Any], gateway: str, database: Database
) -> None:
    maya = await tab()
    old_id = maya.session_id
    new_id = await proves(maya)
    assert (await _sends_file(gateway, new_id))[0] == 200
    status, refusal = await _sends_file(gateway, old_id)
    assert (status, refusal["error"], refusal["retry"]) == (401, "renewed", True)
    assert database.read_now(conversations) == 1
    assert database.read_now(customers_words) == [PROOF, "note.txt"]


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_what_an_outdated_page_of_another_gateway_says_begins_no_second_conversation(
    tab: Callable[..., Any], settings: Settings, database: Database
) -> None:
    maya = await tab()
    await maya.say("hello")
    async with running_gateway(settings) as other:
        elsewhere = await tab(other, session_id=maya.session_id, last_seq=0)
        await elsewhere.hears("You said: hello")
        await takes(maya, await proves(maya))
        refusal = await elsewhere.say("am I still here?")
        assert (refusal["error"], refusal["retry"]) == ("no_session", True)
        await takes(elsewhere, maya.session_id)
        await elsewhere.say("now I am")
        await maya.hears("You said: now I am")
    assert database.read_now(conversations) == 1


async def test_each_further_proof_replaces_the_secret_again(tab: Callable[..., Any]) -> None:
    maya = await tab()
    ids = [maya.session_id]
    for n in range(3):
        await maya.say(f"{PROOF} {n}")
        await maya.until(lambda chat: chat.renewals and chat.renewals[-1]["session_id"] not in ids)
        ids.append(maya.renewals[-1]["session_id"])
        await takes(maya, ids[-1])
    assert len(set(ids)) == 4
    for replaced in ids[:-1]:
        stranger = await tab()
        await stranger.socket.emit("session_request", {"session_id": replaced, "renews": True})
        await stranger.until(lambda chat: chat.errors)
        assert stranger.errors[-1]["error"] == "renewed"


async def _sends_file(gateway: str, session_id: str) -> tuple[int, dict[str, Any]]:
    form = aiohttp.FormData()
    form.add_field("session_id", session_id)
    form.add_field("id", str(uuid.uuid4()))
    form.add_field("file", b"the seam came apart", filename="note.txt", content_type="text/plain")
    async with aiohttp.ClientSession() as http, http.post(f"{gateway}/chat/files", data=form) as response:
        return response.status, await response.json()
