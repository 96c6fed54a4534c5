"""Notes of other desks in a ticket's thread: which of them it lacks.

What was written in the chat itself is there already: its id begins with the chat's name. What a thread has been shown is noted
in ``desk_line``, under a name that no chat gives a message.
"""

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from handoff.notes import NoteView, view
from handoff.schema import Agent, DeskLine, DeskThread, Note, Ticket

NOTES_AT_ONCE = 10
_PREFIX = "note:"


def any_lacking() -> ColumnElement[bool]:
    """For queries of ``desk_thread`` joined with ``ticket``: whether the thread lacks a note."""
    return exists().where(*_lacking())


def lacking(session: Session, thread: DeskThread) -> list[NoteView]:
    """The notes that the thread lacks, oldest first, a few at a time."""
    query = (
        select(Note, Agent)
        .join(Agent, Agent.id == Note.agent_id)
        .join(Ticket, Ticket.conversation_id == Note.conversation_id)
        .join(DeskThread, DeskThread.ticket_id == Ticket.id)
        .where(DeskThread.ticket_id == thread.ticket_id, DeskThread.channel == thread.channel, *_lacking())
        .order_by(Note.at, Note.id)
        .limit(NOTES_AT_ONCE)
    )
    return [view(note, agent) for note, agent in session.execute(query)]


def shown(session: Session, channel: str, place: str, note_id: str, ticket_id: int) -> None:
    """The ticket's thread in ``place`` has this note from now on."""
    session.merge(DeskLine(channel=channel, place=place, message_id=f"{_PREFIX}{note_id}", ticket_id=ticket_id))


def _lacking() -> tuple[ColumnElement[bool], ...]:
    """Of the ticket's own time: what was noted about earlier ones is in the brief's history."""
    has = exists().where(
        DeskLine.channel == DeskThread.channel,
        DeskLine.place == DeskThread.place,
        DeskLine.message_id == _PREFIX + Note.id,
    )
    return (
        Note.conversation_id == Ticket.conversation_id,
        Note.at >= Ticket.queued_at,
        Ticket.ended_at.is_(None) | (Note.at <= Ticket.ended_at),
        ~Note.id.startswith(DeskThread.channel + ":"),
        ~has,
    )
