"""Writes that wait together are committed together, and each is answered as if it had been alone."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from handoff import write_queue
from handoff.database import Database
from handoff.schema import ReceivedEvent
from tests.databases import new_sqlite_database
from tests.people import at


class Refused(Exception):
    """A piece of work has its own reasons."""


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(new_sqlite_database(tmp_path))
    yield database
    database.close()


def keep(session: Session, key: str) -> str:
    session.add(ReceivedEvent(channel="test", key=key, at=at(0)))
    session.flush()
    return key


def keep_and_refuse(session: Session, key: str) -> str:
    keep(session, key)
    raise Refused(key)


def kept(database: Database) -> list[str]:
    return database.read_now(
        lambda session: list(session.scalars(select(ReceivedEvent.key).order_by(ReceivedEvent.key)))
    )


class Gate:
    """Holds the writer up until all have come to wait behind it."""

    def __init__(self, database: Database) -> None:
        self._open = threading.Event()
        self._began = threading.Event()
        self._task = asyncio.ensure_future(database.write(self._wait))

    async def closed(self) -> None:
        while not self._began.is_set():
            await asyncio.sleep(0.001)

    def open(self) -> None:
        self._open.set()

    def _wait(self, _session: Session) -> None:
        self._began.set()
        self._open.wait(10)


async def waiting_behind(database: Database) -> Gate:
    gate = Gate(database)
    await gate.closed()
    return gate


def commits(database: Database) -> list[object]:
    """Grows by one with each commit of the writer."""
    seen: list[object] = []
    event.listen(database._writer, "commit", seen.append)
    return seen


async def test_what_waits_together_is_one_commit_and_what_refuses_leaves_no_trace(database: Database) -> None:
    seen = commits(database)
    gate = await waiting_behind(database)
    writes = [database.write_first(keep, f"k{number}") for number in range(5)]
    results = asyncio.gather(*writes, database.write_first(keep_and_refuse, "refused"), return_exceptions=True)
    await asyncio.sleep(0)
    gate.open()
    *good, bad = await results
    assert good == [f"k{number}" for number in range(5)]
    assert isinstance(bad, Refused)
    assert kept(database) == [f"k{number}" for number in range(5)]
    assert len(seen) == 2, "the gate's, and one for all of theirs"


async def test_what_is_to_be_acknowledged_goes_first(database: Database) -> None:
    order: list[str] = []

    def note(_session: Session, name: str) -> None:
        order.append(name)

    gate = await waiting_behind(database)
    patient = asyncio.gather(*(database.write(note, f"patient {n}") for n in range(3)))
    await asyncio.sleep(0)
    first = asyncio.gather(*(database.write_first(note, f"first {n}") for n in range(3)))
    await asyncio.sleep(0)
    gate.open()
    await asyncio.gather(patient, first)
    assert order == ["first 0", "first 1", "first 2", "patient 0", "patient 1", "patient 2"]


async def test_nobody_waits_for_ever_behind_those_who_go_first(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write_queue, "LARGEST_GROUP", 2)
    order: list[str] = []

    def note(_session: Session, name: str) -> None:
        order.append(name)

    gate = await waiting_behind(database)
    writes = [database.write(note, "patient"), *(database.write_first(note, f"first {n}") for n in range(4))]
    done = asyncio.gather(*writes)
    await asyncio.sleep(0)
    gate.open()
    await done
    assert order == ["first 0", "first 1", "patient", "first 2", "first 3"]


async def test_a_failing_database_undoes_the_group_and_each_is_tried_alone(database: Database) -> None:
    def rolled_back_by_sqlite(session: Session) -> None:
        session.connection().exec_driver_sql("ROLLBACK")  # as SQLite itself does on a full disk
        session.execute(text("SELECT * FROM nowhere"))

    gate = await waiting_behind(database)
    results = asyncio.gather(
        database.write_first(keep, "before"),
        database.write_first(rolled_back_by_sqlite),
        database.write_first(keep, "after"),
        return_exceptions=True,
    )
    await asyncio.sleep(0)
    gate.open()
    before, broken, after = await results
    assert (before, after) == ("before", "after")
    assert isinstance(broken, OperationalError)
    assert kept(database) == ["after", "before"]


async def test_whoever_waits_for_a_locked_database_hears_it_together(database: Database) -> None:
    tries: list[object] = []

    def locked_by_another_process(connection: object) -> None:
        tries.append(connection)
        raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))

    gate = await waiting_behind(database)
    results = asyncio.gather(
        *(database.write_first(keep, f"first {n}") for n in range(3)),
        *(database.write(keep, f"patient {n}") for n in range(3)),
        return_exceptions=True,
    )
    await asyncio.sleep(0)
    event.listen(database._writer, "begin", locked_by_another_process)
    gate.open()
    assert [type(result) for result in await results] == [OperationalError] * 6
    event.remove(database._writer, "begin", locked_by_another_process)
    assert len(tries) == 1
    assert kept(database) == []
    assert await database.write(keep, "kept") == "kept"


async def test_nobody_is_told_before_the_commit(database: Database) -> None:
    def fail(_connection: object) -> None:
        raise OperationalError("COMMIT", {}, Exception("disk I/O error"))

    event.listen(database._writer, "commit", fail)
    with pytest.raises(OperationalError):
        await database.write_first(keep, "lost")
    event.remove(database._writer, "commit", fail)
    assert kept(database) == []
    assert await database.write(keep, "kept") == "kept"


async def test_whoever_is_first_and_refuses_leaves_no_trace_either_and_stops_nobody(database: Database) -> None:
    gate = await waiting_behind(database)
    results = asyncio.gather(
        database.write(keep_and_refuse, "refused"), database.write(keep, "after"), return_exceptions=True
    )
    await asyncio.sleep(0)
    gate.open()
    refused, after = await results
    assert isinstance(refused, Refused)
    assert after == "after"
    assert kept(database) == ["after"]
    with pytest.raises(Refused):
        await database.write(keep_and_refuse, "refused again")
    assert kept(database) == ["after"]
