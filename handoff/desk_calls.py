"""Offers as a chat of the agents tells them: who is called to which card, once for each offer."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, String, cast, delete, exists, literal, select
from sqlalchemy.orm import Session

from handoff import repeats
from handoff.desk_threads import Spot
from handoff.schema import Agent, AgentLink, Conversation, DeskThread, Offer, ReceivedEvent, Ticket
from handoff.tickets import number

_PREFIX = "offer:"


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


def any_open(session: Session, channel: str, now: datetime) -> bool:
    """Whether there is something to :func:`take`."""
    return session.execute(_open(channel, now).limit(1)).first() is not None


def take(session: Session, channel: str, now: datetime) -> Call | None:
    """The next agent to call, which is the caller's business from now on; None when nobody is to be called."""
    for offer, ticket, epoch, user, agent, card, topic in session.execute(_open(channel, now)).all():
        if repeats.first_time(session, channel, f"{_PREFIX}{offer}", now):
            return Call(offer, ticket.id, number(ticket), ticket.conversation_id, epoch, user, agent, Spot(card, topic))
    return None


def stands(session: Session, call: Call, now: datetime) -> bool:
    """Whether the offer is still theirs to take."""
    offer = session.get(Offer, call.offer_id)
    return offer is not None and offer.state == "open" and offer.until > now


def put_back(session: Session, channel: str, call: Call) -> None:
    """They could not be called: it is tried again for as long as the offer stands."""
    told = delete(ReceivedEvent).where(ReceivedEvent.channel == channel)
    session.execute(told.where(ReceivedEvent.key == f"{_PREFIX}{call.offer_id}"))


def _open(channel: str, now: datetime) -> Select[int, Ticket, int, str, str, str | None, str | None]:
    told = exists().where(
        ReceivedEvent.channel == channel, ReceivedEvent.key == literal(_PREFIX) + cast(Offer.id, String)
    )
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
