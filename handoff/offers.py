"""Offers: a queued ticket is held out to one agent at a time, who takes it with a claim.

The ticket stays in everybody's queue, and anyone may claim it. Who can't take it now may decline: it goes to the next agent
at once, and is held out to them again only after a while. An offer that is ignored goes to the next and is kept on record;
agents who ignore several in a row, and do nothing else meanwhile, are set away, because customers must not wait for an empty
chair. Those held out to one agent side by side count as one. While an urgent ticket waits, the last one at the desk stays
there, and nobody is offered it twice running if another is free.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from sqlalchemy import ColumnElement, Exists, Select, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from handoff import history, tickets
from handoff.access import DESK
from handoff.conversations import locked, occupying
from handoff.schema import Agent, Conversation, Offer, OwnershipChange, Ticket

OFFER_FOR = timedelta(seconds=60)
DECLINED_FOR = timedelta(minutes=2)
"""So long nobody is asked again about a ticket that they declined."""
IGNORED_BEFORE_AWAY = 3
SET_AWAY = f"{IGNORED_BEFORE_AWAY} offers in a row went by, so you were set away. Come online when you're back."
NOT_TAKEN = ("ignored", "declined")
QUEUE_ORDER = (Ticket.priority.desc(), Ticket.queued_at, Ticket.id)


class NotOffered(Exception):
    """The ticket is not, or no more, held out to this agent."""


@dataclass(frozen=True)
class Made:
    """An offer that was made just now."""

    conversation_id: str
    agent_id: str
    queued_at: datetime


def make(session: Session, now: datetime) -> Made | None:
    """Offer the first ticket in line that somebody present may take; None when there is none, or nobody is free.

    Whoever put it into the queue is not offered it again, though they may take it; who declined it, not for a while.
    """
    free = _free_agents(session)
    if not free:
        return None
    present, declined = _present(session), _declined_lately(session, now)
    for ticket_id, conversation_id, skills, priority, let_go_by in session.execute(_without_offer()).all():
        unwilling = {let_go_by, *declined[ticket_id]}
        willing = [one for one in free if one.agent_id not in unwilling]
        able = _able(willing, [one for one in present if one.agent_id not in unwilling], skills)
        if priority >= tickets.URGENT:
            able = _not_twice_running(session, ticket_id, able, [one.agent_id for one in willing])
        agent_id = _choose(session, ticket_id, able)
        if agent_id is None:
            continue
        conversation = locked(session, conversation_id)
        ticket = session.get_one(Ticket, ticket_id, populate_existing=True)
        if ticket.state != "queued":
            continue
        session.add(Offer(ticket_id=ticket_id, agent_id=agent_id, made_at=now, until=now + OFFER_FOR))
        conversation.updated_at = now
        return Made(conversation_id, agent_id, ticket.queued_at)
    return None


def may_make(session: Session) -> bool:
    """A cheap look: somebody is present, and a queued ticket has no offer."""
    present = exists().where(Agent.present, Agent.disabled_at.is_(None))
    waiting = exists().where(Ticket.state == "queued", ~_offered())
    return bool(session.scalar(select(present & waiting)))


def has_room(session: Session, agent_id: str) -> bool:
    """Whether the agent is present and below capacity. Their row is locked then, so that nobody else fills the place."""
    # Skipped when locked: waiting for an agent with a conversation in hand could be a deadlock with `make`.
    agent = session.scalar(
        select(Agent)
        .where(Agent.id == agent_id, *_at_the_desk())
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return agent is not None and _held(session)[agent_id] < agent.capacity


def hold_out(session: Session, ticket: Ticket, agent_id: str, now: datetime) -> None:
    """Offer a ticket that was just queued to this agent, who :func:`has_room`, before anybody else: they know the case."""
    session.add(Offer(ticket_id=ticket.id, agent_id=agent_id, made_at=now, until=now + OFFER_FOR))


def settle(session: Session, ticket: Ticket, taken_by: str | None, now: datetime) -> None:
    """The ticket leaves the queue, to the agent ``taken_by`` or otherwise: nobody is offered it any more."""
    offer = open_offer(session, ticket.id)
    if offer is not None:
        _end(offer, "taken" if offer.agent_id == taken_by else "over", now)


def decline(session: Session, conversation_id: str, agent_id: str, now: datetime) -> Conversation:
    """The agent can't take what is held out to them: it goes to the next. Raises :class:`NotOffered`."""
    conversation = locked(session, conversation_id)
    offer = session.scalar(_open_of(conversation_id))
    if offer is None or offer.agent_id != agent_id:
        raise NotOffered
    _end(offer, "declined", now)
    history.note(session, session.get_one(Ticket, offer.ticket_id), "offer_declined", agent_id, now)
    conversation.updated_at = now
    return conversation


