"""Promises: what a customer was told will be done by a time, from the telling to its end.

A receipt outside opening hours promises an answer; an agent can promise anything else, such as a call by five. Each is a
row: the clock reminds before it is due and notes when it is broken, and it stays on the list until it is kept.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, func, select, update
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from handoff import desk_rules, tickets
from handoff.notes import NamedAgent
from handoff.schema import Agent, Conversation, Promise, Ticket
from handoff.transcript import iso

LONGEST = timedelta(days=90)
MOST_LISTED = 200
AN_ANSWER = "An answer"


class PromiseError(Exception):
    """The promise can't be made or changed like this; the message is a sentence for the agent."""


class NoPromiseError(Exception):
    """There is no promise with this id."""


class PromiseView(TypedDict):
    """A promise as in docs/wire.md. ``state``: ``open | soon | broken | kept | kept_late | released``."""

    id: str
    conversation_id: str
    customer: str | None
    ticket: str | None
    kind: str
    text: str
    due_at: str
    agent: NamedAgent | None
    made_at: str
    state: str
    ended_at: str | None


@dataclass(frozen=True)
class Counts:
    """``overdue``: open, and past its time now. ``broken``: ever found overdue, kept later or not."""

    open: int
    overdue: int
    kept: int
    broken: int


def promise_answer(session: Session, ticket: Ticket, due_at: datetime, now: datetime) -> None:
    """A receipt that tells the customer so is written in the same transaction."""
    session.add(
        Promise(
            id=f"p_{secrets.token_hex(10)}",
            conversation_id=ticket.conversation_id,
            ticket_id=ticket.id,
            kind="answer",
            text=AN_ANSWER,
            due_at=due_at,
            made_at=now,
        )
    )
    session.flush()


def answer_due(session: Session, ticket: Ticket) -> datetime | None:
    """By when the customer of a ticket was last promised an answer they do not have yet."""
    due = select(func.max(Promise.due_at)).where(*_open_answers(ticket))
    return session.scalar(due)


def answers_due(session: Session, ticket_ids: Collection[int]) -> dict[int, datetime]:
    """``{ticket_id: when}`` for those of the tickets whose customer still waits for a promised answer, the first if several."""
    query = (
        select(Promise.ticket_id, func.min(Promise.due_at))
        .where(Promise.ticket_id.in_(ticket_ids), Promise.kind == "answer", Promise.state == "open")
        .group_by(Promise.ticket_id)
    )
    return {ticket_id: due for ticket_id, due in session.execute(query) if ticket_id is not None}


def answered(session: Session, ticket: Ticket, now: datetime) -> None:
    """The customer has an answer: that is what was promised."""
    _end_answers(session, ticket, "kept", now)


def no_longer_needed(session: Session, ticket: Ticket, now: datetime) -> None:
    """The ticket has ended without an answer: nobody waits for one."""
    _end_answers(session, ticket, "released", now)


def make(
    session: Session,
    conversation: Conversation,
    ticket: Ticket | None,
    agent_id: str,
    promise_id: str,
    text: str,
    due_at: datetime,
    now: datetime,
) -> tuple[Promise, bool]:
    """An agent's promise to a locked ``conversation``. The same id again returns the first one and ``False``.

    Raises :class:`PromiseError`.
    """
    known = session.get(Promise, promise_id)
    if known is not None:
        if (known.conversation_id, known.agent_id, known.text) != (conversation.id, agent_id, text):
            raise PromiseError("This id was used before for another promise.")
        return known, False
    if not now < due_at <= now + LONGEST:
        raise PromiseError(f"A promise is due in the future, and within {LONGEST.days} days.")
    promise = Promise(
        id=promise_id,
        conversation_id=conversation.id,
        ticket_id=ticket.id if ticket is not None else None,
        kind="agent",
        text=text,
        due_at=due_at,
        agent_id=agent_id,
        made_at=now,
    )
    session.add(promise)
    session.flush()
    return promise, True


def settle(session: Session, promise: Promise, state: str, now: datetime) -> None:
    """``state``: ``kept``, or ``released`` when the customer no longer needs it. Lock the conversation first.

    Raises :class:`PromiseError`, also for a receipt's promise of an answer while its ticket is open.
    """
    if promise.state == state:
        return
    if promise.state != "open":
        raise PromiseError(f"This promise is {promise.state} already.")
    if promise.kind == "answer" and _is_awaited(session, promise):
        raise PromiseError("The customer still waits for this answer. Answer them: that keeps the promise.")
    promise.state, promise.ended_at = state, now


def find(session: Session, promise_id: str) -> Promise:
    """Raises :class:`NoPromiseError`."""
    promise = session.get(Promise, promise_id)
    if promise is None:
        raise NoPromiseError(promise_id)
    return promise


def listed(session: Session, now: datetime) -> list[PromiseView]:
    """Every open promise, the one that is due first first, at most :data:`MOST_LISTED`."""
    query = _views().where(Promise.state == "open").order_by(Promise.due_at, Promise.id).limit(MOST_LISTED)
    return _shown(session, query, now)


