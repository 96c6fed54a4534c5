"""One story with the real bot, on every channel: a question, an order, a return, anger, a person, the bot again, and a rating."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from actions.shop import model
from actions.shop.database import ShopDatabase, make_engine
from actions.shop.demo import DemoShop
from actions.shop.seed import seed_demo_shop
from actions.shop.tables import Base
from handoff import holder, receipts, replies
from handoff.database import Database
from handoff.schema import Agent, Conversation, Message, OutboxItem, Ticket
from tests.conformance.conftest import CHANNELS, World, hears
from tests.conformance.customer import Customer
from tests.e2e.stack import ANA, running_stack
from tests.fakes import rest_receiver as rest_server
from tests.fakes import slack_workspace, telegram_chats
from tests.fakes.rest_receiver import rest_receiver
from tests.fakes.slack_server import fake_slack
from tests.fakes.telegram_server import fake_telegram

PATIENCE_SECONDS = 120.0
QUIET_SECONDS = 0.7
POLL_SECONDS = 0.05
OF_A_BUSY_MACHINE = (receipts.bot_away().text, receipts.bot_starting().text)
"""The answer follows."""


@dataclass
class Place:
    """A running desk, and where its shop is kept."""

    world: World
    database: Database
    home: Path

    async def opens_shop_anew(self) -> None:
        """The shop as on its first day: every telling of the story finds it the same."""
        shop = ShopDatabase(make_engine(f"sqlite:///{self.home / 'shop.db'}"))
        await DemoShop(shop).create()
        await shop.write(seed_anew)
        await shop.close()


def seed_anew(session: Session) -> None:
    for table in reversed(Base.metadata.sorted_tables):
        session.execute(delete(table))
    seed_demo_shop(session, model.now())


@asynccontextmanager
async def place(home: Path) -> AsyncIterator[Place]:
    """The whole desk, real but for the far ends of Telegram, Slack and the shop's own app."""
    async with fake_telegram() as telegram, fake_slack() as slack, rest_receiver() as rest, AsyncExitStack() as closing:
        channels = {
            "TELEGRAM_BOT_TOKEN": telegram_chats.TOKEN,
            "TELEGRAM_WEBHOOK_SECRET": telegram_chats.SECRET,
            "TELEGRAM_API_URL": telegram.url,
            "TELEGRAM_MODE": "webhook",
            "SLACK_BOT_TOKEN": slack_workspace.BOT_TOKEN,
            "SLACK_SIGNING_SECRET": slack_workspace.SIGNING_SECRET,
            "SLACK_API_URL": slack.api_url,
            "REST_SECRET": rest_server.SECRET,
            "REST_CALLBACK_URL": rest.url,
            "FRONTDESK_BOT_DEADLINE_SECONDS": "8",  # a busy machine is no part of the story
        }
        # In a thread: the servers above must go on answering while the desk starts.
        desk = running_stack(home, channels=channels)
        stack = await asyncio.to_thread(desk.__enter__)
        closing.push_async_callback(asyncio.to_thread, desk.__exit__, None, None, None)
        await asyncio.to_thread(stack.wait_for_bot)
        database = Database(stack.settings.database_url, connections=2)
        closing.callback(database.close)
        yield Place(World(stack.url, telegram, slack, rest, closing), database, home)


def newest(session: Session) -> Conversation:
    return session.scalars(select(Conversation).order_by(Conversation.created_at.desc()).limit(1)).one()


def stirring(session: Session) -> tuple[int, bool]:
    """How much was said, and whether anything is still to be answered or delivered."""
    conversation = newest(session)
    unsent = select(func.count()).where(
        OutboxItem.conversation_id == conversation.id, OutboxItem.state.in_(("pending", "sending"))
    )
    return conversation.last_seq, conversation.turn_due is not None or bool(session.scalar(unsent))


async def quiet(database: Database) -> None:
    """Wait until everything that was said is answered, and every answer has arrived."""
    said, since = -1, 0.0
    async with asyncio.timeout(PATIENCE_SECONDS):
        while said < 0 or time.monotonic() - since < QUIET_SECONDS:
            await asyncio.sleep(POLL_SECONDS)
            now, busy = database.read_now(stirring)
            if busy or now != said:
                said, since = -1 if busy else now, time.monotonic()