def overdue(session: Session, now: datetime) -> list[str]:
    """The conversations whose offer was not taken in time, or whose agent has gone."""
    query = (
        select(Ticket.conversation_id)
        .join(Offer, Offer.ticket_id == Ticket.id)
        .join(Agent, Agent.id == Offer.agent_id)
        .where(Offer.state == "open", (Offer.until <= now) | Agent.present.is_(False))
    )
    return list(session.scalars(query))


def withdraw(session: Session, conversation_id: str, now: datetime) -> str | None:
    """End the overdue offer of a conversation. Returns the agent who ignored it, None when nobody did."""
    conversation = locked(session, conversation_id)
    offer = session.scalar(_open_of(conversation_id))
    if offer is None:
        return None
    present = session.scalar(select(Agent.present).where(Agent.id == offer.agent_id))
    if present and offer.until > now:
        return None
    _end(offer, "ignored" if present else "left", now)
    ticket = session.get_one(Ticket, offer.ticket_id)
    history.note(session, ticket, "offer_ignored" if present else "offer_left", offer.agent_id, now)
    conversation.updated_at = now
    return offer.agent_id if present else None


def set_away_if_absent(session: Session, agent_id: str, now: datetime) -> bool:
    """Whoever ignored several offers in a row, and did nothing else meanwhile, is set away. Returns whether they were.

    The last one at the desk stays while an urgent ticket waits: with nobody there, it would not even be held out.
    """
    # All of them are locked, so that two gateways don't set the last two away at once.
    there = session.scalars(
        select(Agent).where(*_at_the_desk()).order_by(Agent.id).with_for_update(key_share=True)
    ).all()
    agent = next((one for one in there if one.id == agent_id), None)
    if agent is None or (len(there) == 1 and _urgent_waits(session)):
        return False
    row = _ignored_in_a_row(session, agent)
    if len(row) < IGNORED_BEFORE_AWAY or _at_work_since(session, agent, row[-1].made_at):
        return False
    agent.present, agent.present_at, agent.away_reason = False, None, SET_AWAY
    last = session.get_one(Ticket, row[0].ticket_id)
    history.note(session, last, "set_away", agent_id, now, str(IGNORED_BEFORE_AWAY))
    return True


def _ignored_in_a_row(session: Session, agent: Agent) -> list[Offer]:
    """The latest that this agent ignored, newest first, one of each that stood side by side: they were one call."""
    latest = session.scalars(
        select(Offer)
        .where(Offer.agent_id == agent.id, Offer.state.in_(("taken", "ignored", "declined")))
        .order_by(Offer.id.desc())
        .limit(IGNORED_BEFORE_AWAY * agent.capacity)
    )
    row: list[Offer] = []
    for offer in takewhile(lambda offer: offer.state == "ignored", latest):
        if not row or (offer.ended_at is not None and offer.ended_at <= row[-1].made_at):
            row.append(offer)
    return row[:IGNORED_BEFORE_AWAY]


def _at_work_since(session: Session, agent: Agent, since: datetime) -> bool:
    """Whether the agent came online or did anything at the desk from then on."""
    came_back = agent.present_at is not None and agent.present_at > since
    acted = agent.acted_at is not None and agent.acted_at >= since
    claimed = exists().where(Ticket.agent_id == agent.id, Ticket.claimed_at >= since)
    return came_back or acted or bool(session.scalar(select(claimed)))


def open_offer(session: Session, ticket_id: int) -> Offer | None:
    """The offer that stands now, if one does."""
    return session.scalar(select(Offer).where(Offer.ticket_id == ticket_id, Offer.state == "open"))


@dataclass(frozen=True)
class _Present:
    agent_id: str
    skills: frozenset[str]


