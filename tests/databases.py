"""Empty databases for tests. The schema is made once; each test gets a copy, which is many times faster than migrating."""

import secrets
import shutil
import sqlite3
import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path

from sqlalchemy import NullPool, create_engine, make_url, text

from handoff.database import migrate, normalise

MEMORY = Path("/dev/shm")  # noqa: S108 - folders of our own in it
ENOUGH_BYTES = 1 << 30


def quick_folder() -> Path:
    """A new folder with a short path: in memory where there is room. Making a database's 300 files on a disk takes longer."""
    has_room = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH_BYTES
    return Path(tempfile.mkdtemp(prefix="desk", dir=MEMORY if has_room else None))


def new_sqlite_database(folder: Path) -> str:
    """The URL of an empty, migrated database in ``folder``."""
    return f"sqlite:///{shutil.copy(_migrated_file(), folder / 'desk.db')}"


def new_postgres_database(server_url: str) -> str:
    """The URL of an empty, migrated database on a running server."""
    return bare_postgres_database(server_url, _migrated_on(server_url))


def bare_postgres_database(server_url: str, template: str = "template1") -> str:
    """The URL of a database on a running server: without tables, or a copy of ``template``."""
    name = f"desk_{secrets.token_hex(6)}"
    _command(server_url, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    return server_url.replace("/postgres?", f"/{name}?")


def drop_postgres_database(url: str) -> None:
    """Remove it from its server, whoever is still connected."""
    name = make_url(url).database
    _command(url.replace(f"/{name}?", "/postgres?"), f"DROP DATABASE {name} WITH (FORCE)")


def trust_the_disk(server_url: str) -> None:
    """No test cuts the power: what a killed process wrote is there without waiting for the disk."""
    for setting in ("fsync = off", "full_page_writes = off", "max_wal_size = '100MB'"):
        _command(server_url, f"ALTER SYSTEM SET {setting}")
    _command(server_url, "SELECT pg_reload_conf()")


def _command(server_url: str, command: str) -> None:
    engine = create_engine(normalise(server_url), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(command))


@cache
def _migrated_file() -> Path:
    file = Path(tempfile.mkdtemp(prefix="desk")) / "empty.db"
    migrate(f"sqlite:///{file}")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


@cache
def _migrated_on(server_url: str) -> str:
    url = bare_postgres_database(server_url)
    migrate(url)
    return make_url(url).database or ""
