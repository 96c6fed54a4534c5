"""Conversations in SQL. A read or write that fails raises; nobody ever talks to a blank tracker by accident."""

import asyncio
import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted, UserUttered, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import URL, Connection, Engine, make_url

from bot.turn_result import FinishedTurn

TIMEOUT_SECONDS = 5

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


class StrictTrackerStore(TrackerStore):
    """One indexed read to load a conversation, one count and one bulk insert to save a turn.

    The database is `BOT_DATABASE_URL`, by default a SQLite file in `FRONTDESK_HOME` (`var/`).
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

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker since its last session start, or None for a new conversation."""
        return self._tracker(sender_id, await self._in_thread(_session_events, sender_id))

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """The tracker with everything ever said."""
        return self._tracker(conversation_id, await self._in_thread(_all_events, conversation_id))

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Appends the tracker's new events in one transaction."""
        await self.stream_events(tracker)
        await self._in_thread(_append, tracker)

    async def keys(self) -> Iterable[str]:
        """Every sender id."""
        return await self._in_thread(_sender_ids)

    async def finished_turn(self, sender_id: str, message_id: str) -> FinishedTurn | None:
        """The turn that this message had, with the tracker as it stood at its end; None when it had none."""
        found = await self._in_thread(_turn, sender_id, message_id)
        if found is None:
            return None
        before, during = found
        tracker = self._tracker(sender_id, [*before, *during])
        return FinishedTurn(deserialise_events([json.loads(data) for data in during]), tracker)

    def _tracker(self, sender_id: str, events: Sequence[str]) -> DialogueStateTracker | None:
        if not events:
            return None
        return DialogueStateTracker.from_dict(sender_id, [json.loads(data) for data in events], self.domain.slots)

    async def _in_thread(self, work: Any, *arguments: Any) -> Any:
        # A database that hangs must not hang the event loop, and with it /health.
        return await asyncio.to_thread(self._transact, work, *arguments)

    def _transact(self, work: Any, *arguments: Any) -> Any:
        if not self._ready:
            metadata.create_all(self.engine)
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
        pool_pre_ping=True,
        poolclass=sa.pool.QueuePool,
        connect_args={"timeout": TIMEOUT_SECONDS, "check_same_thread": False},
    )
    sa.event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA secure_delete=ON")


def _session_events(connection: Connection, sender_id: str) -> Sequence[str]:
    started = _session_start(sender_id).scalar_subquery()
    since = sa.func.coalesce(started, 0)
    return connection.scalars(_data_of(sender_id).where(events_table.c.id >= since)).all()


def _all_events(connection: Connection, sender_id: str) -> Sequence[str]:
    return connection.scalars(_data_of(sender_id)).all()


def _turn(connection: Connection, sender_id: str, message_id: str) -> tuple[Sequence[str], Sequence[str]] | None:
    """(events before the turn, events of the turn)"""
    mine = events_table.c.sender_id == sender_id
    first = connection.scalar(sa.select(events_table.c.id).where(mine, events_table.c.message_id == message_id))
    if first is None:
        return None
    next_turn = connection.scalar(
        sa.select(sa.func.min(events_table.c.id)).where(
            mine, events_table.c.id > first, events_table.c.message_id.is_not(None)
        )
    )
    during = _data_of(sender_id).where(events_table.c.id >= first)
    if next_turn is not None:
        during = during.where(events_table.c.id < next_turn)
    before = _data_of(sender_id).where(events_table.c.id < first)
    return connection.scalars(before).all(), connection.scalars(during).all()


def _append(connection: Connection, tracker: DialogueStateTracker) -> None:
    stored = connection.scalar(
        sa.select(sa.func.count())
        .select_from(events_table)
        .where(
            events_table.c.sender_id == tracker.sender_id,
            events_table.c.id >= sa.func.coalesce(_session_start(tracker.sender_id).scalar_subquery(), 0),
        )
    )
    new = list(tracker.events)[stored:]
    if new:
        connection.execute(sa.insert(events_table), _rows(tracker.sender_id, new))


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


def _session_start(sender_id: str) -> Any:
    return sa.select(sa.func.max(events_table.c.id)).where(
        events_table.c.sender_id == sender_id, events_table.c.type_name == SessionStarted.type_name
    )


def _data_of(sender_id: str) -> Any:
    return sa.select(events_table.c.data).where(events_table.c.sender_id == sender_id).order_by(events_table.c.id)
