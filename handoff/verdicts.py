"""Agents' verdicts: was a person needed here? What the bot's thresholds are judged by."""

from sqlalchemy.orm import Session

from handoff.schema import Conversation, Ticket
from handoff.summaries import latest_ticket


class NoTicketError(Exception):
    """Nobody has asked for a person in this case, so there is nothing to judge."""


def judge(session: Session, conversation: Conversation, needed: bool) -> Ticket:
    """Keep the verdict on the case's latest ticket. Raises :class:`NoTicketError`."""
    ticket = latest_ticket(session, conversation)
    if ticket is None:
        raise NoTicketError("Nobody has asked for a person in this case.")
    ticket.needed = needed
    session.flush()
    return ticket
