"""SQLite takes one writer at a time: whatever waits for it together is committed together, with one fsync for all."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

T = TypeVar("T")
Work = Callable[[Session], Any]

LARGEST_GROUP = 64
PATIENT_SECONDS = 0.01
"""How long a group goes on with work that nobody waits to hear acknowledged."""


@dataclass(frozen=True)
class _Waiting:
    work: Work
    done: Future[Any] = field(default_factory=Future)


@dataclass(frozen=True)
class _Outcome:
    waiting: _Waiting
    result: Any = None
    error: Exception | None = None

    def tell(self) -> None:
        if self.error is not None:
            self.waiting.done.set_exception(self.error)
        else:
            self.waiting.done.set_result(self.result)


class WriteQueue:
    """Runs pieces of work, each in a savepoint of its own, and answers each only after the commit.

    Whoever is first in a group needs no savepoint: nothing is undone with them but their own. ``alone(work)`` runs one in a
    transaction of its own. It is the way out when the first fails, and whenever the database, rather than a piece of work,
    fails in the middle of a group: then the group has left no trace, and each of its members is run again. When no
    transaction can be begun, because another process holds the file, all who wait fail with that.
    """

    def __init__(self, engine: Engine, info: dict[str, Any], alone: Callable[[Work], Any]) -> None:
        self._engine = engine
        self._info = info
        self._alone = alone
        self._first: deque[_Waiting] = deque()
        self._patient: deque[_Waiting] = deque()
        self._lock = threading.Lock()
        self._busy = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="db-write")

    def put(self, work: Callable[[Session], T], first: bool) -> "Future[T]":
        """Wait in line; ``first`` goes ahead of all that does not. The future fails with what ``work`` raises."""
        waiting = _Waiting(work)
        waiting.done.set_running_or_notify_cancel()  # whoever stops waiting does not undo the commit
        with self._lock:
            (self._first if first else self._patient).append(waiting)
            if not self._busy:
                self._thread.submit(self._write_all)
                self._busy = True
        return waiting.done

    def close(self) -> None:
        """Whatever waits is still written."""
        self._thread.shutdown(wait=True)

    def _write_all(self) -> None:
        while self._anything_waits():
            self._write_group()

    def _anything_waits(self) -> bool:
        with self._lock:
            self._busy = bool(self._first or self._patient)
            return self._busy

    def _write_group(self) -> None:
        taken: list[_Waiting] = []
        try:
            with self._engine.begin() as connection:
                outcomes = self._run_group(connection, taken)
        except Exception as error:
            outcomes = [_outcome(self._alone, waiting) for waiting in taken] or self._not_begun(error)
        for outcome in outcomes:
            outcome.tell()

    def _run_group(self, connection: Connection, taken: list[_Waiting]) -> list[_Outcome]:
        outcomes: list[_Outcome] = []
        for waiting in self._members():
            taken.append(waiting)
            if not outcomes:
                outcomes.append(_Outcome(waiting, result=self._run(connection, waiting.work, "rollback_only")))
                continue
            outcome = _outcome(lambda work: self._run(connection, work, "create_savepoint"), waiting)
            if isinstance(outcome.error, SQLAlchemyError):
                # SQLite may have rolled back more than the savepoint, and with it what others wrote.
                raise outcome.error
            outcomes.append(outcome)
        return outcomes

    def _run(self, connection: Connection, work: Work, mode: Literal["create_savepoint", "rollback_only"]) -> Any:
        with (
            Session(connection, expire_on_commit=False, info=self._info, join_transaction_mode=mode) as session,
            session.begin(),
        ):
            return work(session)

    def _members(self) -> Iterator[_Waiting]:
        """Those who go first, as far as a group reaches; then one of the others, and more of them while nobody goes first."""
        for _ in range(LARGEST_GROUP):
            if (waiting := self._pop(self._first)) is None:
                break
            yield waiting
        patient_until = time.monotonic() + PATIENT_SECONDS
        while (waiting := self._pop(self._patient)) is not None:
            yield waiting
            if self._first or time.monotonic() > patient_until:
                break

    def _not_begun(self, error: Exception) -> list[_Outcome]:
        """The database does not even begin a transaction: one after the other, the last would wait for minutes to hear it."""
        with self._lock:
            waiting = [*self._first, *self._patient]
            self._first.clear()
            self._patient.clear()
        return [_Outcome(one, error=error) for one in waiting]

    def _pop(self, line: deque[_Waiting]) -> _Waiting | None:
        with self._lock:
            return line.popleft() if line else None


def _outcome(run: Callable[[Work], Any], waiting: _Waiting) -> _Outcome:
    try:
        return _Outcome(waiting, result=run(waiting.work))
    except Exception as error:
        return _Outcome(waiting, error=error)
