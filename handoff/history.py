"""What happened to a ticket at the desk: who took it, who let it go, and above all what ran out and why."""

from datetime import datetime
from typing import Literal, cast

from sqlalchemy import select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from handoff.notes import NamedAgent
from handoff.schema import Agent, Conversation, Ticket, TicketEvent
from handoff.tickets import number
from handoff.transcript import iso

Kind = Literal[
    "claimed",
    "passed_on",
    "taken_over",
    "to_queue",
    "to_team",
    "handed_back",
    "resolved",
    "emailed",
    "offer_declined",
    "offer_ignored",
    "offer_left",
    "lease_lost",
    "set_away",
    "snoozed",
    "woken",
    "snooze_over",
    "customer_wrote",
    "absent",
]

MISSED: tuple[Kind, ...] = ("offer_ignored", "offer_left", "lease_lost", "set_away", "absent")
"""What an agent wants to know of afterwards."""
MISSED_SHOWN = 50

WORDS: dict[Kind, str] = {
    "claimed": "{agent} took it.",
    "passed_on": "{agent} passed it on to {detail}.",
    "taken_over": "{agent} took it over from {detail}.",
    "to_queue": "{agent} put it back in the queue.",
    "to_team": "{agent} passed it on to the {detail} team.",
    "handed_back": "{agent} handed back to the bot.",
    "resolved": "{agent} closed it.",
    "emailed": "{agent} answered by e-mail.",
    "offer_declined": "Offered to {agent}, who could not take it.",
    "offer_ignored": "Offered to {agent}, who did not take it within a minute.",
    "offer_left": "Offered to {agent}, who went away.",
    "lease_lost": "{agent} took it and had not written after {detail} minutes: back to its place in the queue.",
    "set_away": "{agent} was set away: {detail} offers in a row went by.",
    "snoozed": "{agent} snoozed it.",
    "woken": "{agent} ended the snooze early.",
    "snooze_over": "The snooze ended: back with {agent}.",
    "customer_wrote": "The customer wrote, which ended the snooze: back with {agent}.",
    "absent": "The snooze ended while {agent} was away: back to its place in the queue.",
}


class HistoryView(TypedDict):
    """One step, as in docs/wire.md. ``until``: how long it was snoozed for."""

    at: str
    kind: Kind
    agent: NamedAgent | None
    text: str
    until: str | None


class MissedView(TypedDict):
    """Something that ran out on an agent, as in docs/wire.md."""

    at: str
    kind: Kind
    text: str
    conversation_id: str
    ticket: str
    customer_name: str | None


def note(
    session: Session, ticket: Ticket, kind: Kind, agent_id: str | None, now: datetime, detail: str | None = None
) -> None:
    """``detail``: what the words of this kind leave open; for ``snoozed``, until when (ISO 8601)."""
    session.add(TicketEvent(ticket_id=ticket.id, kind=kind, agent_id=agent_id, detail=detail, at=now))


def of_ticket(session: Session, ticket: Ticket) -> list[HistoryView]:
    """Oldest first."""
    query = (
        select(TicketEvent, Agent)
        .outerjoin(Agent, Agent.id == TicketEvent.agent_id)
        .where(TicketEvent.ticket_id == ticket.id)
        .order_by(TicketEvent.id)
    )
    return [
        HistoryView(
            at=iso(event.at),
            kind=cast(Kind, event.kind),
            agent=NamedAgent(id=agent.id, name=agent.name) if agent else None,
            text=_words(event, agent),
            until=event.detail if event.kind == "snoozed" else None,
        )
        for event, agent in session.execute(query)
    ]


def missed_by(session: Session, agent_id: str) -> list[MissedView]:
    """The latest fifty things that ran out on this agent, newest first."""
    query = (
        select(TicketEvent, Agent, Ticket, Conversation)
        .join(Agent, Agent.id == TicketEvent.agent_id)
        .join(Ticket, Ticket.id == TicketEvent.ticket_id)
        .join(Conversation, Conversation.id == Ticket.conversation_id)
        .where(TicketEvent.agent_id == agent_id, TicketEvent.kind.in_(MISSED))
        .order_by(TicketEvent.at.desc(), TicketEvent.id.desc())
        .limit(MISSED_SHOWN)
    )
    return [
        MissedView(
            at=iso(event.at),
            kind=cast(Kind, event.kind),
            text=_words(event, agent),
            conversation_id=conversation.id,
            ticket=number(ticket),
            customer_name=conversation.customer_name,
        )
        for event, agent, ticket, conversation in session.execute(query)
    ]


def _words(event: TicketEvent, agent: Agent | None) -> str:
    return WORDS[cast(Kind, event.kind)].format(agent=agent.name if agent else "Somebody", detail=event.detail)
