"""A desk that was run with the first release keeps everything when it is upgraded."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, MetaData, create_engine, insert, select, update

from handoff import holder, inbox, listing, replies
from handoff.brief import brief
from handoff.database import MIGRATIONS, Database, migrate, normalise
from handoff.inbox import Inbound
from handoff.schema import Conversation
from handoff.transcript import messages
from tests.databases import bare_postgres_database

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
EVENING = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
MOVED = {"ticket": {"promised_at"}}
"""What is kept in another table since."""
CONVERSATION: dict[str, Any] = {
    "holder": "bot",
    "epoch": 0,
    "case_no": 1,
    "last_seq": 0,
    "profile": {"plan": "gold"},
    "slots": {"order_number": "FD-10412"},
    "customer_seen_seq": 0,
    "desk_seen_seq": 0,
    "created_at": NOON,
    "updated_at": NOON,
}
TICKET: dict[str, Any] = {
    "case_no": 1,
    "reason": "asked",
    "evidence": [{"kind": "asked", "text": "They asked for a person."}],
    "priority": 0,
    "queued_at": NOON,
    "skills": ["returns"],
    "opening": {"slots": {}},
}
ROWS: list[tuple[str, dict[str, Any]]] = [
    (
        "agent",
        {
            "id": "a_ana",
            "email": "ana@juniperandfinch.example",
            "name": "Ana",
            "role": "agent",
            "password_hash": "-",
            "present": True,
            "present_at": NOON,
            "capacity": 4,
            "skills": ["returns"],
            "failed_sign_ins": 0,
            "created_at": NOON,
        },
    ),
    (
        "conversation",
        {
            **CONVERSATION,
            "id": "c_maya",
            "channel": "web",
            "address": "maya",
            "holder": "queue",
            "epoch": 1,
            "last_seq": 2,
        },
    ),
    (
        "conversation",
        {
            **CONVERSATION,
            "id": "c_omar",
            "channel": "telegram",
            "address": "77",
            "holder": "agent",
            "agent_id": "a_ana",
            "epoch": 2,
            "customer_name": "Omar",
        },
    ),
    *[
        (
            "message",
            {
                "conversation_id": "c_maya",
                "seq": seq,
                "case_no": 1,
                "author": author,
                "text": text,
                "buttons": [],
                "files": [],
                "at": NOON,
            },
        )
        for seq, author, text in ((1, "customer", "a person please"), (2, "system", "I've asked for a person."))
    ],
    (
        "inbox",
        {
            "channel": "web",
            "dedupe_key": "m1",
            "conversation_id": "c_maya",
            "seq": 1,
            "asks_for_person": True,
            "state": "done",
            "outcome": "escalated",
            "attempts": 0,
            "received_at": NOON,
            "done_at": NOON,
        },
    ),
    (
        "outbox",
        {
            "conversation_id": "c_maya",
            "seq": 2,
            "channel": "web",
            "author": "system",
            "epoch": 1,
            "state": "sent",
            "attempts": 1,
            "not_before": NOON,
            "parts_sent": 1,
        },
    ),
    *[
        (
            "ownership",
            {
                "conversation_id": conversation_id,
                "epoch": epoch,
                "holder_before": before,
                "holder_after": after,
                "actor": "customer",
                "reason": "asked",
                "at": NOON,
            },
        )
        for conversation_id, epoch, before, after in (
            ("c_maya", 1, "bot", "queue"),
            ("c_omar", 1, "bot", "queue"),
            ("c_omar", 2, "queue", "agent"),
        )
    ],
    ("ticket", {**TICKET, "conversation_id": "c_maya", "state": "queued", "promised_at": EVENING}),
    ("ticket", {**TICKET, "conversation_id": "c_omar", "state": "claimed", "agent_id": "a_ana", "claimed_at": NOON}),
    ("offer", {"ticket_id": 1, "agent_id": "a_ana", "made_at": NOON, "until": NOON, "state": "open"}),
    ("note", {"id": "n_1", "conversation_id": "c_omar", "agent_id": "a_ana", "text": "call the carrier", "at": NOON}),
]


@pytest.fixture(params=["sqlite", "postgres"])
def first_release(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database that the first release made and worked with."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'desk.db'}"
    else:
        url = bare_postgres_database(request.getfixturevalue("postgres_server"))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = normalise(url)
    command.upgrade(config, "0001")
    with _opened(url) as engine, engine.begin() as connection:
        tables = _tables(engine)
        for name, row in ROWS:
            connection.execute(insert(tables.tables[name]).values(row))
    return url


def test_an_upgrade_keeps_every_row_as_it_was(first_release: str) -> None:
    before = _everything(first_release)
    assert sum(map(len, before.values())) == len(ROWS) + 1, "the rows, and the version"
    migrate(first_release)
    after = _everything(first_release)
    for table, rows in before.items():
        if table == "alembic_version":
            continue
        columns = set(rows[0]) - MOVED.get(table, set()) if rows else set()
        assert _only(columns, after[table]) == _only(columns, rows), table
    [promise] = after["promise"]
    assert (promise["conversation_id"], promise["ticket_id"], promise["state"]) == ("c_maya", 1, "open")
    due_at: datetime = promise["due_at"]
    assert (due_at if due_at.tzinfo else due_at.replace(tzinfo=UTC)) == EVENING


def test_a_message_whose_acknowledgement_the_upgrade_cut_off_is_still_known(first_release: str) -> None:
    address, sent_as = "5e" * 32, "0b7b5f0e-6a4e-4a5c-9d0c-2f1f7d3f9a11"
    with _opened(first_release) as engine, engine.begin() as connection:
        tables = _tables(engine)
        where = tables.tables["conversation"]
        connection.execute(update(where).where(where.c.id == "c_maya").values(address=address))
        connection.execute(update(tables.tables["inbox"]).values(dedupe_key=f"{address}:{sent_as}"))
    migrate(first_release)
    database = Database(first_release)
    again = Inbound("web", address, dedupe_key=None, text="a person please", client_id=sent_as)
    accepted = database.write_now(inbox.accept, again, EVENING)
    assert (accepted.conversation_id, accepted.seq, accepted.duplicate) == ("c_maya", 1, True)
    database.close()


def test_the_upgraded_desk_goes_on_where_it_was(first_release: str) -> None:
    migrate(first_release)
    database = Database(first_release)
    queue = database.read_now(listing.queue_page, select(Conversation), None, 10).conversations
    assert [(one["id"], one["ticket"] and one["ticket"]["position"], one["snooze"]) for one in queue] == [
        ("c_maya", 1, None)
    ]
    database.write_now(holder.claim, "c_maya", "a_ana", NOON)
    database.write_now(replies.say, "c_maya", "a_ana", "m-1", "Hello Maya", NOON)
    said = [message["text"] for message in database.read_now(messages, "c_maya")]
    assert said == [
        "a person please",
        "I've asked for a person.",
        "Ana has joined and can see everything above.",
        "Hello Maya",
    ]
    database.read_now(lambda session: brief(session, session.get_one(Conversation, "c_omar")))
    database.write_now(holder.resolve, "c_omar", "a_ana", 2, None, NOON)
    database.close()


def _only(columns: set[str], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{column: row[column] for column in columns} for row in rows]


@contextmanager
def _opened(url: str) -> Iterator[Engine]:
    engine = create_engine(normalise(url))
    yield engine
    engine.dispose()


def _tables(engine: Engine) -> MetaData:
    """As the database has them, not as the code believes."""
    tables = MetaData()
    tables.reflect(engine)
    return tables


def _everything(url: str) -> dict[str, list[dict[str, Any]]]:
    with _opened(url) as engine, engine.connect() as connection:
        return {
            table.name: [dict(row._mapping) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in _tables(engine).sorted_tables
        }
