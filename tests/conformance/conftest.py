"""One gateway with every channel on, and a customer on each of them in turn.

A new channel adds its fake server's settings to ``settings`` and its customer to ``CHANNELS``; every test then runs on it.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from connectors.gateway.settings import Settings
from handoff.database import Database
from tests.chat_client import chatting
from tests.conformance.customer import Customer, Heard
from tests.conformance.rest_customer import RestCustomer
from tests.conformance.slack_customer import SlackCustomer
from tests.conformance.telegram_customer import TelegramCustomer
from tests.conformance.web_customer import WebCustomer
from tests.databases import new_sqlite_database
from tests.fake_rasa import FakeRasa
from tests.fakes import rest_receiver as rest_server
from tests.fakes.rest_receiver import RestReceiver, rest_receiver
from tests.fakes.slack_server import FakeSlack
from tests.fakes.telegram_server import FakeTelegram
from tests.running_gateway import PATIENCE_SECONDS, desk_settings, running_gateway


@dataclass
class World:
    """What a customer may need of the test's servers."""

    gateway: str
    telegram: FakeTelegram
    slack: FakeSlack
    rest: RestReceiver
    closing: AsyncExitStack


_people = itertools.count(1001)


async def on_web(world: World) -> Customer:
    return WebCustomer(world.gateway, await world.closing.enter_async_context(chatting(world.gateway)))


async def on_telegram(world: World) -> Customer:
    return TelegramCustomer(world.gateway, world.telegram, next(_people))


async def on_slack(world: World) -> Customer:
    world.slack.gateway = world.gateway
    return SlackCustomer(world.slack, next(_people))


async def on_rest(world: World) -> Customer:
    world.rest.gateway = world.gateway
    return RestCustomer(world.rest, next(_people))


CHANNELS: dict[str, Callable[[World], Awaitable[Customer]]] = {
    "web": on_web,
    "telegram": on_telegram,
    "slack": on_slack,
    "rest": on_rest,
}

Arrive = Callable[[], Awaitable[Customer]]


@pytest.fixture
async def rest() -> AsyncIterator[RestReceiver]:
    async with rest_receiver() as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path, rasa: FakeRasa, telegram: FakeTelegram, slack: FakeSlack, rest: RestReceiver) -> Settings:
    url = new_sqlite_database(tmp_path)
    return desk_settings(
        tmp_path,
        url,
        rasa,
        **telegram.settings,
        **slack.settings,
        rest_secret=SecretStr(rest_server.SECRET),
        rest_callback_url=rest.url,
    )


@pytest.fixture
async def gateway(settings: Settings) -> AsyncIterator[str]:
    """The address of a running gateway."""
    async with running_gateway(settings) as url:
        yield url


@pytest.fixture
def database(settings: Settings, gateway: str) -> Database:
    """The running gateway's own database."""
    return Database(settings.database_url, connections=1)


@pytest.fixture(params=CHANNELS)
async def arrive(
    request: pytest.FixtureRequest, gateway: str, telegram: FakeTelegram, slack: FakeSlack, rest: RestReceiver
) -> AsyncIterator[Arrive]:
    """Brings one more customer to the channel under test."""
    async with AsyncExitStack() as closing:
        world = World(gateway, telegram, slack, rest, closing)
        yield lambda: CHANNELS[request.param](world)


@pytest.fixture
async def maya(arrive: Arrive) -> Customer:
    return await arrive()


async def hears(customer: Customer, text: str, seconds: float = PATIENCE_SECONDS) -> Heard:
    """Wait until one of the replies that the customer sees contains ``text``."""
    try:
        async with asyncio.timeout(seconds):
            while not any(text in heard.text for heard in customer.heard()):
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"heard only {[heard.text for heard in customer.heard()]}") from None
    return next(heard for heard in customer.heard() if text in heard.text)
