"""A whole gateway whose Telegram is a fake Bot API server on this machine."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.gateway.settings import Settings
from handoff import agent_links
from handoff.database import Database
from tests.databases import new_sqlite_database
from tests.fake_rasa import FakeRasa
from tests.fakes.telegram_chats import Shown
from tests.fakes.telegram_server import FakeTelegram
from tests.integration.telegram.agents_group import ANA, BEN, DESK, MAYA, Desk, add_account
from tests.running_gateway import desk_settings, running_gateway


@pytest.fixture
def telegram_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """SQLite; in tests that use the fixture ``database_url``, each kind of database in turn."""
    if "database_url" in request.fixturenames:
        return str(request.getfixturevalue("database_url"))
    return new_sqlite_database(tmp_path)


@pytest.fixture
def settings(telegram_database_url: str, tmp_path: Path, rasa: FakeRasa, telegram: FakeTelegram) -> Settings:
    return desk_settings(
        tmp_path,
        telegram_database_url,
        rasa,
        **telegram.settings,
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


@pytest.fixture(params=["replies", "topics"])
def kind_of_group(request: pytest.FixtureRequest, telegram: FakeTelegram) -> str:
    """A plain group, whose threads are answers to cards, and a forum, with a topic for each case."""
    if request.param == "topics":
        telegram.forums[DESK] = {}
    return str(request.param)


@pytest.fixture
async def desk(gateway: str, telegram: FakeTelegram, database: Database) -> AsyncIterator[Desk]:
    """Ana and Ben have accounts and are linked; Cleo is a stranger."""
    desk = Desk(gateway, telegram, database)
    for name, user in (("Ana", ANA), ("Ben", BEN)):
        agent_id = add_account(database, name)
        database.write_now(agent_links.link, "telegram", str(user), agent_id, f"token-{name}", datetime.now(UTC))
    yield desk
    database.close()


@pytest.fixture
async def card(desk: Desk) -> Shown:
    """Maya asked for a person; the card is there."""
    await desk.maya_says("where is order 10412?")
    await desk.telegram.shows(MAYA, "You said")
    await desk.maya_says("let me talk to a human")
    await desk.telegram.shows(MAYA, "in line")
    return await desk.card()
