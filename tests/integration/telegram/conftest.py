"""A whole gateway whose Telegram is a fake Bot API server on this machine."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from connectors.gateway.settings import Settings
from handoff.database import Database, migrate
from tests.fake_rasa import FakeRasa, fake_rasa
from tests.fakes import telegram_server
from tests.fakes.telegram_server import FakeTelegram, fake_telegram
from tests.running_gateway import desk_settings, running_gateway


@pytest.fixture
async def rasa() -> AsyncIterator[FakeRasa]:
    async with fake_rasa() as server:
        yield server


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with fake_telegram() as server:
        yield server


@pytest.fixture
def telegram_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """SQLite; in tests that use the fixture ``database_url``, each kind of database in turn."""
    if "database_url" in request.fixturenames:
        return str(request.getfixturevalue("database_url"))
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    migrate(url)
    return url


@pytest.fixture
def settings(telegram_database_url: str, tmp_path: Path, rasa: FakeRasa, telegram: FakeTelegram) -> Settings:
    return desk_settings(
        tmp_path,
        telegram_database_url,
        rasa,
        telegram_bot_token=SecretStr(telegram_server.TOKEN),
        telegram_webhook_secret=SecretStr(telegram_server.SECRET),
        telegram_api_url=telegram.url,
        telegram_mode="webhook",
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
