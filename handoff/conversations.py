"""Conversations, one at a time: whoever changes one locks it first, so that everything in it happens in one order."""

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import Session

from handoff.schema import Conversation

_LOCKED = (
    select(Conversation)
    .where(Conversation.id == bindparam("id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


class NoConversation(Exception):
    """There is no conversation with this id."""


def occupying() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Where a conversation takes one of its agent's places: what is snoozed takes none."""
    return Conversation.holder == "agent", Conversation.snoozed_until.is_(None)


def locked(session: Session, conversation_id: str) -> Conversation:
    """The conversation, locked until the transaction ends, as it is now. Raises :class:`NoConversation`."""
    conversation = session.scalar(_LOCKED, {"id": conversation_id})
    if conversation is None:
        raise NoConversation(conversation_id)
    return conversation
