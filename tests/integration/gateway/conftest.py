"""A whole gateway in the test's own event loop, with a fake Rasa server behind it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from connectors.gateway.settings import Settings
from tests.fake_rasa import FakeRasa
from tests.running_gateway import desk_settings, running_gateway


@pytest.fixture
def settings(database_url: str, rasa: FakeRasa, tmp_path: Path) -> Settings:
    return desk_settings(tmp_path, database_url, rasa, allowed_origins=("https://shop.example",))


@pytest.fixture
async def gateway(settings: Settings) -> AsyncIterator[str]:
    """The address of a running gateway."""
    async with running_gateway(settings) as url:
        yield url
