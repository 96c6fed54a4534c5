"""What the bot decided about handing over, message by message, and what agents made of it.

Each decision is kept with all that it saw, so that it can be replayed under other rules (`frontdesk escalations replay`),
also those against a person. Rows go with their conversation, and after a year.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from handoff import rows, tickets
from handoff.escalation_rules import Outcome, Rules
from handoff.schema import Conversation, Decision, Ticket

KEPT_FOR = timedelta(days=365)
FORGOTTEN_AT_ONCE = 1_000
READ_AT_ONCE = 500
BANDS = ((0.0, 3.0), (3.0, 5.0), (5.0, 7.0), (7.0, 9.0), (9.0, None))
"""Scores from (included) to (excluded)."""
STRENGTH: dict[str, int] = {"answered": 0, "offered": 1, "escalated": 2}


def record(
    session: Session,
    conversation: Conversation,
    seq: int,
    decision: dict[str, Any],
    ticket: Ticket | None,
    now: datetime,
) -> None:
    """Keep a turn's decision, in the transaction that ends the turn. ``decision``: as docs/wire.md has it."""
    rows.insert(
        session,
        Decision(
            conversation_id=conversation.id,
            case_no=conversation.case_no,
            seq=seq,
            ticket_id=ticket.id if ticket else None,
            rules=decision["rules"],
            outcome=decision["outcome"],
            reason=decision["reason"],
            score=decision["score"],
            features=decision["features"],
            points=decision["points"],
            evidence=decision["evidence"],
            at=now,
        ),
    )


def record_ask(session: Session, conversation: Conversation, seq: int, ticket: Ticket, now: datetime) -> None:
    """The customer asked in so many words: heard before the bot, and decided by no rule."""
    decision = {
        "rules": None,
        "outcome": "escalated",
        "reason": ticket.reason,
        "score": 0.0,
        "features": {"asked": 1.0} | {item["kind"]: 1.0 for item in ticket.evidence},
        "points": {},
        "evidence": ticket.evidence,
    }
    record(session, conversation, seq, decision, ticket, now)


def record_in_queue(
    session: Session, conversation: Conversation, seq: int, decision: dict[str, Any], now: datetime
) -> None:
    """Keep what was seen of a customer who waits already: whatever would have been decided, they are in the queue."""
    ticket = tickets.open_ticket(session, conversation)
    record(session, conversation, seq, decision | {"outcome": "queued"}, ticket, now)


def forget_old(session: Session, now: datetime) -> int:
    """Forget decisions that are too old to learn from, a thousand at a time. Returns how many that were."""
    old = select(Decision.id).where(Decision.at < now - KEPT_FOR).limit(FORGOTTEN_AT_ONCE)
    return len(session.scalars(delete(Decision).where(Decision.id.in_(old)).returning(Decision.id)).all())


class Tally(TypedDict):
    """How many handoffs there were, and what agents said of them; the rest is not judged yet."""

    decided: int
    needed: int
    not_needed: int


class ReasonTally(Tally):
    """Handoffs for one reason."""

    reason: str


class BandTally(Tally):
    """Scores from ``low`` (included) to ``high`` (excluded; null: no end)."""

    low: float
    high: float | None


class Calibration(TypedDict):
    """Handoffs since a time, by reason (the commonest first) and by the score with which the bot decided them."""

    since: str
    all: Tally
    reasons: list[ReasonTally]
    scores: list[BandTally]
    offers: int
    """How often a person was offered."""
    offers_taken: int
    """How many handoffs came of a yes to an offer."""


def calibration(session: Session, since: datetime) -> Calibration:
    """What agents made of the handoffs that were decided since then."""
    verdicts = list(
        session.execute(
            select(Decision.reason, Decision.score, Decision.rules, Decision.features, Ticket.needed)
            .join(Ticket, Ticket.id == Decision.ticket_id)
            .where(Decision.at >= since, Decision.outcome == "escalated")
        )
    )
    by_reason = sorted(verdicts, key=lambda row: row.reason or "")
    reasons = [
        ReasonTally(reason=reason, **_tally([row.needed for row in rows]))
        for reason, rows in (
            (reason or "asked", list(rows)) for reason, rows in groupby(by_reason, lambda row: row.reason)
        )
    ]
    scored = [row for row in verdicts if row.rules is not None]
    offers = select(func.count()).select_from(Decision).where(Decision.at >= since, Decision.outcome == "offered")
    return Calibration(
        since=since.isoformat().replace("+00:00", "Z"),
        all=_tally([row.needed for row in verdicts]),
        reasons=sorted(reasons, key=lambda tally: -tally["decided"]),
        scores=[
            BandTally(low=low, high=high, **_tally([row.needed for row in scored if _within(row.score, low, high)]))
            for low, high in BANDS
        ],
        offers=session.scalar(offers) or 0,
        offers_taken=sum("accepted" in row.features for row in verdicts),
    )


@dataclass(frozen=True)
class Change:
    """A decision that other rules would have made otherwise."""

    conversation_id: str
    case_no: int
    seq: int
    at: datetime
    before: str
    after: Outcome
    score: float
    needed: bool | None
    """What an agent said of the handoff that came of it."""


@dataclass
class Replay:
    """sooner: more would have been done for the customer at that message. spared: less."""

    decisions: int = 0
    sooner: list[Change] = field(default_factory=list)
    spared: list[Change] = field(default_factory=list)


def replay(session: Session, rules: Rules, since: datetime) -> Replay:
    """Judges every kept decision anew by what was seen then.

    Decisions that no rule made (an ask that the gateway heard, a task's own offer) stay as they were, and in the queue there was
    nothing to decide. What customers would
    have said to another answer is not known: each message is judged as it came.
    """
    found = Replay()
    for decision, needed in _decided_by_rules(session, since):
        found.decisions += 1
        judged = rules.judge(decision.features)
        change = Change(
            decision.conversation_id,
            decision.case_no,
            decision.seq,
            decision.at,
            decision.outcome,
            judged.outcome,
            judged.score,
            needed,
        )
        if STRENGTH[judged.outcome] > STRENGTH[decision.outcome]:
            found.sooner.append(change)
        elif STRENGTH[judged.outcome] < STRENGTH[decision.outcome]:
            found.spared.append(change)
    return found


def _decided_by_rules(session: Session, since: datetime) -> Iterator[tuple[Decision, bool | None]]:
    rows = session.execute(
        select(Decision, Ticket.needed)
        .outerjoin(Ticket, Ticket.id == Decision.ticket_id)
        .where(Decision.at >= since, Decision.rules.is_not(None), Decision.outcome != "queued")
        .order_by(Decision.id)
        .execution_options(yield_per=READ_AT_ONCE)
    )
    yield from ((decision, needed) for decision, needed in rows)


def _tally(verdicts: list[bool | None]) -> Tally:
    return Tally(decided=len(verdicts), needed=verdicts.count(True), not_needed=verdicts.count(False))


def _within(score: float, low: float, high: float | None) -> bool:
    return score >= low and (high is None or score < high)
