"""A shop of its own for every test, seeded as on a first run."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from actions.shop import counter as shop_counter_module
from actions.shop.counter import Counter, close_counter, counter


@pytest.fixture
async def shop_counter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Counter]:
    monkeypatch.setenv("SHOP_DATABASE_URL", f"sqlite:///{tmp_path / 'shop.db'}")
    monkeypatch.setenv("FRONTDESK_HOME", str(tmp_path))
    begun = shop_counter_module.now()
    monkeypatch.setattr(shop_counter_module, "now", lambda: begun)  # links are those of one day, whenever midnight is
    yield await counter()
    await close_counter()
