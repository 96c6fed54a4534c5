"""How long a wait will be: told as far as the desk's own recent work supports it, and checked against what came true.

The expected wait is how many customers must be finished with before it is this one's turn, at the desk's recent pace.
The range around it is as wide as recent forecasts were wrong: it is calibrated by what came of them.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from handoff import desk_rules, promises
from handoff.access import DESK
from handoff.conversations import occupying
from handoff.schema import Agent, Conversation, Ticket

RECENT_TICKETS = 50
ENOUGH_TICKETS = 5
"""With fewer finished tickets than this, a range would be invented."""
RECENT_FORECASTS = 150
ENOUGH_FORECASTS = 20
PICK_UP_MINUTES = 0.5
"""From an offer to its claim."""
INSIDE = 0.86
"""What share of waits the range aims to hold; somewhat more than the 80 % we hold ourselves to."""
WAITED_STEP = 5
"""Minutes; what others wait already is rounded up to these, or every receipt would be edited every minute."""
FIRST_SPREAD = 1.3
"""How wrong forecasts are taken to be before there are enough to know."""


@dataclass(frozen=True)
class Promise:
    """An answer by ``at``; ``words`` as in ``by 10 am on Monday 23 November, Portland time``."""

    at: datetime
    words: str


@dataclass(frozen=True)
class Wait:
    """``position`` counts from 1. ``minutes`` is the (low, high) range, or None when it can't be told honestly."""

    position: int
    minutes: tuple[int, int] | None
    staffed: bool
    """Whether anybody is present at the desk."""
    promise: Promise | None = None
    """What was promised to a customer who asked while the desk was closed, for as long as nobody is there."""
    kept: int = 0
    """How many messages the customer wrote meanwhile that are kept for the person."""
    email: str | None = None
    """Where they want the answer instead of waiting."""


@dataclass(frozen=True)
class Forecast:
    """``expected`` minutes, when ``turns`` customers must be finished with first."""

    expected: float
    turns: int

    def range(self, scores: Sequence[float]) -> tuple[float, float]:
        """Minutes that hold :data:`INSIDE` of the waits, going by how wrong earlier forecasts were."""
        low, high = -FIRST_SPREAD, FIRST_SPREAD
        if len(scores) >= ENOUGH_FORECASTS:
            cuts = statistics.quantiles(scores, n=100, method="inclusive")
            beyond = round((1 - INSIDE) / 2 * 100)
            low, high = cuts[beyond - 1], cuts[99 - beyond]
        return self.expected * math.exp(low / self._steadiness), self.expected * math.exp(high / self._steadiness)

    def score(self, waited: float) -> float:
        """How wrong the forecast was, on a scale on which short and long waits compare."""
        return math.log(max(waited, 0.05) / self.expected) * self._steadiness

    @property
    def _steadiness(self) -> float:
        # The more customers have to be served first, the more their differences even out.
        return math.sqrt(self.turns + 1)


@dataclass(frozen=True)
class Calibration:
    """Of the latest ``told`` forecasts that came true, how many waits fell ``inside``; ``width``: the typical range."""

    told: int
    inside: int
    width: float


def position(session: Session, ticket: Ticket) -> int:
    """The place of a queued ticket: urgent ones first, then first come, first served. Counts from 1."""
    ahead = select(func.count()).where(
        Ticket.state == "queued",
        (Ticket.priority > ticket.priority)
        | ((Ticket.priority == ticket.priority) & (Ticket.queued_at < ticket.queued_at))
        | ((Ticket.priority == ticket.priority) & (Ticket.queued_at == ticket.queued_at) & (Ticket.id < ticket.id)),
    )
    return 1 + (session.scalar(ahead) or 0)


def wait_for(session: Session, ticket: Ticket, now: datetime) -> Wait:
    """The wait as it looks now. Its range is never below what others in the same queue wait already."""
    place, capacity = position(session, ticket), _capacity(session)
    forecast = _forecast(session, place, capacity)
    minutes = None
    if forecast is not None:
        low, high = forecast.range(_scores(session))
        minutes = math.floor(low), max(1, math.ceil(high), _waited_already(session, ticket.priority, now))
    staffed = capacity > 0
    promise = None if staffed else _promise(session, ticket)
    return Wait(place, minutes, staffed, promise, kept=ticket.kept, email=ticket.email)


