"""A shop of its own for every test, seeded as on a first run."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from actions.shop.counter import Counter, close_counter, counter
from tests.databases import bare_postgres_database


@pytest.fixture(params=["sqlite", "postgres"])
def shop_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database of each kind, as an operator writes it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'shop.db'}"
    return bare_postgres_database(request.getfixturevalue("postgres_server"))


@pytest.fixture
async def shop_counter(shop_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Counter]:
    monkeypatch.setenv("SHOP_DATABASE_URL", shop_url)
    monkeypatch.setenv("FRONTDESK_HOME", str(tmp_path))
    yield await counter()
    await close_counter()
