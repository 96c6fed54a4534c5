"""Tickets: one for each handoff, from the ask to its end."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handoff import skills
from handoff.schema import Conversation, Ticket

FIRST_NUMBER = 1000
URGENT, RAISED, ORDINARY = 2, 1, 0
PRIORITY_BY_REASON = {
    "safety": URGENT,
    "legal": URGENT,
    "vulnerable": RAISED,
    "frustrated": RAISED,
    "complaint": RAISED,
    "not_worked": RAISED,
    "bot_error": RAISED,
    "shop_error": RAISED,
}

GRAVE_SIGNS = frozenset({"harm", "law"})
"""Kinds of evidence (docs/escalation.md) that make a ticket grave whatever it was opened for."""


def is_grave(ticket: Ticket) -> bool:
    """Whether it is about safety, an injury or the law."""
    return PRIORITY_BY_REASON.get(ticket.reason) == URGENT or any(
        item.get("kind") in GRAVE_SIGNS for item in ticket.evidence
    )


def number(ticket: Ticket) -> str:
    """What people call it: ``T-1042``."""
    return f"T-{FIRST_NUMBER + ticket.id}"


def open_ticket(session: Session, conversation: Conversation) -> Ticket | None:
    """The ticket that is queued or claimed, if the conversation has one."""
    return session.scalar(
        select(Ticket).where(Ticket.conversation_id == conversation.id, Ticket.state.in_(["queued", "claimed"]))
    )


def write(
    session: Session, conversation: Conversation, reason: str, evidence: list[dict[str, Any]], now: datetime
) -> Ticket:
    """A new queued ticket for ``conversation``, with what the bot knew at this moment."""
    ticket = Ticket(
        conversation_id=conversation.id,
        case_no=conversation.case_no,
        reason=reason,
        evidence=evidence,
        priority=PRIORITY_BY_REASON.get(reason, ORDINARY),
        queued_at=now,
        skills=skills.needed(session, conversation),
        opening={"slots": conversation.slots},
    )
    session.add(ticket)
    session.flush()
    return ticket