def tell(session: Session, ticket: Ticket, now: datetime) -> Wait:
    """:func:`wait_for`, for a receipt: what is told is kept on the ticket, to be held against what comes true."""
    hours = desk_rules.of(session).hours
    due = promises.answer_due(session, ticket)
    if hours is not None and (due is None or due <= now) and not _capacity(session) and not hours.is_open(now):
        promised = hours.promise(now)
        if promised is not None:
            promises.promise_answer(session, ticket, promised, now)
    wait = wait_for(session, ticket, now)
    forecast = _forecast(session, wait.position, _capacity(session))
    if wait.minutes is not None and forecast is not None and ticket.told is None:
        ticket.told = {
            "at": now.isoformat(),
            "low": wait.minutes[0],
            "high": wait.minutes[1],
            "expected": forecast.expected,
            "turns": forecast.turns,
        }
    return wait


def came_true(ticket: Ticket, now: datetime) -> None:
    """The wait is over: somebody has claimed the ticket."""
    if ticket.told is not None and ticket.waited_minutes is None:
        ticket.waited_minutes = _minutes_between(datetime.fromisoformat(ticket.told["at"]), now)


def calibration(session: Session, latest: int = RECENT_FORECASTS) -> Calibration:
    """How the latest forecasts did."""
    known = _known(session, latest)
    inside = sum(told["low"] <= waited <= told["high"] for told, waited in known)
    widths = [told["high"] - told["low"] for told, _ in known]
    return Calibration(len(known), inside, statistics.median(widths) if widths else 0.0)


def _forecast(session: Session, place: int, capacity: int) -> Forecast | None:
    handled = _recent_handling_minutes(session)
    if not capacity or len(handled) < ENOUGH_TICKETS:
        return None
    turns = max(0, place - max(0, capacity - _held(session)))
    return Forecast(PICK_UP_MINUTES + turns * statistics.fmean(handled) / capacity, turns)


def _promise(session: Session, ticket: Ticket) -> Promise | None:
    hours = desk_rules.of(session).hours
    due = promises.answer_due(session, ticket) if hours is not None else None
    return Promise(due, hours.in_words(due)) if hours is not None and due is not None else None


def _waited_already(session: Session, priority: int, now: datetime) -> int:
    """The longest that anybody of this priority waits for an agent, in minutes; 0 when nobody does for long yet.

    Quick claims of urgent tickets must not promise an ordinary one what those before it show to be untrue.
    """
    query = select(Ticket.queued_at).where(
        Ticket.state == "queued", Ticket.priority == priority, Ticket.email.is_(None)
    )
    first = session.scalar(query.order_by(Ticket.queued_at).limit(1))
    # The hours in which nobody was there say nothing about the desk's pace.
    staffed = session.scalar(
        select(Agent.present_at)
        .where(*_at_the_desk(), Agent.present_at.is_not(None))
        .order_by(Agent.present_at)
        .limit(1)
    )
    if first is None:
        return 0
    waited = _minutes_between(max(first, staffed or first), now)
    return WAITED_STEP * math.ceil(waited / WAITED_STEP) if waited >= 1 else 0


def _capacity(session: Session) -> int:
    """How many conversations the agents at the desk can hold together."""
    return session.scalar(select(func.coalesce(func.sum(Agent.capacity), 0)).where(*_at_the_desk())) or 0


def _held(session: Session) -> int:
    """How many they hold."""
    holding = select(func.count()).select_from(Conversation).join(Agent, Agent.id == Conversation.agent_id)
    return session.scalar(holding.where(*occupying(), *_at_the_desk())) or 0


def _at_the_desk() -> tuple[ColumnElement[bool], ...]:
    return Agent.present.is_(True), Agent.disabled_at.is_(None), Agent.role.in_(DESK)


def _recent_handling_minutes(session: Session) -> list[float]:
    query = (
        select(Ticket.claimed_at, Ticket.ended_at)
        .where(Ticket.claimed_at.is_not(None), Ticket.ended_at.is_not(None))
        .order_by(Ticket.ended_at.desc())
        .limit(RECENT_TICKETS)
    )
    return [_minutes_between(claimed, ended) for claimed, ended in session.execute(query) if claimed and ended]


def _scores(session: Session) -> list[float]:
    known = _known(session, RECENT_FORECASTS)
    return [Forecast(told["expected"], told["turns"]).score(waited) for told, waited in known]


def _known(session: Session, latest: int) -> list[tuple[dict[str, Any], float]]:
    query = (
        select(Ticket.told, Ticket.waited_minutes)
        .where(Ticket.waited_minutes.is_not(None))
        .order_by(Ticket.id.desc())
        .limit(latest)
    )
    return [(told, waited) for told, waited in session.execute(query) if told is not None and waited is not None]


def _minutes_between(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 60
