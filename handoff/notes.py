"""Notes: agents' words about a conversation, for agents. Customers never see them."""

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from handoff.conversations import locked
from handoff.schema import Agent, Conversation, Note
from handoff.transcript import iso


class NamedAgent(TypedDict):
    id: str
    name: str


class NoteView(TypedDict):
    """A note as in docs/wire.md."""

    id: str
    agent: NamedAgent
    text: str
    at: str


class NoteIdTaken(Exception):
    """The note's id was used before for something else."""


def write(
    session: Session, conversation: Conversation, agent: Agent, note_id: str, text: str, now: datetime
) -> tuple[NoteView, bool]:
    """Keep a note. The same id and text again return the first note and ``False``. Raises :class:`NoteIdTaken`."""
    locked(session, conversation.id)  # a retry that overtakes the first try waits for it
    known = session.get(Note, note_id)
    if known is not None:
        if (known.conversation_id, known.agent_id, known.text) != (conversation.id, agent.id, text):
            raise NoteIdTaken(note_id)
        return view(known, agent), False
    note = Note(id=note_id, conversation_id=conversation.id, agent_id=agent.id, text=text, at=now)
    session.add(note)
    session.flush()
    return view(note, agent), True


def leave(session: Session, conversation: Conversation, agent_id: str, text: str, now: datetime) -> None:
    """A note that goes with something else the agent does to a locked conversation."""
    session.add(
        Note(id=f"n_{secrets.token_hex(10)}", conversation_id=conversation.id, agent_id=agent_id, text=text, at=now)
    )


def of_conversation(session: Session, conversation: Conversation) -> list[NoteView]:
    """All notes of a conversation, oldest first."""
    query = (
        select(Note, Agent)
        .join(Agent, Agent.id == Note.agent_id)
        .where(Note.conversation_id == conversation.id)
        .order_by(Note.at, Note.id)
    )
    return [view(note, agent) for note, agent in session.execute(query)]


def view(note: Note, agent: Agent) -> NoteView:
    """``agent``: who wrote it."""
    return NoteView(id=note.id, agent=NamedAgent(id=agent.id, name=agent.name), text=note.text, at=iso(note.at))
