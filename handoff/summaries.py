"""Conversations and tickets as the desk's lists show them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from handoff import offers, promises
from handoff.notes import NamedAgent
from handoff.schema import Agent, Conversation, Message, Ticket
from handoff.tickets import number
from handoff.transcript import iso
from handoff.waiting import position

Holder = Literal["bot", "queue", "agent", "closed"]
OPEN = ("queued", "claimed")
COUNTED = ("queue", "agent", "bot")
PREVIEW_CHARACTERS = 200


class OfferView(TypedDict):
    """Who a queued ticket is held out to, and until when."""

    agent: NamedAgent
    until: str


class SummaryTicket(TypedDict):
    """The open ticket of a conversation in a list. ``position``: the customer's place in the queue, from 1; times in ISO 8601."""

    id: str
    number: str
    reason: str
    priority: int
    queued_at: str
    position: int | None
    lease_until: str | None
    skills: list[str]
    offer: OfferView | None
    promised_at: str | None
    email: str | None


class LastMessage(TypedDict):
    seq: int
    author: str
    text: str
    at: str


class SummaryCustomer(TypedDict):
    name: str | None


class SnoozeView(TypedDict):
    """Snoozed by its agent ``until`` then."""

    until: str
    note: str | None


class SummaryView(TypedDict):
    """A conversation in a list, as in docs/wire.md. ``unread``: the customer's messages that no agent has seen."""

    id: str
    channel: str
    customer: SummaryCustomer
    holder: Holder
    agent: NamedAgent | None
    epoch: int
    case: int
    ticket: SummaryTicket | None
    snooze: SnoozeView | None
    last_message: LastMessage | None
    last_seq: int
    unread: int
    updated_at: str


class CountsView(TypedDict):
    """``mine``: what this agent works on; ``snoozed``: what comes back to them later."""

    queue: int
    mine: int
    snoozed: int
    agent: int
    bot: int


class TicketView(TypedDict):
    """A ticket as in docs/wire.md."""

    id: str
    number: str
    reason: str
    evidence: list[dict[str, Any]]
    priority: int
    state: str
    queued_at: str
    claimed_at: str | None
    first_reply_at: str | None
    ended_at: str | None
    lease_until: str | None
    needed: bool | None
    rating: int | None
    comment: str | None
    email: str | None
    agent: NamedAgent | None


def counts(session: Session, agent_id: str) -> CountsView:
    """How many conversations the queue, this agent (snoozed ones apart), all agents and the bot hold."""
    return counts_for(session, [agent_id])[agent_id]


def counts_for(session: Session, agent_ids: Sequence[str]) -> dict[str, CountsView]:
    """:func:`counts` for several agents at once."""
    # Two questions that an index answers each: the bot's conversations are many.
    held = (
        select(Conversation.holder, func.count()).where(Conversation.holder.in_(COUNTED)).group_by(Conversation.holder)
    )
    snoozed = Conversation.snoozed_until.is_not(None)
    by_agent = (
        select(Conversation.agent_id, snoozed, func.count())
        .where(Conversation.holder == "agent", Conversation.agent_id.in_(agent_ids))
        .group_by(Conversation.agent_id, snoozed)
    )
    total = {holder: count for holder, count in session.execute(held)}
    held_by = {(agent_id, bool(aside)): count for agent_id, aside, count in session.execute(by_agent)}
    return {
        agent_id: CountsView(
            queue=total.get("queue", 0),
            mine=held_by.get((agent_id, False), 0),
            snoozed=held_by.get((agent_id, True), 0),
            agent=total.get("agent", 0),
            bot=total.get("bot", 0),
        )
        for agent_id in agent_ids
    }


def summary(session: Session, conversation: Conversation) -> SummaryView:
    """:func:`summaries` of one."""
    return summaries(session, [conversation])[0]


def summaries(session: Session, conversations: Sequence[Conversation]) -> list[SummaryView]:
    """In the given order, with a fixed number of queries and one more for each that waits in the queue."""
    ids = [conversation.id for conversation in conversations]
    tickets = {
        ticket.conversation_id: ticket
        for ticket in session.scalars(select(Ticket).where(Ticket.conversation_id.in_(ids), Ticket.state.in_(OPEN)))
    }
    promised = promises.answers_due(session, [ticket.id for ticket in tickets.values()])
    last = {message.conversation_id: message for message in _last_messages(session, ids)}
    unread = _unread(session, ids)
    names = _names(session, conversations)
    return [
        SummaryView(
            id=conversation.id,
            channel=conversation.channel,
            customer=SummaryCustomer(name=conversation.customer_name),
            holder=cast(Holder, conversation.holder),
            agent=_named(conversation.agent_id, names),
            epoch=conversation.epoch,
            case=conversation.case_no,
            ticket=_summary_ticket(session, tickets.get(conversation.id), promised),
            snooze=_snooze(conversation),
            last_message=_last_message(last.get(conversation.id)),
            last_seq=conversation.last_seq,
            unread=unread.get(conversation.id, 0),
            updated_at=iso(conversation.updated_at),
        )
        for conversation in conversations
    ]


