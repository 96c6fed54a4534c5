"""What the desk itself asks its customers: how it was, whether it worked. The answers open no new case and reach no bot."""

from datetime import datetime

from sqlalchemy.orm import Session

from handoff import follow_ups, holder, offers, question_receipts, satisfaction
from handoff.outbound import send
from handoff.payloads import is_rating, is_worked, worked_of
from handoff.schema import Agent, Conversation, FollowUp, Message


def typed(session: Session, conversation: Conversation, text: str, now: datetime) -> str | None:
    """The payload of the answer that a customer gives in words instead of with a button; None when it is none."""
    if conversation.epoch == 0:
        return None  # it never changed hands, so nothing was ever asked: most messages need not look
    return satisfaction.typed(session, conversation, text, now) or follow_ups.typed(session, conversation, text)


def is_answer(payload: str) -> bool:
    return is_rating(payload) or is_worked(payload) or satisfaction.is_about_comment(payload)


def take(session: Session, conversation: Conversation, message: Message, payload: str, now: datetime) -> None:
    """Keep the answer, and say so."""
    if is_rating(payload):
        satisfaction.take(session, conversation, payload, now)
    elif is_worked(payload):
        _take_whether_it_worked(session, conversation, payload, now)
    else:
        satisfaction.take_comment(session, conversation, message, payload, now)


def _take_whether_it_worked(session: Session, conversation: Conversation, payload: str, now: datetime) -> None:
    follow_up_id, has_worked = worked_of(payload)
    follow_up = session.get_one(FollowUp, follow_up_id)
    state = "worked" if has_worked else "failed"
    if follow_up.state == state:
        send(session, conversation, question_receipts.known_already(), now)
        return
    follow_up.state, follow_up.answered_at = state, now
    if has_worked:
        send(session, conversation, question_receipts.it_worked(), now)
        _close_if_quiet(session, conversation, follow_up, now)
    else:
        _reopen(session, conversation, follow_up, now)


def _close_if_quiet(session: Session, conversation: Conversation, follow_up: FollowUp, now: datetime) -> None:
    """Nothing of this case is left to do, unless there is."""
    if conversation.holder == "bot" and conversation.case_no == follow_up.case_no and conversation.turn_due is None:
        holder.close(session, conversation, "worked", now)


def _reopen(session: Session, conversation: Conversation, follow_up: FollowUp, now: datetime) -> None:
    """Back to the desk with the reason, and to the same agent first when they are there and have room."""
    agent = session.get_one(Agent, follow_up.agent_id)
    if conversation.holder in ("queue", "agent"):
        send(session, conversation, question_receipts.not_worked_noted(), now)
        return
    if conversation.holder == "closed":
        holder.reopen(session, conversation, now)
    goes_first = offers.has_room(session, agent.id)
    send(session, conversation, question_receipts.not_worked(agent.name if goes_first else None), now)
    done = f"{agent.name} handed back with “{follow_up.note}”" if follow_up.note else f"{agent.name} handed back"
    when = "asked later, the customer says" if follow_up.asked_at is not None else "the customer says at once"
    evidence = [{"kind": "not_worked", "text": f"{done}; {when} that it did not work."}]
    ticket = holder.escalate(session, conversation, "not_worked", evidence, "customer", now)
    if goes_first:
        offers.hold_out(session, ticket, agent.id, now)


def taken_back(session: Session, payload: str | None) -> str | None:
    """The words of a message that was kept as a comment and was meant as a question, or None."""
    return satisfaction.take_back_comment(session, payload) if payload is not None else None
