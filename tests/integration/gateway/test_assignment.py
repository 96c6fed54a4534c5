"""The measurement of ``bench/assignment_latency.py``, with fewer customers and no timer to fall back on."""

import pytest

from bench.assignment_latency import measure
from connectors.gateway import clock
from handoff.database import Database


async def test_every_handoff_is_offered_at_once_by_its_hint_alone(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "POLL_SECONDS", 3600)
    assert len(await measure(database, people=20, customers=15)) == 15
