"""A whole gateway with Slack on, between a fake Slack and a fake Rasa."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from pydantic import SecretStr
from sanic import Sanic

from connectors.gateway.app import create_app
from connectors.gateway.settings import Settings
from handoff.database import Database
from tests.fake_rasa import TOKEN, FakeRasa, fake_rasa
from tests.fakes.slack_server import BOT_TOKEN, SIGNING_SECRET, FakeSlack, fake_slack


@pytest.fixture
async def rasa() -> AsyncIterator[FakeRasa]:
    async with fake_rasa() as server:
        yield server


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with fake_slack() as server:
        yield server


@pytest.fixture
def settings(database_url: str, rasa: FakeRasa, slack: FakeSlack, tmp_path: Path) -> Settings:
    (tmp_path / "desk.toml").touch()  # no hours: open, whenever these tests run
    return Settings(
        home=tmp_path,
        database_url=database_url,
        internal_token=SecretStr(TOKEN),
        rasa_urls=(rasa.url,),
        bot_deadline_seconds=0.5,
        slack_bot_token=SecretStr(BOT_TOKEN),
        slack_signing_secret=SecretStr(SIGNING_SECRET),
        slack_api_url=slack.api_url,
    )


@pytest.fixture
async def gateway(settings: Settings, slack: FakeSlack) -> AsyncIterator[str]:
    """The address of a running gateway, which ``slack`` sends its events to."""
    Sanic.test_mode = True
    app = create_app(settings)
    listening = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
    assert server is not None
    await server.startup()
    await server.before_start()
    await server.after_start()
    slack.gateway = f"http://127.0.0.1:{listening.getsockname()[1]}"
    await until(lambda: slack.calls["auth.test"] > 0)
    yield slack.gateway
    await server.before_stop()
    server.close()
    await server.after_stop()


@pytest.fixture
async def desk(database_url: str, gateway: str) -> AsyncIterator[Database]:
    """The gateway's own database, to look into."""
    database = Database(database_url)
    yield database
    database.close()


async def until(condition: Callable[[], object], seconds: float = 15.0) -> None:
    """Wait until it is so."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come about in time"
        await asyncio.sleep(0.02)
