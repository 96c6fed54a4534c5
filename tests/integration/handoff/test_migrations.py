"""A database from before is brought up to date with nothing lost, and back."""

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from handoff import promises
from handoff.database import MIGRATIONS, Database, normalise
from tests.databases import bare_postgres_database
from tests.people import at


@pytest.fixture(params=["sqlite", "postgres"])
def old_desk(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database of each kind as the first release made it."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'desk.db'}"
    else:
        url = bare_postgres_database(request.getfixturevalue("postgres_server"))
    command.upgrade(config(url), "0001")
    return url


def config(url: str) -> Config:
    alembic = Config()
    alembic.set_main_option("script_location", str(MIGRATIONS))
    alembic.attributes["url"] = normalise(url)
    return alembic


CONVERSATION = """
    INSERT INTO conversation (id, channel, address, holder, epoch, case_no, last_seq, profile, slots, customer_seen_seq,
                              desk_seen_seq, created_at, updated_at)
    VALUES (:conversation, 'web', :conversation, 'queue', 0, 1, 0, '{}', '{}', 0, 0, :asked, :asked)
"""
TICKET = """
    INSERT INTO ticket (conversation_id, case_no, reason, evidence, priority, state, queued_at, first_reply_at, promised_at,
                        skills, opening)
    VALUES (:conversation, 1, 'asked', '[]', 0, :state, :asked, :replied, :promised, '[]', '{}')
"""
ASKED, REPLIED, PROMISED = "2026-03-02 12:00:00", "2026-03-02 17:00:00", "2026-03-02 18:00:00"


def run(url: str, statement: str, **values: str | None) -> list[object]:
    """The first column of what comes back, if anything does."""
    engine = create_engine(normalise(url))
    with engine.begin() as connection:
        result = connection.execute(text(statement), values)
        rows = list(result.scalars()) if result.returns_rows else []
    engine.dispose()
    return rows


def old_ticket(url: str, conversation: str, state: str, replied: str | None) -> None:
    run(url, CONVERSATION, conversation=conversation, asked=ASKED)
    run(url, TICKET, conversation=conversation, state=state, asked=ASKED, replied=replied, promised=PROMISED)


def test_promises_on_tickets_become_the_ledger_and_can_go_back(old_desk: str) -> None:
    old_ticket(old_desk, "c_maya", "queued", None)
    old_ticket(old_desk, "c_omar", "claimed", REPLIED)
    old_ticket(old_desk, "c_priya", "cancelled", None)
    command.upgrade(config(old_desk), "head")
    database = Database(old_desk)
    states = [
        database.read_now(promises.of_conversation, one, at(60))[0]["state"] for one in ("c_maya", "c_omar", "c_priya")
    ]
    assert states == ["open", "kept", "released"]
    assert database.read_now(promises.listed, at(60))[0]["due_at"] == "2026-03-02T18:00:00.000Z"
    database.close()
    command.downgrade(config(old_desk), "0001")
    assert len(run(old_desk, "SELECT promised_at FROM ticket WHERE promised_at IS NOT NULL")) == 3
