"""A whole gateway whose Telegram is a fake Bot API server on this machine."""

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from sanic import Sanic

from connectors.gateway.app import create_app
from connectors.gateway.settings import Settings
from handoff.database import Database, migrate
from tests.fake_rasa import TOKEN, FakeRasa, fake_rasa
from tests.fakes import telegram_server
from tests.fakes.telegram_server import FakeTelegram, fake_telegram


@pytest.fixture
async def rasa() -> AsyncIterator[FakeRasa]:
    async with fake_rasa() as server:
        yield server


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with fake_telegram() as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path, rasa: FakeRasa, telegram: FakeTelegram) -> Settings:
    (tmp_path / "desk.toml").touch()  # no hours: open, whenever these tests run
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    migrate(url)
    return Settings(
        home=tmp_path,
        database_url=url,
        internal_token=SecretStr(TOKEN),
        rasa_urls=(rasa.url,),
        bot_deadline_seconds=0.5,
        telegram_bot_token=SecretStr(telegram_server.TOKEN),
        telegram_webhook_secret=SecretStr(telegram_server.SECRET),
        telegram_api_url=telegram.url,
        telegram_mode="webhook",
    )


@pytest.fixture
async def gateway(settings: Settings) -> AsyncIterator[str]:
    """The address of a running gateway."""
    Sanic.test_mode = True
    app = create_app(settings)
    listening = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
    assert server is not None
    await server.startup()
    await server.before_start()
    await server.after_start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    await server.before_stop()
    server.close()
    await server.after_stop()


@pytest.fixture
def database(settings: Settings, gateway: str) -> Database:
    """The running gateway's own database."""
    return Database(settings.database_url, connections=1)
