"""The day of ``bench/waiting_day.py``, with fewer customers: everybody is served, and the ranges they were told hold up."""

import random
from collections import Counter

import pytest
from sqlalchemy import select

from bench.waiting_day import add_staff, simulate
from handoff import waiting
from handoff.database import Database
from handoff.schema import Ticket
from tests.people import NOON


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_day_at_the_desk(database: Database) -> None:
    staff = add_staff(database, 1, NOON)
    simulate(database, random.Random(1), 45, staff, NOON)  # noqa: S311 - the same made-up day each time
    tickets = database.read_now(lambda session: session.scalars(select(Ticket)).all())
    assert Counter(ticket.state for ticket in tickets) == {"resolved": 45}
    known = database.read_now(waiting.calibration)
    assert known.told >= 30
    assert known.inside / known.told >= 0.7
