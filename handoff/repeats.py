"""Channels repeat what they tell. The first telling counts."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from handoff.schema import ReceivedEvent

T = TypeVar("T")

KEPT_FOR = timedelta(days=3)
"""Longer than any channel repeats itself."""


def first_time(session: Session, channel: str, key: str, now: datetime) -> bool:
    """Whether ``channel`` tells ``key`` for the first time. Remembered if, and only if, the transaction commits."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    kept = session.scalar(
        insert(ReceivedEvent)
        .values(channel=channel, key=key, at=now)
        .on_conflict_do_nothing()
        .returning(ReceivedEvent.key)
    )
    return kept is not None


def is_known(session: Session, channel: str, key: str) -> bool:
    """Whether ``channel`` has told ``key`` before."""
    return session.get(ReceivedEvent, (channel, key)) is not None


def forget(session: Session, now: datetime) -> int:
    """Forget what is too old to be repeated. Returns how much that was."""
    old = delete(ReceivedEvent).where(ReceivedEvent.at < now - KEPT_FOR).returning(ReceivedEvent.key)
    return len(session.scalars(old).all())


def once(session: Session, channel: str, key: str, now: datetime, work: Callable[[Session], T]) -> T | None:
    """``work(session)``, and its result, if ``channel`` tells ``key`` for the first time; else None."""
    return work(session) if first_time(session, channel, key, now) else None
