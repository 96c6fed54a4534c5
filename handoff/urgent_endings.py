"""What is about safety or the law does not end without a word of the agent: a reply, or a note that says why there is none."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from handoff.schema import Note, Ticket
from handoff.tickets import is_grave

UNANSWERED = "This is urgent and nobody has answered the customer yet. Answer first, or leave a note that says why not."


class UnansweredError(Exception):
    """Nothing was changed: the agent has neither answered nor said why not."""


def check_answered(session: Session, ticket: Ticket, note: str | None) -> None:
    """``note``: what the agent says of the end. Raises :class:`UnansweredError`."""
    if is_grave(ticket) and ticket.first_reply_at is None and not note and not _left_a_note(session, ticket):
        raise UnansweredError(UNANSWERED)


def _left_a_note(session: Session, ticket: Ticket) -> bool:
    """Whether the agent who has it wrote a note since they took it: in a chat of the agents there is no other place for it."""
    left = exists().where(
        Note.conversation_id == ticket.conversation_id,
        Note.agent_id == ticket.agent_id,
        Note.at > ticket.claimed_at,
    )
    return bool(session.scalar(select(left)))
