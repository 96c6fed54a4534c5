"""Conversations in SQL. A read or write that fails raises; nobody ever talks to a blank tracker by accident.

A tracker is saved only onto the very rows it was made from: when another process has added to the conversation meanwhile,
what this one did is refused as a whole.
"""

import asyncio
import json
import os
import sqlite3
import time
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import URL, Connection, Engine, make_url

from bot.turn_result import FinishedTurn

TIMEOUT_SECONDS = 5
LOCKED_PAUSE_SECONDS = 0.01
KEPT_CONVERSATIONS = 500

EventRow = Any
"""`(id, data)` of a row of `bot_events`."""
Rows = Sequence[EventRow]

metadata = sa.MetaData()
events_table = sa.Table(
    "bot_events",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("sender_id", sa.String(255), nullable=False),
    # Set on the first event of each turn only. Unique per sender: a second Rasa process cannot save the turn again.
    sa.Column("message_id", sa.String(255)),
    sa.Column("type_name", sa.String(255), nullable=False),
    sa.Column("timestamp", sa.Float),
    sa.Column("data", sa.Text, nullable=False),
    sa.UniqueConstraint("sender_id", "message_id", name="uq_bot_events_turn"),
    sa.Index("ix_bot_events_sender", "sender_id", "id"),
    sqlite_autoincrement=True,
)

# Written once: what SQLAlchemy makes of a statement it has seen is found the faster for it.
MINE = events_table.c.sender_id == sa.bindparam("sender_id")
INSERT = sa.insert(events_table)
ROWS = sa.select(events_table.c.id, events_table.c.data).where(MINE).order_by(events_table.c.id)
SESSION_START = sa.select(sa.func.max(events_table.c.id)).where(
    MINE, events_table.c.type_name == SessionStarted.type_name
)
ROWS_OF_SESSION = ROWS.where(events_table.c.id >= sa.func.coalesce(SESSION_START.scalar_subquery(), 0))
LAST_ROW = sa.select(sa.func.max(events_table.c.id)).where(MINE)
FIRST_ROW_OF_TURN = sa.select(events_table.c.id).where(MINE, events_table.c.message_id == sa.bindparam("message_id"))
PLACES = sa.select(FIRST_ROW_OF_TURN.scalar_subquery(), LAST_ROW.scalar_subquery())


class SavedElsewhere(Exception):
    """The conversation has rows that the tracker to be saved does not know of. Nothing of it was saved."""


@dataclass(frozen=True)
class Place:
    """How far a tracker is saved: so many of its events, the last of them in the row with this id."""

    events: int = 0
    row: int | None = None


class StrictTrackerStore(TrackerStore):
    """One indexed lookup to open a turn, one check and one bulk insert to save it.

    The database is `BOT_DATABASE_URL`, by default a SQLite file in `FRONTDESK_HOME` (`var/`). The latest conversations are
    kept in memory, each used only while its last row is the database's.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        host: str | None = None,
        **_: Any,
    ) -> None:
        """`host` is the `url` of endpoints.yml; the environment wins over it. Connects on first use."""
        super().__init__(domain, event_broker)
        self.engine = _engine(database_url(host))
        self._ready = False
        self._kept: OrderedDict[str, DialogueStateTracker] = OrderedDict()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker since its last session start, or None for a new conversation."""
        # Whoever gets it may change it: it is kept again when it is saved.
        kept = self._kept.pop(sender_id, None)
        rows = await self._in_thread(_rows_unlike, sender_id, _place_of(kept))
        return kept if rows is None else self._tracker(sender_id, rows)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """The tracker with everything ever said."""
        return self._tracker(conversation_id, await self._in_thread(_all_rows, conversation_id))

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Appends the tracker's new events in one transaction. Raises SavedElsewhere."""
        await self.stream_events(tracker)
        new = list(tracker.events)[_place_of(tracker).events :]
        row = await self._in_thread(_append, tracker.sender_id, new, _place_of(tracker).row)
        vars(tracker)["_place"] = Place(len(tracker.events), row)
        self._kept[tracker.sender_id] = tracker
        if len(self._kept) > KEPT_CONVERSATIONS:
            self._kept.popitem(last=False)

    def forget(self, sender_ids: Iterable[str]) -> None:
        """Lets go of what is kept of these conversations in memory."""
        for sender_id in sender_ids:
            self._kept.pop(sender_id, None)

    async def keys(self) -> Iterable[str]:
        """Every sender id."""
        return await self._in_thread(_sender_ids)

    async def open_turn(self, sender_id: str, message_id: str) -> "FinishedTurn | DialogueStateTracker":
        """The turn that this message had, with the tracker as it stood at its end.

        When it had none: the tracker to begin it with, as from `retrieve`; empty for a new conversation.
        """
        kept = self._kept.pop(sender_id, None)
        had, rows = await self._in_thread(_opening, sender_id, message_id, _place_of(kept))
        if had is not None:
            before, during = had
            tracker = self._tracker(sender_id, [*before, *during])
            return FinishedTurn(list(tracker.events)[len(before) :], tracker)
        return (kept if rows is None else self._tracker(sender_id, rows)) or self.init_tracker(sender_id)

    def _tracker(self, sender_id: str, rows: Rows) -> DialogueStateTracker | None:
        if not rows:
            return None
        tracker = DialogueStateTracker.from_dict(sender_id, [json.loads(row.data) for row in rows], self.domain.slots)
        vars(tracker)["_place"] = Place(len(tracker.events), rows[-1].id)
        return tracker

    async def _in_thread(self, work: Any, *arguments: Any) -> Any:
        # A database that hangs must not hang the event loop, and with it /health.
        return await asyncio.to_thread(self._transact, work, *arguments)

    def _transact(self, work: Any, *arguments: Any) -> Any:
        if not self._ready:
            with self.engine.begin() as connection:
                _lock(connection, events_table.name)  # the first turns of all may come at once
                metadata.create_all(connection)
            self._ready = True
        with self.engine.begin() as connection:
            return work(connection, *arguments)


