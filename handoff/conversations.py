"""Conversations, one at a time: whoever changes one locks it first, so that everything in it happens in one order."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from handoff.schema import Conversation


class NoConversation(Exception):
    """There is no conversation with this id."""


def occupying() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Where a conversation takes one of its agent's places: what is snoozed takes none."""
    return Conversation.holder == "agent", Conversation.snoozed_until.is_(None)


def locked(session: Session, conversation_id: str) -> Conversation:
    """The conversation, locked until the transaction ends, as it is now. Raises :class:`NoConversation`."""
    query = select(Conversation).where(Conversation.id == conversation_id).with_for_update()
    conversation = session.scalar(query.execution_options(populate_existing=True))
    if conversation is None:
        raise NoConversation(conversation_id)
    return conversation
