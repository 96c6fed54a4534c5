"""Tickets as a chat of the agents shows them: which cards and threads are behind, and with what."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from handoff import brief_words, tickets
from handoff.brief import brief
from handoff.schema import Agent, Conversation, DeskThread, Ticket
from handoff.transcript import MessageView, iso, latest_messages, messages

LEASE = timedelta(seconds=60)
LAST_SHOWN = 6
LINES_AT_ONCE = 20
OPEN = ("queued", "claimed")


@dataclass(frozen=True)
class Card:
    """What a ticket's card says."""

    number: str
    reason: str
    priority: int
    state: str
    """``queued | claimed | handed_back | resolved | cancelled``"""
    agent: str | None
    customer: str | None
    channel: str
    summary: list[str]
    last: list[MessageView]


@dataclass(frozen=True)
class Behind:
    """A ticket whose card or thread does not show the truth yet, leased to the caller."""

    ticket_id: int
    conversation_id: str
    place: str
    card_id: str | None
    tried: bool
    """The card was tried to be posted before, and may be there."""
    since: datetime
    epoch: int
    last_seq: int
    card: Card | None
    """None when the card is right as it is."""
    lines: list[MessageView]
    """What the thread lacks, oldest first."""
    over: bool


@dataclass(frozen=True)
class Thread:
    """What a thread in the agents' channel is about."""

    ticket_id: int
    conversation_id: str
    over: bool


def take(session: Session, channel: str, place: str, now: datetime) -> Behind | None:
    """The next ticket that is behind in ``place``, leased for a minute; None when all is shown."""
    thread = _new(session, channel, place) or _stale(session, channel, now)
    if thread is None:
        return None
    tried = thread.busy_until is not None
    thread.busy_until = now + LEASE
    session.flush()
    ticket = session.get_one(Ticket, thread.ticket_id)
    conversation = session.get_one(Conversation, ticket.conversation_id)
    over = ticket.state not in OPEN
    card_is_right = thread.card is not None and thread.shown_epoch == conversation.epoch and not over
    lines = _lines(session, ticket, thread) if thread.card is not None else []
    return Behind(
        ticket_id=ticket.id,
        conversation_id=conversation.id,
        place=thread.place,
        card_id=thread.card,
        tried=tried,
        since=ticket.queued_at,
        epoch=conversation.epoch,
        last_seq=lines[-1]["seq"] if lines else conversation.last_seq,
        card=None if card_is_right else _card(session, ticket, conversation),
        lines=lines,
        over=over and len(lines) < LINES_AT_ONCE,
    )


def shown(session: Session, channel: str, behind: Behind, card_id: str) -> None:
    """The chat shows all of ``behind`` now."""
    thread = session.get(DeskThread, (behind.ticket_id, channel))
    if thread is not None:
        thread.card, thread.shown_epoch, thread.shown_seq = card_id, behind.epoch, behind.last_seq
        thread.over, thread.busy_until = behind.over, None


def put_off(session: Session, channel: str, behind: Behind, card_id: str | None, until: datetime) -> None:
    """The chat did not take it, or not all of it: again at ``until``."""
    thread = session.get(DeskThread, (behind.ticket_id, channel))
    if thread is not None:
        thread.card, thread.busy_until = card_id, until


def at(session: Session, channel: str, place: str, card_id: str) -> Thread | None:
    """What the thread under ``card_id`` is about."""
    return _thread(session, channel, place, DeskThread.card == card_id)


def of_ticket(session: Session, channel: str, place: str, ticket_id: int) -> Thread | None:
    """The thread of a ticket, from the moment its card may be seen: before its id is known here."""
    return _thread(session, channel, place, DeskThread.ticket_id == ticket_id)


def _thread(session: Session, channel: str, place: str, which: ColumnElement[bool]) -> Thread | None:
    query = (
        select(DeskThread.ticket_id, Ticket.conversation_id, DeskThread.over)
        .join(Ticket, Ticket.id == DeskThread.ticket_id)
        .where(DeskThread.channel == channel, DeskThread.place == place, which)
    )
    row = session.execute(query).one_or_none()
    return Thread(*row) if row is not None else None


def _new(session: Session, channel: str, place: str) -> DeskThread | None:
    known = exists().where(DeskThread.ticket_id == Ticket.id, DeskThread.channel == channel)
    query = (
        select(Ticket)
        .where(Ticket.state.in_(OPEN), ~known)
        .order_by(Ticket.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    ticket = session.scalar(query)
    if ticket is None:
        return None
    thread = DeskThread(ticket_id=ticket.id, channel=channel, place=place, shown_epoch=-1, shown_seq=0, over=False)
    session.add(thread)
    return thread


def _stale(session: Session, channel: str, now: datetime) -> DeskThread | None:
    query = (
        select(DeskThread)
        .join(Ticket, Ticket.id == DeskThread.ticket_id)
        .join(Conversation, Conversation.id == Ticket.conversation_id)
        .where(
            DeskThread.channel == channel,
            DeskThread.over.is_(False),
            or_(DeskThread.busy_until.is_(None), DeskThread.busy_until < now),
            or_(
                DeskThread.card.is_(None),
                DeskThread.shown_epoch != Conversation.epoch,
                DeskThread.shown_seq < Conversation.last_seq,
            ),
        )
        .order_by(DeskThread.ticket_id)
        .limit(1)
        .with_for_update(skip_locked=True, of=DeskThread)
    )
    return session.scalar(query)


def _lines(session: Session, ticket: Ticket, thread: DeskThread) -> list[MessageView]:
    """Messages after those the thread has, up to the end of the ticket."""
    found = messages(session, ticket.conversation_id, thread.shown_seq, LINES_AT_ONCE)
    if ticket.ended_at is None:
        return found
    return [line for line in found if line["at"] <= iso(ticket.ended_at)]


def _card(session: Session, ticket: Ticket, conversation: Conversation) -> Card:
    is_open = ticket.state in OPEN
    agent = session.get(Agent, ticket.agent_id) if ticket.agent_id else None
    return Card(
        number=tickets.number(ticket),
        reason=brief_words.reason(ticket.reason),
        priority=ticket.priority,
        state=ticket.state,
        agent=agent.name if agent else None,
        customer=conversation.customer_name,
        channel=conversation.channel,
        summary=brief(session, conversation)["summary"][:1] if is_open else [],
        last=latest_messages(session, conversation.id, LAST_SHOWN) if is_open else [],
    )