def database_url(configured: str | None = None) -> URL:
    """`BOT_DATABASE_URL`, else the configured one, else `sqlite:///<FRONTDESK_HOME>/bot.db`."""
    home = Path(os.environ.get("FRONTDESK_HOME", "var"))
    url = make_url(os.environ.get("BOT_DATABASE_URL") or configured or f"sqlite:///{home / 'bot.db'}")
    # The gateway's own driver (asyncpg) does not exist here.
    return url.set(drivername="postgresql+psycopg2") if url.get_backend_name() == "postgresql" else url


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "postgresql":
        waits = {
            "connect_timeout": TIMEOUT_SECONDS,
            "options": f"-c statement_timeout={TIMEOUT_SECONDS * 1000}",
        }
        return sa.create_engine(url, pool_pre_ping=True, connect_args=waits)
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        url,
        poolclass=sa.pool.QueuePool,
        connect_args={"timeout": TIMEOUT_SECONDS, "check_same_thread": False},
    )
    sa.event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: Any) -> None:
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA secure_delete=ON")


def _write_ahead(connection: Any) -> None:
    # Of two connections that turn a new file to WAL at once, SQLite refuses one, however long its timeout is.
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(LOCKED_PAUSE_SECONDS)
        else:
            return


def _opening(
    connection: Connection, sender_id: str, message_id: str, known: Place
) -> tuple[tuple[Rows, Rows] | None, Rows | None]:
    """(the message's own turn, if it had one; else what `_rows_unlike` gives)"""
    first, last = connection.execute(PLACES, {"sender_id": sender_id, "message_id": message_id}).one()
    if first is not None:
        return _turn(connection, sender_id, first), None
    is_known = known.row is not None and last == known.row
    return None, None if is_known else connection.execute(ROWS_OF_SESSION, {"sender_id": sender_id}).all()


def _rows_unlike(connection: Connection, sender_id: str, known: Place) -> Rows | None:
    """The rows since the last session start; None when the last of them is the known one."""
    if known.row is not None and _last_row(connection, sender_id) == known.row:
        return None
    return connection.execute(ROWS_OF_SESSION, {"sender_id": sender_id}).all()


def _all_rows(connection: Connection, sender_id: str) -> Rows:
    return connection.execute(ROWS, {"sender_id": sender_id}).all()


def _turn(connection: Connection, sender_id: str, first: int) -> tuple[Rows, Rows]:
    """(rows before the turn that begins with the row `first`, rows of the turn)"""
    row = events_table.c.id
    mine = {"sender_id": sender_id}
    begins_later = sa.select(sa.func.min(row)).where(MINE, row > first, events_table.c.message_id.is_not(None))
    next_turn = connection.scalar(begins_later, mine)
    during = ROWS.where(row >= first) if next_turn is None else ROWS.where(row >= first, row < next_turn)
    return connection.execute(ROWS.where(row < first), mine).all(), connection.execute(during, mine).all()


def _append(connection: Connection, sender_id: str, new: list[Event], after: int | None) -> int | None:
    """The id of the conversation's last row, which has to be `after` until now."""
    _lock(connection, sender_id)
    last = _last_row(connection, sender_id)
    if last != after:
        raise SavedElsewhere(f"{sender_id} went on in another process")
    if new:
        connection.execute(INSERT, _rows(sender_id, new))
        last = _last_row(connection, sender_id)
    return last


def _lock(connection: Connection, sender_id: str) -> None:
    """Until the transaction ends nobody else appends to the conversation: neither database locks for the check alone."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(sender_id))))
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _last_row(connection: Connection, sender_id: str) -> int | None:
    return connection.scalar(LAST_ROW, {"sender_id": sender_id})


def _rows(sender_id: str, events: list[Event]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {
            "sender_id": sender_id,
            "message_id": None,
            "type_name": event.type_name,
            "timestamp": event.timestamp,
            "data": json.dumps(event.as_dict()),
        }
        for event in events
    ]
    said = next((event for event in events if isinstance(event, UserUttered)), None)
    if said is not None:
        rows[0]["message_id"] = said.message_id
    return rows


def _sender_ids(connection: Connection) -> Sequence[str]:
    return connection.scalars(sa.select(events_table.c.sender_id).distinct()).all()


def _place_of(tracker: DialogueStateTracker | None) -> Place:
    """A tracker that was not read from here is a new conversation's."""
    place: Place = Place() if tracker is None else vars(tracker).get("_place", Place())
    return place
