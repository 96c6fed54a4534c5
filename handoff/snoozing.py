"""Snoozing: an agent sets a conversation aside until a time. It stays theirs, but takes none of their places.

It comes back by itself at that time, or at once when the customer writes. Whoever is away by then does not get it back: the
customer returns to their old place in the queue, and is told so.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from handoff import desk_rules, history, holder, notes, receipts
from handoff.conversations import locked
from handoff.history import Kind
from handoff.outbound import send
from handoff.schema import Agent, Conversation, Ticket
from handoff.tickets import open_ticket
from handoff.transcript import iso

LONGEST = timedelta(days=60)


class BadTimeError(ValueError):
    """Nothing can be snoozed until then; the message says why."""


def snooze(
    session: Session, conversation_id: str, agent_id: str, epoch: int, until: datetime, note: str | None, now: datetime
) -> Conversation:
    """Set the agent's conversation aside; snoozing it again moves the time. ``note`` is for agents.

    Raises :class:`handoff.ownership.Conflict`, :class:`BadTimeError`.
    """
    if until <= now:
        raise BadTimeError("That time is past. Choose one that is still to come.")
    if until > now + LONGEST:
        raise BadTimeError(f"Snooze for {LONGEST.days} days at most.")
    conversation, ticket, agent = holder.held(session, conversation_id, agent_id, epoch)
    conversation.snoozed_until, conversation.snooze_note, conversation.updated_at = until, note, now
    history.note(session, ticket, "snoozed", agent_id, now, iso(until))
    if note:
        notes.leave(session, conversation, agent_id, note, now)
    if ticket.lease_until is not None:
        ticket.lease_left_seconds = max(1, round((ticket.lease_until - now).total_seconds()))
        ticket.lease_until = None
        # The agent has not written yet: without a word from us the customer would wait for an answer at any moment.
        send(session, conversation, receipts.snoozed(agent.name, _in_words(session, until)), now)
    return conversation


def wake(session: Session, conversation_id: str, agent_id: str, epoch: int, now: datetime) -> Conversation:
    """The agent takes it up again before its time; of what is not snoozed, nothing changes. Raises ``Conflict``."""
    conversation, ticket, agent = holder.held(session, conversation_id, agent_id, epoch)
    if conversation.snoozed_until is not None:
        _back_to(session, conversation, ticket, agent, "woken", now)
    return conversation


def due(session: Session, now: datetime) -> list[str]:
    """The conversations whose snooze is over."""
    return list(session.scalars(select(Conversation.id).where(Conversation.snoozed_until <= now)))


def end(session: Session, conversation_id: str, now: datetime) -> bool:
    """Its time has come. Returns whether anything changed: somebody may have been faster."""
    conversation = locked(session, conversation_id)
    if conversation.snoozed_until is None or conversation.snoozed_until > now:
        return False
    _come_back(session, conversation, "snooze_over", now)
    return True


def customer_wrote(session: Session, conversation: Conversation, now: datetime) -> None:
    """In a locked conversation: what is snoozed comes back at once."""
    if conversation.snoozed_until is not None:
        _come_back(session, conversation, "customer_wrote", now)


def _come_back(session: Session, conversation: Conversation, why: Kind, now: datetime) -> None:
    ticket = open_ticket(session, conversation)
    assert ticket is not None, "an agent holds a conversation only through a ticket"
    agent = session.get_one(Agent, conversation.agent_id)
    if agent.present:
        _back_to(session, conversation, ticket, agent, why, now)
    else:
        holder.requeue_from_absent(session, conversation, ticket, agent, now)


def _back_to(
    session: Session, conversation: Conversation, ticket: Ticket, agent: Agent, why: Kind, now: datetime
) -> None:
    conversation.snoozed_until = conversation.snooze_note = None
    conversation.updated_at = now
    if ticket.lease_left_seconds is not None:
        ticket.lease_until = now + timedelta(seconds=ticket.lease_left_seconds)
        ticket.lease_left_seconds = None
    history.note(session, ticket, why, agent.id, now)


def _in_words(session: Session, until: datetime) -> str | None:
    """``by 10 am on Monday 23 November, Portland time``; None for a shop that has not said where it is."""
    shop_time = desk_rules.of(session).shop_time
    return shop_time.in_words(until) if shop_time is not None else None
