"""Where the truth is kept: SQLite (WAL) on one machine, Postgres when a shop grows.

Domain code is plain functions over a SQLAlchemy ``Session``. The gateway's event loop calls them through
:meth:`Database.write` and :meth:`Database.read`: one hop to a thread for a whole transaction, not one per statement.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from handoff.desk_rules import ALWAYS_OPEN, DeskRules
from handoff.write_queue import WriteQueue

P = ParamSpec("P")
T = TypeVar("T")

MIGRATIONS = Path(__file__).parent / "migrations"
# Postgres asks for these to be tried again: serialization_failure, deadlock_detected.
RETRYABLE_SQLSTATES = {"40001", "40P01"}


def normalise(url: str) -> str:
    """The driver we ship for each database: ``postgres://…`` becomes psycopg 3, ``sqlite…`` the standard library's."""
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    if backend == "sqlite":
        return parsed.set(drivername="sqlite").render_as_string(hide_password=False)
    raise ValueError(f"DATABASE_URL: {backend} is not supported; use sqlite:///… or postgresql://…")


class Database:
    """Transactions on one database, from threads (``write_now``, ``read_now``) or from the event loop (``write``, ``read``)."""

    def __init__(self, url: str, connections: int = 8, rules: DeskRules = ALWAYS_OPEN) -> None:
        self.url = normalise(url)
        self._info = {"desk_rules": rules}
        self.is_sqlite = self.url.startswith("sqlite")
        if self.is_sqlite:
            _make_parent_folder(self.url)
            # SQLite takes one writer at a time: one thread that queues fairly beats many that poll a lock.
            self._writer = _sqlite_engine(self.url, begin="BEGIN IMMEDIATE", connections=1)
            self._reader = _sqlite_engine(self.url, begin="BEGIN", connections=connections)
            self._queue: WriteQueue | None = WriteQueue(self._writer, self._info, self.write_now)
        else:
            self._writer = create_engine(
                self.url, pool_size=connections, max_overflow=connections, pool_pre_ping=True, pool_timeout=5
            )
            # Else each statement of a read sees another moment, and may show words that a claim is taking back.
            self._reader = self._writer.execution_options(isolation_level="REPEATABLE READ")
            self._queue = None
        self._write_threads = ThreadPoolExecutor(connections, thread_name_prefix="db-write")
        # Leaves a thread's worth of room for write_first.
        self._patient = asyncio.Semaphore(max(1, connections - 1))
        self._read_threads = ThreadPoolExecutor(connections, thread_name_prefix="db-read")

    def write_now(self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``work(session, …)`` in one read-write transaction, again when the database asks for it."""
        retrying = Retrying(
            retry=retry_if_exception(_is_passing),
            stop=stop_after_attempt(4),
            wait=wait_random_exponential(0.02, 0.5),
            reraise=True,
        )
        for attempt in retrying:
            with attempt, self._session(self._writer) as session, session.begin():
                return work(session, *args, **kwargs)
        raise AssertionError("unreachable: the last attempt raises")

    def read_now(self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``work(session, …)`` on one consistent snapshot."""
        with self._session(self._reader) as session, session.begin():
            return work(session, *args, **kwargs)

    async def write(self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """:meth:`write_now` off the event loop. A cancelled caller does not undo the commit."""
        if self._queue is not None:
            return await _finished(self._queue.put(lambda session: work(session, *args, **kwargs), first=False))
        async with self._patient:
            return await self.write_first(work, *args, **kwargs)

    async def write_first(self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """:meth:`write`, but ahead of all that waits there: for what a channel waits to hear acknowledged."""
        if self._queue is not None:
            return await _finished(self._queue.put(lambda session: work(session, *args, **kwargs), first=True))
        return await _finished(self._write_threads.submit(lambda: self.write_now(work, *args, **kwargs)))

    async def read(self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """:meth:`read_now` off the event loop."""
        return await _finished(self._read_threads.submit(lambda: self.read_now(work, *args, **kwargs)))

    def _session(self, engine: Engine) -> Session:
        return Session(engine, expire_on_commit=False, info=self._info)

    def close(self) -> None:
        if self._queue is not None:
            self._queue.close()
        else:
            self._write_threads.shutdown(wait=True, cancel_futures=True)
        self._read_threads.shutdown(wait=True, cancel_futures=True)
        self._writer.dispose()
        self._reader.dispose()


def migrate(url: str) -> None:
    """Bring the schema of the database at ``url`` up to this version. Harmless when it already is."""
    url = normalise(url)
    if url.startswith("sqlite"):
        _make_parent_folder(url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    command.upgrade(config, "head")


def _sqlite_engine(url: str, begin: str, connections: int) -> Engine:
    engine = create_engine(
        url, pool_size=connections, max_overflow=0, connect_args={"check_same_thread": False, "timeout": 10}
    )

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: ConnectionPoolEntry) -> None:
        # The standard driver opens transactions by its own rules; we say BEGIN ourselves, see below.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",  # a commit survives a power cut, not only a crash: the channel is acknowledged after it
            "foreign_keys=ON",
            "secure_delete=ON",  # erased customers leave no bytes behind
            "busy_timeout=10000",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def say_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _is_passing(error: BaseException) -> bool:
    """A conflict or a dropped connection, where the same transaction may well succeed a moment later."""
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    if getattr(error.orig, "sqlstate", None) in RETRYABLE_SQLSTATES:
        return True
    return isinstance(error, OperationalError) and "database is locked" in str(error.orig)


def _make_parent_folder(url: str) -> None:
    database = make_url(url).database
    if database and database != ":memory:":
        Path(database).parent.mkdir(parents=True, exist_ok=True)


async def _finished(future: "Future[T]") -> T:
    return await asyncio.shield(asyncio.wrap_future(future))
