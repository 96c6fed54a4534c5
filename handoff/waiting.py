"""How long a wait will be, told only as far as the desk's own recent work supports it."""

import math
import statistics
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from handoff.schema import Agent, Ticket

RECENT_TICKETS = 50
ENOUGH_TICKETS = 5
"""With fewer finished tickets than this, a range would be invented."""


@dataclass(frozen=True)
class Wait:
    """``position`` counts from 1. ``minutes`` is the (low, high) range, or None when it can't be told honestly."""

    position: int
    minutes: tuple[int, int] | None
    staffed: bool
    """Whether anybody is present at the desk."""


def position(session: Session, ticket: Ticket) -> int:
    """The place of a queued ticket: urgent ones first, then first come, first served. Counts from 1."""
    ahead = select(func.count()).where(
        Ticket.state == "queued",
        (Ticket.priority > ticket.priority)
        | ((Ticket.priority == ticket.priority) & (Ticket.queued_at < ticket.queued_at))
        | ((Ticket.priority == ticket.priority) & (Ticket.queued_at == ticket.queued_at) & (Ticket.id < ticket.id)),
    )
    return 1 + (session.scalar(ahead) or 0)


def wait_for(session: Session, ticket: Ticket) -> Wait:
    present = session.scalar(select(func.count()).where(Agent.present, Agent.disabled_at.is_(None))) or 0
    place = position(session, ticket)
    return Wait(place, _minutes(session, place, present), staffed=present > 0)


def _minutes(session: Session, place: int, present: int) -> tuple[int, int] | None:
    """Middle half of recent handling times, times the rounds of agents until this place is served."""
    handled = _recent_handling_minutes(session)
    if not present or len(handled) < ENOUGH_TICKETS:
        return None
    low, _, high = statistics.quantiles(handled, n=4)
    rounds = place / present
    return max(0, math.floor(low * rounds)), max(1, math.ceil(high * rounds))


def _recent_handling_minutes(session: Session) -> list[float]:
    query = (
        select(Ticket.claimed_at, Ticket.ended_at)
        .where(Ticket.claimed_at.is_not(None), Ticket.ended_at.is_not(None))
        .order_by(Ticket.ended_at.desc())
        .limit(RECENT_TICKETS)
    )
    return [_minutes_between(claimed, ended) for claimed, ended in session.execute(query) if claimed and ended]


def _minutes_between(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 60
