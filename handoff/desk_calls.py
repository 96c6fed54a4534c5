"""Offers as a chat of the agents tells them: who is called to which card, once for each offer.

A call is leased, once the chat is ready for it: whoever makes it says so afterwards, and if they don't (they crashed, or
died), it is made again for as long as the offer stands. So an agent may be called twice, and is never forgotten.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, String, cast, delete, exists, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from handoff import repeats
from handoff.desk_threads import Spot
from handoff.schema import Agent, AgentLink, Conversation, DeskThread, Offer, ReceivedEvent, Ticket
from handoff.tickets import number

LEASE = timedelta(seconds=20)
"""Longer than a chat may take to answer, shorter than an offer stands."""
_BEGUN, _MADE = "offer:", "called:"


@dataclass(frozen=True)
class Call:
    """An open offer to an agent who is linked in the chat, whose ticket's card is at ``spot``."""

    offer_id: int
    ticket_id: int
    number: str
    conversation_id: str
    epoch: int
    user: str
    """The agent's account in the chat, by the chat's own id."""
    agent: str
    spot: Spot
    begun: datetime
    """When the lease began, which tells it from a later one of somebody else."""


def any_open(session: Session, channel: str, now: datetime) -> bool:
    """Whether there is something to :func:`take`."""
    return session.execute(_open(channel, now).limit(1)).first() is not None


def take(session: Session, channel: str, now: datetime) -> Call | None:
    """The next agent to call, which is the caller's business for :data:`LEASE`; None when nobody is to be called."""
    for offer, ticket, epoch, user, agent, card, topic in session.execute(_open(channel, now)).all():
        if _leased(session, channel, offer, now):
            told, spot = number(ticket), Spot(card, topic)
            return Call(offer, ticket.id, told, ticket.conversation_id, epoch, user, agent, spot, begun=now)
    return None


def made(session: Session, channel: str, call: Call, now: datetime) -> None:
    """They were called, or can't ever be: nobody does it again."""
    repeats.first_time(session, channel, f"{_MADE}{call.offer_id}", now)


def put_back(session: Session, channel: str, call: Call) -> None:
    """They could not be called: it is tried again for as long as the offer stands. A lease that others have by now is theirs."""
    told = delete(ReceivedEvent).where(ReceivedEvent.channel == channel, ReceivedEvent.at == call.begun)
    session.execute(told.where(ReceivedEvent.key == f"{_BEGUN}{call.offer_id}"))


def _leased(session: Session, channel: str, offer_id: int, now: datetime) -> bool:
    """Whether the call is ours to make: nobody else began it, or not lately."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    begun = insert(ReceivedEvent).values(channel=channel, key=f"{_BEGUN}{offer_id}", at=now)
    again = begun.on_conflict_do_update(
        index_elements=["channel", "key"], set_={"at": now}, where=ReceivedEvent.at <= now - LEASE
    )
    return session.scalar(again.returning(ReceivedEvent.key)) is not None


def _open(channel: str, now: datetime) -> Select[int, Ticket, int, str, str, str | None, str | None]:
    under_way = _told(channel, _BEGUN) & (ReceivedEvent.at > now - LEASE)
    told = exists().where(under_way | _told(channel, _MADE))
    return (
        select(Offer.id, Ticket, Conversation.epoch, AgentLink.user, Agent.name, DeskThread.card, DeskThread.topic)
        .join(Ticket, Ticket.id == Offer.ticket_id)
        .join(Conversation, Conversation.id == Ticket.conversation_id)
        .join(Agent, Agent.id == Offer.agent_id)
        .join(AgentLink, (AgentLink.agent_id == Offer.agent_id) & (AgentLink.channel == channel))
        .join(DeskThread, (DeskThread.ticket_id == Ticket.id) & (DeskThread.channel == channel))
        .where(Offer.state == "open", Offer.until > now, DeskThread.card.is_not(None), ~told)
        .order_by(Offer.id)
    )


def _told(channel: str, what: str) -> ColumnElement[bool]:
    return (ReceivedEvent.channel == channel) & (ReceivedEvent.key == literal(what) + cast(Offer.id, String))
