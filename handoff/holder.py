"""Who holds a conversation: the bot, the queue, one agent, or nobody (closed).

Each act here is one transaction: the change of holder (:mod:`handoff.ownership`), the ticket, its history, and what the
customer hears of it.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from handoff import follow_ups, history, notes, promises, receipts, satisfaction, skills, tickets
from handoff.conversations import locked
from handoff.outbound import send
from handoff.ownership import change, check_held_by, conflict
from handoff.payloads import agent_handed_back
from handoff.schema import Agent, Conversation, InboxItem, Message, Ticket
from handoff.urgent_endings import check_answered
from handoff.waiting import Wait, came_true, tell

FIRST_REPLY_WITHIN = timedelta(minutes=3)
"""A claim is a lease: an agent who has not written by then gives the conversation back to the queue."""


def reopen(session: Session, conversation: Conversation, now: datetime) -> None:
    """The customer of a closed conversation writes again: a new case, which begins with the bot."""
    change(session, conversation, "bot", None, actor="customer", reason="wrote_again", now=now)
    conversation.case_no += 1
    conversation.slots = {}


def close_joined(session: Session, conversation: Conversation, now: datetime) -> None:
    """The customer goes on in another conversation, which their address is joined to."""
    change(session, conversation, "closed", None, actor="customer", reason="joined", now=now)


def escalate(
    session: Session, conversation: Conversation, reason: str, evidence: list[dict[str, str]], actor: str, now: datetime
) -> Ticket:
    """From the bot to the queue: the ticket and the receipt that says so are one transaction."""
    change(session, conversation, "queue", None, actor=actor, reason=reason, now=now)
    ticket = tickets.write(session, conversation, reason, evidence, now)
    send(session, conversation, receipts.queued(tickets.number(ticket), reason, tell(session, ticket, now)), now)
    return ticket


def withdraw(session: Session, conversation: Conversation, now: datetime) -> None:
    """The customer leaves the queue; the bot listens again."""
    ticket = tickets.open_ticket(session, conversation)
    change(session, conversation, "bot", None, actor="customer", reason="withdrew", now=now)
    if ticket is not None:
        _end(session, ticket, "cancelled", now)
        send(session, conversation, receipts.withdrawn(tickets.number(ticket)), now)


def claim(
    session: Session, conversation_id: str, agent_id: str, now: datetime, epoch: int | None = None
) -> Conversation:
    """The agent takes a conversation from the queue, or from the bot (to help before anybody asks).

    Claiming what one holds already changes nothing. Raises :class:`Conflict` for everyone but the first.
    """
    conversation = locked(session, conversation_id)
    if conversation.holder == "agent" and conversation.agent_id == agent_id:
        return conversation
    if conversation.holder not in ("queue", "bot") or (epoch is not None and epoch != conversation.epoch):
        raise conflict(session, conversation)
    ticket = tickets.open_ticket(session, conversation)
    change(session, conversation, "agent", agent_id, actor=agent_id, reason="claimed", now=now)
    if ticket is None:
        evidence = [{"kind": "agent", "text": "An agent stepped in before the customer asked."}]
        ticket = tickets.write(session, conversation, "stepped_in", evidence, now)
    agent = session.get_one(Agent, agent_id)
    _claimed(ticket, agent, now)
    history.note(session, ticket, "claimed", agent_id, now)
    send(session, conversation, receipts.connected(agent.name, tickets.number(ticket), ticket.email), now)
    return conversation


def take_over(session: Session, conversation_id: str, agent_id: str, epoch: int, now: datetime) -> Conversation:
    """A supervisor takes a conversation from the agent who holds it. Raises :class:`Conflict`."""
    conversation = locked(session, conversation_id)
    if conversation.holder != "agent" or conversation.epoch != epoch:
        raise conflict(session, conversation)
    if conversation.agent_id == agent_id:
        return conversation
    ticket, before = _open(session, conversation), session.get_one(Agent, conversation.agent_id)
    agent = session.get_one(Agent, agent_id)
    _pass_on(session, conversation, ticket, agent, actor=agent_id, reason="taken_over", now=now)
    history.note(session, ticket, "taken_over", agent_id, now, before.name)
    send(session, conversation, receipts.taken_over(before.name, agent.name, tickets.number(ticket)), now)
    return conversation


def hand_back(
    session: Session, conversation_id: str, agent_id: str, epoch: int, note: str, now: datetime
) -> Conversation:
    """The agent is done; the bot continues and is told ``note``, what was done.

    Raises :class:`Conflict`, and :class:`handoff.urgent_endings.UnansweredError`.
    """
    conversation, ticket, agent = held(session, conversation_id, agent_id, epoch)
    check_answered(session, ticket, note)
    change(session, conversation, "bot", None, actor=agent_id, reason="handed_back", now=now)
    _end(session, ticket, "handed_back", now)
    history.note(session, ticket, "handed_back", agent_id, now)
    message = send(session, conversation, receipts.handed_back(agent.name, tickets.number(ticket)), now)
    _tell_bot(session, conversation, message, agent_handed_back(note), now)
    follow_ups.begin(session, conversation, ticket, agent_id, note, now)
    return conversation


def close(session: Session, conversation: Conversation, reason: str, now: datetime) -> None:
    """The customer says that nothing is left to do: from the bot to nobody. Their next message opens a new case."""
    change(session, conversation, "closed", None, actor="customer", reason=reason, now=now)


def resolve(
    session: Session, conversation_id: str, agent_id: str, epoch: int, note: str | None, now: datetime
) -> Conversation:
    """The case is closed. The customer's next message opens a new one.

    Raises :class:`Conflict`, and :class:`handoff.urgent_endings.UnansweredError`.
    """
    conversation, ticket, agent = held(session, conversation_id, agent_id, epoch)
    check_answered(session, ticket, note)
    change(session, conversation, "closed", None, actor=agent_id, reason=note or "resolved", now=now)
    _end(session, ticket, "resolved", now)
    history.note(session, ticket, "resolved", agent_id, now)
    send(session, conversation, receipts.resolved(agent.name, tickets.number(ticket)), now)
    satisfaction.ask(session, conversation, ticket, now)
    return conversation


def transfer(
    session: Session,
    conversation_id: str,
    agent_id: str,
    epoch: int,
    to_agent_id: str | None,
    note: str | None,
    now: datetime,
) -> Conversation:
    """To a colleague, or (``to_agent_id`` None) back to the customer's old place in the queue. Raises :class:`Conflict`."""
    conversation, ticket, agent = held(session, conversation_id, agent_id, epoch)
    reason = _leave_note(session, conversation, agent_id, note, now)
    if to_agent_id is None:
        wait = _requeue(session, conversation, ticket, actor=agent_id, reason=reason, now=now)
        history.note(session, ticket, "to_queue", agent_id, now)
        _say_requeued(session, conversation, ticket, receipts.stepped_away(agent.name), wait, now)
        return conversation
    colleague = session.get_one(Agent, to_agent_id)
    _pass_on(session, conversation, ticket, colleague, actor=agent_id, reason=reason, now=now)
    history.note(session, ticket, "passed_on", agent_id, now, colleague.name)
    send(session, conversation, receipts.transferred(agent.name, colleague.name, tickets.number(ticket)), now)
    return conversation


