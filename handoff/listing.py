"""Pages of conversations, in orders that no message disturbs."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_
from sqlalchemy.orm import Session

from handoff.schema import Conversation, OwnershipChange, Ticket
from handoff.summaries import Holder, SummaryView, summaries


class BadCursor(ValueError):
    """The cursor was not made by us."""


@dataclass(frozen=True)
class Page:
    """Some conversations of a list; ``next_cursor`` asks for those after them, and is None at the end."""

    conversations: list[SummaryView]
    next_cursor: str | None


def queue_page(session: Session, readable: Select[Conversation], cursor: str | None, limit: int) -> Page:
    """The queue in its own order: urgent first, then first come, first served."""
    query = (
        readable.join(Ticket, and_(Ticket.conversation_id == Conversation.id, Ticket.state == "queued"))
        .where(Conversation.holder == "queue")
        .add_columns(Ticket.priority, Ticket.queued_at, Ticket.id)
        .order_by(Ticket.priority.desc(), Ticket.queued_at, Ticket.id)
    )
    if cursor is not None:
        priority, queued_at, ticket_id = _read_cursor(cursor, (int, datetime, int))
        query = query.where(
            or_(
                Ticket.priority < priority,
                and_(Ticket.priority == priority, Ticket.queued_at > queued_at),
                and_(Ticket.priority == priority, Ticket.queued_at == queued_at, Ticket.id > ticket_id),
            )
        )
    return _page(session, query, limit)


def snoozed_page(
    session: Session, readable: Select[Conversation], cursor: str | None, limit: int, agent_id: str | None = None
) -> Page:
    """What is snoozed, by this agent or by anybody: first what comes back first."""
    until = Conversation.snoozed_until
    query = (
        readable.where(until.is_not(None), *_filters("agent", agent_id))
        .add_columns(until, Conversation.id)
        .order_by(until, Conversation.id)
    )
    if cursor is not None:
        after, conversation_id = _read_cursor(cursor, (datetime, str))
        query = query.where(or_(until > after, and_(until == after, Conversation.id > conversation_id)))
    return _page(session, query, limit)


def page(
    session: Session,
    readable: Select[Conversation],
    cursor: str | None,
    limit: int,
    holder: Holder | None = None,
    agent_id: str | None = None,
) -> Page:
    """Conversations by the moment their holder took them, latest first; of one agent, only what is not snoozed.

    A message does not move a conversation in this order, so that none is skipped or doubled while somebody turns pages.
    """
    working_on = [] if agent_id is None else [Conversation.snoozed_until.is_(None)]
    held_since = func.coalesce(OwnershipChange.at, Conversation.created_at)
    query = (
        readable.outerjoin(
            OwnershipChange,
            and_(OwnershipChange.conversation_id == Conversation.id, OwnershipChange.epoch == Conversation.epoch),
        )
        .where(*_filters(holder, agent_id), *working_on)
        .add_columns(held_since, Conversation.id)
        .order_by(held_since.desc(), Conversation.id)
    )
    if cursor is not None:
        since, conversation_id = _read_cursor(cursor, (datetime, str))
        query = query.where(or_(held_since < since, and_(held_since == since, Conversation.id > conversation_id)))
    return _page(session, query, limit)


def _filters(holder: Holder | None, agent_id: str | None) -> list[ColumnElement[bool]]:
    filters: list[ColumnElement[bool]] = []
    if holder is not None:
        filters.append(Conversation.holder == holder)
    if agent_id is not None:
        filters += [Conversation.holder == "agent", Conversation.agent_id == agent_id]
    return filters


def _page(session: Session, query: Select[Any], limit: int) -> Page:
    rows = session.execute(query.limit(limit + 1)).all()
    shown = rows[:limit]
    cursor = _write_cursor(shown[-1][1:]) if len(rows) > limit else None
    return Page(summaries(session, [row[0] for row in shown]), cursor)


def _write_cursor(keys: Sequence[Any]) -> str:
    values = [key.isoformat() if isinstance(key, datetime) else key for key in keys]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _read_cursor(cursor: str, kinds: tuple[type, ...]) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        keys = [
            datetime.fromisoformat(value) if kind is datetime else value
            for kind, value in zip(kinds, values, strict=True)
        ]
    except (binascii.Error, ValueError, TypeError) as error:
        raise BadCursor("This cursor is not one of ours; begin again without it.") from error
    naive = any(isinstance(key, datetime) and key.tzinfo is None for key in keys)
    if naive or not all(type(key) is kind for key, kind in zip(keys, kinds, strict=True)):
        raise BadCursor("This cursor belongs to another list; begin again without it.")
    return keys