def told(session: Session) -> list[tuple[str, str]]:
    """``(author, text)`` of each message, what counts on taken out; of the desk's receipts what they are about."""
    lines = session.scalars(select(Message).where(Message.conversation_id == newest(session).id).order_by(Message.seq))
    return [
        (line.author, line.handoff["state"] if line.handoff else normalised(line.text))
        for line in lines
        if line.text not in OF_A_BUSY_MACHINE
    ]


def rated(session: Session) -> list[int | None]:
    """What the customer gave for each case of the newest conversation."""
    cases = select(Ticket.rating).where(Ticket.conversation_id == newest(session).id).order_by(Ticket.id)
    return list(session.scalars(cases))


def normalised(text: str) -> str:
    """Without days: midnight may pass between two tellings."""
    text = re.sub(r"\b[A-Z][a-z]+day \d+ [A-Z][a-z]+\b", "a day", text)
    return re.sub(r"\b(T|R|RT|RMA)-\d+\b", r"\1-…", re.sub(r"/documents/\S+", "/documents/…", text))


async def answers(customer: Customer, database: Database, *words: str) -> None:
    for text in words:
        await customer.says(text)
        await quiet(database)


async def takes_first_choices(customer: Customer, database: Database, tries: int = 4) -> None:
    """Whatever the bot still asks is answered by its first button."""
    for _ in range(tries):
        last = customer.heard()[-1]
        if not last.buttons:
            return
        await customer.presses(last, last.buttons[0])
        await quiet(database)


async def with_ana(customer: Customer, database: Database, key: str) -> Conversation:
    """Ana takes the conversation and says hello."""
    ana = database.read_now(lambda session: session.scalars(select(Agent.id).where(Agent.email == ANA.email)).one())
    now = datetime.now(UTC)
    held = database.write_now(holder.claim, database.read_now(newest).id, ana, now)
    database.write_now(replies.say, held.id, ana, key, f"Ana here, {key}.", now)
    await hears(customer, f"Ana here, {key}.", PATIENCE_SECONDS)
    return held


async def story(customer: Customer, database: Database) -> list[tuple[str, str]]:
    """The transcript of the whole story."""
    await answers(customer, database, "how long does delivery take?")
    await answers(customer, database, "where's my order 10288?", "omar.haddad@example.com")
    await answers(customer, database, "I want to return it")
    await takes_first_choices(customer, database)
    await answers(customer, database, "this is ridiculous, I am sick of this", "get me a real person now")
    held = await with_ana(customer, database, "one")
    note = "A courier comes on Friday."
    database.write_now(holder.hand_back, held.id, str(held.agent_id), held.epoch, note, datetime.now(UTC))
    await hears(customer, "A courier comes on Friday", PATIENCE_SECONDS)
    await answers(customer, database, "/human")
    held = await with_ana(customer, database, "two")
    database.write_now(holder.resolve, held.id, str(held.agent_id), held.epoch, None, datetime.now(UTC))
    asked = await hears(customer, "How did we do?", PATIENCE_SECONDS)
    await customer.presses(asked, "5")
    await quiet(database)
    return database.read_now(told)


@pytest.mark.timeout(1800)
async def test_the_real_bot_tells_the_same_story_on_every_channel(tmp_path: Path) -> None:
    stories, ratings = {}, {}
    async with place(tmp_path / "desk") as desk:
        for name, arrives in CHANNELS.items():
            await desk.opens_shop_anew()
            stories[name] = await story(await arrives(desk.world), desk.database)
            ratings[name] = desk.database.read_now(rated)
    for name, transcript in stories.items():
        assert transcript == stories["web"], name
        assert ratings[name] == [None, 5], name
    spoken = " ".join(text for _, text in stories["web"])
    for outcome in ("FD-10288", "queued", "connected", "ended", "A courier comes on Friday"):
        assert outcome in spoken