def _free_agents(session: Session) -> list[_Present]:
    """Present and below capacity, offers included; whoever was offered something longest ago first.

    Their rows are locked, so that two gateways cannot fill the same place.
    """
    agents = session.scalars(
        select(Agent)
        .where(*_at_the_desk())
        .order_by(Agent.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    held = _held(session)
    free = [one for one in agents if held[one.id] < one.capacity]
    last = _by_agent(session, select(Offer.agent_id, func.max(Offer.id)), Offer.agent_id)
    free.sort(key=lambda one: (last.get(one.id, 0), one.id))
    return [_Present(one.id, frozenset(one.skills)) for one in free]


def _held(session: Session) -> Counter[str]:
    """How many customers each agent has, offers included."""
    holding = select(Conversation.agent_id, func.count()).where(*occupying())
    offered = select(Offer.agent_id, func.count()).where(Offer.state == "open")
    return Counter(_by_agent(session, holding, Conversation.agent_id)) + Counter(
        _by_agent(session, offered, Offer.agent_id)
    )


def _at_the_desk() -> tuple[ColumnElement[bool], ...]:
    return Agent.present.is_(True), Agent.disabled_at.is_(None), Agent.role.in_(DESK)


def _present(session: Session) -> list[_Present]:
    """Everybody at the desk, the busy ones included: a skilled colleague is worth waiting for."""
    there = select(Agent.id, Agent.skills).where(*_at_the_desk())
    return [_Present(agent_id, frozenset(skills)) for agent_id, skills in session.execute(there)]


def _able(free: Iterable[_Present], team: Iterable[_Present], needed: Sequence[str]) -> list[str]:
    """Of the free agents those with as many of the needed skills as anybody of the team has: somebody rather than nobody."""
    best = max((len(one.skills.intersection(needed)) for one in team), default=0)
    return [one.agent_id for one in free if len(one.skills.intersection(needed)) == best]


def _not_twice_running(session: Session, ticket_id: int, able: list[str], free: list[str]) -> list[str]:
    """For an urgent ticket that was not taken: anybody else who is free, skilled if possible, before the same one again."""
    last = session.scalar(
        select(Offer.agent_id)
        .where(Offer.ticket_id == ticket_id, Offer.state.in_(NOT_TAKEN))
        .order_by(Offer.id.desc())
        .limit(1)
    )
    if last is None:
        return able
    others = [agent_id for agent_id in able if agent_id != last] or [agent_id for agent_id in free if agent_id != last]
    return others or able


def _urgent_waits(session: Session) -> bool:
    urgent = exists().where(Ticket.state == "queued", Ticket.priority >= tickets.URGENT)
    return bool(session.scalar(select(urgent)))


def _choose(session: Session, ticket_id: int, able: list[str]) -> str | None:
    """The first who has ignored or declined this very ticket least often."""
    not_taken = _by_agent(
        session,
        select(Offer.agent_id, func.count()).where(Offer.ticket_id == ticket_id, Offer.state.in_(NOT_TAKEN)),
        Offer.agent_id,
    )
    return min(able, key=lambda agent_id: not_taken.get(agent_id, 0), default=None)


def _declined_lately(session: Session, now: datetime) -> defaultdict[int, set[str]]:
    """Who is not asked again yet, for each ticket."""
    query = select(Offer.ticket_id, Offer.agent_id).where(
        Offer.state == "declined", Offer.ended_at > now - DECLINED_FOR
    )
    declined: defaultdict[int, set[str]] = defaultdict(set)
    for ticket_id, agent_id in session.execute(query):
        declined[ticket_id].add(agent_id)
    return declined


def _without_offer() -> Select[int, str, list[Any], int, str]:
    """In the queue's order; last, who put the conversation there."""
    return (
        select(Ticket.id, Ticket.conversation_id, Ticket.skills, Ticket.priority, OwnershipChange.actor)
        .join(Conversation, Conversation.id == Ticket.conversation_id)
        .join(
            OwnershipChange,
            (OwnershipChange.conversation_id == Conversation.id) & (OwnershipChange.epoch == Conversation.epoch),
        )
        .where(Ticket.state == "queued", ~_offered())
        .order_by(*QUEUE_ORDER)
    )


def _offered() -> Exists:
    return exists().where(Offer.ticket_id == Ticket.id, Offer.state == "open")


def _open_of(conversation_id: str) -> Select[Offer]:
    return (
        select(Offer)
        .join(Ticket, Ticket.id == Offer.ticket_id)
        .where(Ticket.conversation_id == conversation_id, Offer.state == "open")
    )


def _by_agent(session: Session, query: Select[Any, int], agent: InstrumentedAttribute[Any]) -> dict[str, int]:
    return {agent_id: number for agent_id, number in session.execute(query.group_by(agent))}


def _end(offer: Offer, state: str, now: datetime) -> None:
    offer.state, offer.ended_at = state, now
