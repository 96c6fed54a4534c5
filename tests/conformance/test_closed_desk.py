"""Outside opening hours, on every channel: an ask for a person gets a ticket and a time, which is kept as a promise."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from handoff.database import Database
from handoff.schema import Ticket
from tests.conformance.conftest import hears
from tests.conformance.customer import Customer


@pytest.fixture(autouse=True)
def closed_today(tmp_path: Path) -> None:
    """The desk opens the day after tomorrow."""
    day = (datetime.now(UTC) + timedelta(days=2)).strftime("%A").lower()
    hours = f'[hours]\ntime_zone = "UTC"\nplace = "Portland"\n{day} = ["10:00-18:00"]\nanswer_within_minutes = 60\n'
    (tmp_path / "desk.toml").write_text(hours, encoding="utf-8")


async def test_an_ask_gets_a_ticket_and_a_time(maya: Customer, database: Database) -> None:
    await maya.says("I want to talk to a person")
    receipt = await hears(maya, "Nobody is at the desk right now.")
    [ticket] = database.read_now(lambda session: session.scalars(select(Ticket)).all())
    assert f"T-{1000 + ticket.id}" in receipt.text
    assert "11 am" in receipt.text
    await maya.says("/human")
    await maya.says("it is about the blue vase")
    await hears(maya, "blue vase")
    assert len(database.read_now(lambda session: session.scalars(select(Ticket)).all())) == 1
