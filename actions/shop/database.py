"""The demo shop's database, and the one place where its failures become `ShopUnavailableError`."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from actions.shop.shop import ShopUnavailableError

P = ParamSpec("P")
T = TypeVar("T")

CONNECTIONS = 8
TIMEOUT_SECONDS = 10
"""For a lock on SQLite; for a connection to Postgres, and for each statement there."""


def state_folder() -> Path:
    return Path(os.environ.get("FRONTDESK_HOME") or "var")


def shop_database_url() -> str:
    """`SHOP_DATABASE_URL`, or a file in `FRONTDESK_HOME`. Plain `postgresql:` gets the driver we ship."""
    url = os.environ.get("SHOP_DATABASE_URL") or f"sqlite:///{state_folder() / 'shop.db'}"
    drivers = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
    scheme, rest = url.split("://", 1)
    return f"{drivers.get(scheme, scheme)}://{rest}"


def make_engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(url, pool_size=CONNECTIONS, pool_pre_ping=True, connect_args=_waits(parsed))
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, pool_size=CONNECTIONS, connect_args={"timeout": TIMEOUT_SECONDS})

    @event.listens_for(engine, "connect")
    def _tune(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    return engine


def _waits(url: URL) -> dict[str, str | int]:
    """How long Postgres may take. A thread that waits for it can't be given up, so the waiting itself has to end."""
    longest = TIMEOUT_SECONDS * 1000
    options = [f"-c statement_timeout={longest} -c lock_timeout={longest}", url.query.get("options", "")]
    return {"connect_timeout": TIMEOUT_SECONDS, "options": " ".join(map(str, options)).strip()}


class ShopDatabase:
    """Runs `work(session, …)` as one short transaction, in a thread: a database that hangs must not hang the event loop.

    A cancelled caller undoes nothing.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="shop")

    async def read(self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `work` returns. Raises `ShopUnavailableError`, and what `work` raises."""

        def run() -> T:
            with Session(self.engine, expire_on_commit=False) as session:
                return work(session, *args, **kwargs)

        return await self._in_thread(run)

    async def write(self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `read`; committed at its end, or rolled back on any error."""

        def run() -> T:
            with Session(self.engine, expire_on_commit=False) as session, session.begin():
                return work(session, *args, **kwargs)

        return await self._in_thread(run)

    async def _in_thread(self, run: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, run)
        except (DBAPIError, OSError) as error:
            raise ShopUnavailableError from error

    async def close(self) -> None:
        """What is under way ends first; what still waits for a thread is cancelled."""
        await asyncio.to_thread(self._threads.shutdown, cancel_futures=True)
        self.engine.dispose()
