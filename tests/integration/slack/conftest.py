"""A whole gateway with Slack on, between a fake Slack and a fake Rasa."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from connectors.gateway.settings import Settings
from handoff.database import Database
from tests.fake_rasa import FakeRasa
from tests.fakes.slack_server import FakeSlack
from tests.running_gateway import desk_settings, running_gateway, until


@pytest.fixture
def settings(database_url: str, rasa: FakeRasa, slack: FakeSlack, tmp_path: Path) -> Settings:
    return desk_settings(
        tmp_path,
        database_url,
        rasa,
        **slack.settings,
    )


@pytest.fixture
async def gateway(settings: Settings, slack: FakeSlack) -> AsyncIterator[str]:
    """The address of a running gateway, which ``slack`` sends its events to."""
    async with running_gateway(settings) as url:
        slack.gateway = url
        await until(lambda: slack.calls["auth.test"] > 0)
        yield url


@pytest.fixture
async def desk(database_url: str, gateway: str) -> AsyncIterator[Database]:
    """The gateway's own database, to look into."""
    database = Database(database_url)
    yield database
    database.close()
