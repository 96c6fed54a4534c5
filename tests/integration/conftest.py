"""What holds wherever parts of the desk are put together."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from handoff import passwords


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The real hashes are slow on purpose; their strength has its own test."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1))
    passwords._hash_of_nobody.cache_clear()
    yield
    passwords._hash_of_nobody.cache_clear()