def of_conversation(session: Session, conversation_id: str, now: datetime) -> list[PromiseView]:
    """All that were made in it, the oldest first."""
    query = _views().where(Promise.conversation_id == conversation_id).order_by(Promise.made_at, Promise.id)
    return _shown(session, query, now)


def view(session: Session, promise: Promise, now: datetime) -> PromiseView:
    return _shown(session, _views().where(Promise.id == promise.id), now)[0]


def any_news(session: Session, now: datetime) -> bool:
    """Whether :func:`remind` or :func:`note_broken` has something to do. Only reads."""
    soon = now + desk_rules.of(session).remind_before
    due_soon = (Promise.due_at <= soon) & Promise.reminded_at.is_(None)
    overdue = (Promise.due_at <= now) & Promise.broken_at.is_(None)
    return bool(session.scalar(select(exists().where(Promise.state == "open", due_soon | overdue))))


def remind(session: Session, now: datetime) -> list[str]:
    """Note which promises are due soon. Returns the conversations of those of which that is new."""
    soon = now + desk_rules.of(session).remind_before
    return _note(session, "reminded_at", soon, now)


def note_broken(session: Session, now: datetime) -> list[str]:
    """Note which promises are overdue. Returns the conversations of those of which that is new."""
    return _note(session, "broken_at", now, now)


def counts(session: Session, now: datetime) -> Counts:
    """Of all promises that are on record; ``broken``: overdue at some time, kept later or not."""

    def count(*where: ColumnElement[bool]) -> int:
        return session.scalar(select(func.count()).select_from(Promise).where(*where)) or 0

    return Counts(
        open=count(Promise.state == "open"),
        overdue=count(Promise.state == "open", Promise.due_at < now),
        kept=count(Promise.state == "kept"),
        broken=count(Promise.broken_at.is_not(None)),
    )


def in_words(session: Session, due_at: datetime) -> str:
    """``by 5 pm on Monday 23 November, Portland time``; in UTC at a desk that has set no place."""
    shop_time = desk_rules.of(session).shop_time
    if shop_time is not None:
        return shop_time.in_words(due_at)
    utc = due_at.astimezone(UTC)
    return f"by {utc:%H:%M} on {utc:%A} {utc.day} {utc:%B}, UTC"


def _is_awaited(session: Session, promise: Promise) -> bool:
    open_ticket = exists().where(Ticket.id == promise.ticket_id, Ticket.state.in_(("queued", "claimed")))
    return bool(session.scalar(select(open_ticket)))


def _end_answers(session: Session, ticket: Ticket, state: str, now: datetime) -> None:
    session.execute(update(Promise).where(*_open_answers(ticket)).values(state=state, ended_at=now))


def _open_answers(ticket: Ticket) -> tuple[ColumnElement[bool], ...]:
    return Promise.ticket_id == ticket.id, Promise.kind == "answer", Promise.state == "open"


def _note(session: Session, column: str, due_before: datetime, now: datetime) -> list[str]:
    noted = getattr(Promise, column)
    due = (Promise.state == "open", Promise.due_at <= due_before, noted.is_(None))
    changed = update(Promise).where(*due).values({column: now}).returning(Promise.conversation_id)
    conversations = list(session.scalars(changed))
    session.execute(update(Conversation).where(Conversation.id.in_(conversations)).values(updated_at=now))
    return conversations


def _views() -> Select[Promise, str | None, str | None]:
    return (
        select(Promise, Conversation.customer_name, Agent.name)
        .join(Conversation, Conversation.id == Promise.conversation_id)
        .outerjoin(Agent, Agent.id == Promise.agent_id)
    )


def _shown(session: Session, query: Select[Promise, str | None, str | None], now: datetime) -> list[PromiseView]:
    soon = now + desk_rules.of(session).remind_before
    return [
        PromiseView(
            id=promise.id,
            conversation_id=promise.conversation_id,
            customer=customer,
            ticket=f"T-{tickets.FIRST_NUMBER + promise.ticket_id}" if promise.ticket_id is not None else None,
            kind=promise.kind,
            text=promise.text,
            due_at=iso(promise.due_at),
            agent=NamedAgent(id=promise.agent_id, name=agent) if promise.agent_id and agent else None,
            made_at=iso(promise.made_at),
            state=_state(promise, soon, now),
            ended_at=iso(promise.ended_at) if promise.ended_at else None,
        )
        for promise, customer, agent in session.execute(query)
    ]


def _state(promise: Promise, soon: datetime, now: datetime) -> str:
    if promise.state == "kept":
        return "kept_late" if promise.ended_at is not None and promise.ended_at > promise.due_at else "kept"
    if promise.state != "open":
        return promise.state
    if promise.due_at <= now:
        return "broken"
    return "soon" if promise.due_at <= soon else "open"