def transfer_to_team(
    session: Session, conversation_id: str, agent_id: str, epoch: int, team: str, note: str | None, now: datetime
) -> Conversation:
    """Back to the customer's old place in the queue, for whoever has the skill ``team``. Raises :class:`Conflict`."""
    conversation, ticket, agent = held(session, conversation_id, agent_id, epoch)
    ticket.skills = skills.for_team(ticket.skills, team)
    reason = _leave_note(session, conversation, agent_id, note, now)
    wait = _requeue(session, conversation, ticket, actor=agent_id, reason=reason, now=now)
    history.note(session, ticket, "to_team", agent_id, now, team)
    _say_requeued(session, conversation, ticket, receipts.passed_to_team(agent.name, team), wait, now)
    return conversation


def requeue_from_absent(
    session: Session, conversation: Conversation, ticket: Ticket, agent: Agent, now: datetime
) -> None:
    """What was snoozed comes back while its agent is away: to the customer's old place in the queue, and they hear so."""
    wait = _requeue(session, conversation, ticket, actor="system", reason="absent", now=now)
    history.note(session, ticket, "absent", agent.id, now)
    _say_requeued(session, conversation, ticket, receipts.not_there(agent.name), wait, now)


def expire_leases(session: Session, now: datetime) -> list[tuple[str, str]]:
    """Give back to the queue what was claimed and never answered. Returns ``(conversation_id, agent_id)`` pairs."""
    expired = select(Ticket.id, Ticket.conversation_id).where(Ticket.state == "claimed", Ticket.lease_until < now)
    lost = []
    for ticket_id, conversation_id in session.execute(expired).all():
        conversation = locked(session, conversation_id)
        ticket = session.get_one(Ticket, ticket_id, populate_existing=True)
        if ticket.state != "claimed" or ticket.lease_until is None or ticket.lease_until >= now:
            continue
        agent = session.get_one(Agent, ticket.agent_id)
        wait = _requeue(session, conversation, ticket, actor="system", reason="lease_lost", now=now)
        minutes = round(FIRST_REPLY_WITHIN.total_seconds() / 60)
        history.note(session, ticket, "lease_lost", agent.id, now, str(minutes))
        _say_requeued(session, conversation, ticket, receipts.stepped_away(agent.name), wait, now)
        lost.append((conversation.id, agent.id))
    return lost


