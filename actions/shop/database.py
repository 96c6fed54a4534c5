"""The engine of the demo shop's database, and the one place where its failures become `ShopUnavailableError`."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from actions.shop.shop import ShopUnavailableError


def state_folder() -> Path:
    return Path(os.environ.get("FRONTDESK_HOME") or "var")


def shop_database_url() -> str:
    """`SHOP_DATABASE_URL`, or a file in `FRONTDESK_HOME`. Plain `sqlite:` and `postgresql:` get their async driver."""
    url = os.environ.get("SHOP_DATABASE_URL") or f"sqlite:///{state_folder() / 'shop.db'}"
    drivers = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
    scheme, rest = url.split("://", 1)
    return f"{drivers.get(scheme, scheme)}://{rest}"


def make_engine(url: str) -> AsyncEngine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_async_engine(url, pool_pre_ping=True)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(url, connect_args={"timeout": 10})

    @event.listens_for(engine.sync_engine, "connect")
    def _tune(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    return engine


class ShopDatabase:
    """Short transactions over one engine. `write` commits at its end, or rolls back on any error."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        try:
            async with self._sessions() as session:
                yield session
        except (DBAPIError, OSError) as error:
            raise ShopUnavailableError from error

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        try:
            async with self._sessions.begin() as session:
                yield session
        except (DBAPIError, OSError) as error:
            raise ShopUnavailableError from error
