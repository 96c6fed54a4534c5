"""The conversation as its customer's own page needs it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypedDict

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from handoff import addresses, inbox, outbox, receipts, session_renewals, tickets, turns
from handoff.bot_reply import BotReply
from handoff.conversations import NoConversation
from handoff.inbox import Accepted, Inbound
from handoff.schema import Agent, Conversation, FurtherAddress, InboxItem, SessionRenewal, Ticket
from handoff.session_renewals import Door
from handoff.transcript import MessageView
from handoff.turn_leases import Turn
from handoff.waiting import wait_for

_READ_BY_BOT = (
    select(func.max(InboxItem.seq))
    .where(
        InboxItem.conversation_id == Conversation.id,
        or_(InboxItem.outcome == "answered", InboxItem.outcome == "kept"),  # an IN is spelt out anew each time
    )
    .scalar_subquery()
)
"""The last message that the bot has answered, or read and kept for the person."""
_READ_AND_REACHED = (
    select(_READ_BY_BOT, FurtherAddress.channel, FurtherAddress.address, SessionRenewal.seq)
    .select_from(Conversation)
    .outerjoin(FurtherAddress, FurtherAddress.conversation_id == Conversation.id)
    .outerjoin(SessionRenewal, (SessionRenewal.conversation_id == Conversation.id) & SessionRenewal.used_at.is_(None))
    .where(Conversation.id == bindparam("conversation_id"))
)


class CustomerState(TypedDict):
    """``session_state`` of docs/wire.md, but for ``resumed``."""

    last_seq: int
    holder: str
    agent_name: str | None
    handoff: dict[str, Any] | None
    seen_seq: int
    channels: list[str]
    """Where the customer can write in this conversation."""


@dataclass(frozen=True)
class News:
    """What pages that have got as far as ``after`` lack."""

    after: int
    state: CustomerState
    messages: list[MessageView]
    door: Door
    """Pages that came in by another are out of date."""


@dataclass(frozen=True)
class Place:
    """Where a page comes to that opens a conversation: it is fed what follows ``after``."""

    conversation_id: str
    state: CustomerState
    after: int


NOT_BEGUN = CustomerState(last_seq=0, holder="bot", agent_name=None, handoff=None, seen_seq=0, channels=["web"])


def find(session: Session, channel: str, address: str) -> str | None:
    """The id of the conversation at this address."""
    return addresses.find(session, channel, address)


def opened(session: Session, channel: str, address: str, last_seq: int | None, now: datetime) -> Place | None:
    """The conversation at this address, for a page that has everything up to ``last_seq`` or (None) keeps no place."""
    conversation_id = find(session, channel, address)
    if conversation_id is None:
        return None
    current, _ = _state(session, _found(session, conversation_id), now)
    after = resume_after(session, conversation_id) if last_seq is None else min(last_seq, current["last_seq"])
    return Place(conversation_id, current, after)


def state(session: Session, conversation_id: str, now: datetime) -> CustomerState:
    """Raises :class:`handoff.conversations.NoConversation` when it was erased."""
    return _state(session, _found(session, conversation_id), now)[0]


def _state(session: Session, conversation: Conversation, now: datetime) -> tuple[CustomerState, Door]:
    agent = session.get(Agent, conversation.agent_id) if conversation.agent_id else None
    ticket = tickets.open_ticket(session, conversation) if conversation.holder in ("queue", "agent") else None
    rows = session.connection().execute(_READ_AND_REACHED, {"conversation_id": conversation.id}).all()
    if not rows:
        raise NoConversation(conversation.id)  # erased since it was read
    read_by_bot, _, _, proved_by = rows[0]
    reached = {
        conversation.channel: conversation.address,
        **{channel: address for _, channel, address, _ in rows if channel},
    }
    door = Door(reached.get(session_renewals.CHANNEL), proved_by)
    current = CustomerState(
        last_seq=conversation.last_seq,
        holder=conversation.holder,
        agent_name=agent.name if agent else None,
        handoff=_handoff(session, ticket, agent, now) if ticket else None,
        seen_seq=max(conversation.desk_seen_seq, read_by_bot or 0),
        channels=sorted(reached),
    )
    return current, door


def accept(session: Session, inbound: Inbound, now: datetime, owner: str | None = None) -> tuple[Accepted, bool]:
    """:func:`handoff.inbox.accept`, and whether the message waits for the bot and is all that is new in the transcript."""
    accepted = inbox.accept(session, inbound, now, owner)
    conversation = session.get_one(Conversation, accepted.conversation_id)
    waits = conversation.holder == "bot" and conversation.last_seq == accepted.seq and not accepted.duplicate
    return accepted, waits


def answer(session: Session, turn: Turn, reply: BotReply, after: int | None, now: datetime) -> tuple[bool, News | None]:
    """:func:`handoff.turns.answer`, with the news for pages that follow the conversation after ``after``, if any do."""
    kept = turns.answer(session, turn, reply, now)
    if after is None:
        return kept, None
    conversation = _found(session, turn.conversation_id)  # before it is written, and the session lets go of it
    session.flush()
    return kept, _news(session, conversation, after, now)


def news(session: Session, conversation_id: str, after: int, now: datetime) -> News:
    """The state and the messages after ``after``. Runs in a write: pending replies are marked as leaving."""
    return _news(session, _found(session, conversation_id), after, now)


def quiet_news(session: Session, conversation_id: str, after: int, now: datetime) -> News | None:
    """As :func:`news`, but only reads; None when a pending reply calls for the write."""
    if outbox.has_pending(session, conversation_id):
        return None
    current, door = _state(session, _found(session, conversation_id), now)
    return News(after, current, outbox.shown(session, conversation_id, after), door)


def _news(session: Session, conversation: Conversation, after: int, now: datetime) -> News:
    current, door = _state(session, conversation, now)
    return News(after, current, outbox.feed(session, conversation.id, after, now), door)


def _found(session: Session, conversation_id: str) -> Conversation:
    conversation = session.get(Conversation, conversation_id)
    if conversation is None:
        raise NoConversation(conversation_id)
    return conversation


def changed_since(session: Session, now: datetime, seconds: float) -> list[tuple[str, int]]:
    """``(conversation_id, last_seq)`` of the conversations touched in the last ``seconds``."""
    query = select(Conversation.id, Conversation.last_seq).where(
        Conversation.updated_at > now - timedelta(seconds=seconds)
    )
    return [(conversation_id, last_seq) for conversation_id, last_seq in session.execute(query)]


def note_seen(session: Session, conversation_id: str, seq: int) -> bool:
    """The customer has had everything up to ``seq`` on screen. Returns whether that is new; an erased one has no news."""
    conversation = session.get(Conversation, conversation_id, with_for_update=True)
    if conversation is None:
        return False
    seq = min(seq, conversation.last_seq)
    if seq <= conversation.customer_seen_seq:
        return False
    conversation.customer_seen_seq = seq
    return True


def resume_after(session: Session, conversation_id: str) -> int:
    """Where to resume a client that keeps no place: just before the first reply that never reached one."""
    unsent = outbox.first_unsent(session, conversation_id)
    return session.get_one(Conversation, conversation_id).last_seq if unsent is None else unsent - 1


def _handoff(session: Session, ticket: Ticket, agent: Agent | None, now: datetime) -> dict[str, Any]:
    shared = {"reason": ticket.reason, "ticket": tickets.number(ticket)}
    if agent is not None:
        return {"state": "connected", "agent": agent.name, **shared}
    return {**shared, **receipts.wait_fields(wait_for(session, ticket, now))}