def held(session: Session, conversation_id: str, agent_id: str, epoch: int) -> tuple[Conversation, Ticket, Agent]:
    """What this agent holds, locked. Raises :class:`Conflict` when they do not, or it is not what they saw."""
    conversation = locked(session, conversation_id)
    check_held_by(session, conversation, agent_id)
    if conversation.epoch != epoch:
        raise conflict(session, conversation)
    return conversation, _open(session, conversation), session.get_one(Agent, agent_id)


def _open(session: Session, conversation: Conversation) -> Ticket:
    ticket = tickets.open_ticket(session, conversation)
    assert ticket is not None, "an agent holds a conversation only through a ticket"
    return ticket


def _leave_note(session: Session, conversation: Conversation, agent_id: str, note: str | None, now: datetime) -> str:
    """The next one reads it among the notes. Returns the reason for the ownership log."""
    if note:
        notes.leave(session, conversation, agent_id, note, now)
    return note or "transferred"


def _pass_on(
    session: Session, conversation: Conversation, ticket: Ticket, agent: Agent, actor: str, reason: str, now: datetime
) -> None:
    change(session, conversation, "agent", agent.id, actor=actor, reason=reason, now=now)
    _claimed(ticket, agent, now)


def _requeue(
    session: Session, conversation: Conversation, ticket: Ticket, actor: str, reason: str, now: datetime
) -> Wait:
    change(session, conversation, "queue", None, actor=actor, reason=reason, now=now)
    # queued_at stays: going back to the queue is going back to one's old place in it.
    ticket.state, ticket.agent_id, ticket.claimed_at = "queued", None, None
    ticket.lease_until = ticket.lease_left_seconds = None
    session.flush()
    return tell(session, ticket, now)


def _say_requeued(
    session: Session, conversation: Conversation, ticket: Ticket, why: str, wait: Wait, now: datetime
) -> None:
    send(session, conversation, receipts.requeued(why, ticket.reason, tickets.number(ticket), wait), now)


def _claimed(ticket: Ticket, agent: Agent, now: datetime) -> None:
    ticket.state, ticket.agent_id, ticket.claimed_at = "claimed", agent.id, now
    came_true(ticket, now)
    # A mail takes longer to write, and nobody sits and waits for it.
    ticket.lease_until = now + FIRST_REPLY_WITHIN if ticket.email is None else None
    ticket.lease_left_seconds = None


def _end(session: Session, ticket: Ticket, state: str, now: datetime) -> None:
    promises.no_longer_needed(session, ticket, now)
    ticket.state, ticket.ended_at = state, now
    ticket.lease_until = ticket.lease_left_seconds = None


def _tell_bot(session: Session, conversation: Conversation, message: Message, payload: str, now: datetime) -> None:
    """Queue an event for the bot in the conversation's own order, as durable as a customer's message."""
    session.add(
        InboxItem(
            channel=conversation.channel,
            dedupe_key=f"event:{secrets.token_hex(12)}",
            conversation_id=conversation.id,
            seq=message.seq,
            payload=payload,
            received_at=now,
        )
    )
    conversation.turn_due = now