def latest_ticket(session: Session, conversation: Conversation) -> Ticket | None:
    """The open ticket of a conversation, or else its last one in this case."""
    return session.scalar(
        select(Ticket)
        .where(Ticket.conversation_id == conversation.id, Ticket.case_no == conversation.case_no)
        .order_by(Ticket.id.desc())
        .limit(1)
    )


def ticket_view(session: Session, ticket: Ticket) -> TicketView:
    """The ticket as docs/wire.md has it."""
    agent = session.get(Agent, ticket.agent_id) if ticket.agent_id else None
    return TicketView(
        id=str(ticket.id),
        number=number(ticket),
        reason=ticket.reason,
        evidence=ticket.evidence,
        priority=ticket.priority,
        state=ticket.state,
        queued_at=iso(ticket.queued_at),
        claimed_at=_maybe_iso(ticket.claimed_at),
        first_reply_at=_maybe_iso(ticket.first_reply_at),
        ended_at=_maybe_iso(ticket.ended_at),
        lease_until=_maybe_iso(ticket.lease_until),
        needed=ticket.needed,
        rating=ticket.rating,
        comment=ticket.comment,
        email=ticket.email,
        agent=NamedAgent(id=agent.id, name=agent.name) if agent else None,
    )


def _last_messages(session: Session, ids: list[str]) -> list[Message]:
    newest = (
        select(Message.conversation_id, func.max(Message.seq).label("seq"))
        # Receipts read the same in every row; what somebody said tells the conversations apart.
        .where(Message.conversation_id.in_(ids))
        .where(Message.author != "system")
        .group_by(Message.conversation_id)
        .subquery()
    )
    joined = select(Message).join(
        newest, and_(Message.conversation_id == newest.c.conversation_id, Message.seq == newest.c.seq)
    )
    return list(session.scalars(joined))


def _unread(session: Session, ids: list[str]) -> dict[str, int]:
    query = (
        select(Message.conversation_id, func.count())
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Message.conversation_id.in_(ids), Message.author == "customer", Message.seq > Conversation.desk_seen_seq)
        .group_by(Message.conversation_id)
    )
    return {conversation_id: unread for conversation_id, unread in session.execute(query)}


def _names(session: Session, conversations: Sequence[Conversation]) -> dict[str, str]:
    ids = {conversation.agent_id for conversation in conversations if conversation.agent_id}
    return {agent_id: name for agent_id, name in session.execute(select(Agent.id, Agent.name).where(Agent.id.in_(ids)))}


def _named(agent_id: str | None, names: dict[str, str]) -> NamedAgent | None:
    return NamedAgent(id=agent_id, name=names[agent_id]) if agent_id else None


def _summary_ticket(session: Session, ticket: Ticket | None, promised: Mapping[int, datetime]) -> SummaryTicket | None:
    if ticket is None:
        return None
    return SummaryTicket(
        id=str(ticket.id),
        number=number(ticket),
        reason=ticket.reason,
        priority=ticket.priority,
        queued_at=iso(ticket.queued_at),
        position=position(session, ticket) if ticket.state == "queued" else None,
        lease_until=_maybe_iso(ticket.lease_until),
        skills=list(ticket.skills),
        offer=_offer(session, ticket),
        promised_at=_maybe_iso(promised.get(ticket.id)),
        email=ticket.email,
    )


def _snooze(conversation: Conversation) -> SnoozeView | None:
    if conversation.snoozed_until is None:
        return None
    return SnoozeView(until=iso(conversation.snoozed_until), note=conversation.snooze_note)


def _offer(session: Session, ticket: Ticket) -> OfferView | None:
    offer = offers.open_offer(session, ticket.id) if ticket.state == "queued" else None
    if offer is None:
        return None
    name = session.scalars(select(Agent.name).where(Agent.id == offer.agent_id)).one()
    return OfferView(agent=NamedAgent(id=offer.agent_id, name=name), until=iso(offer.until))


def _last_message(message: Message | None) -> LastMessage | None:
    if message is None:
        return None
    text = message.text if len(message.text) <= PREVIEW_CHARACTERS else message.text[: PREVIEW_CHARACTERS - 1] + "…"
    return LastMessage(seq=message.seq, author=message.author, text=text, at=iso(message.at))


def _maybe_iso(at: datetime | None) -> str | None:
    return iso(at) if at else None
