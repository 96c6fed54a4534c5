"""Where channels reach customers: an address can move."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from handoff.schema import Conversation


def move(session: Session, channel: str, old: str, new: str) -> bool:
    """The customer at ``old`` is reached at ``new`` from now on. False when ``new`` has a conversation of its own already."""
    if session.scalar(select(Conversation.id).where(Conversation.channel == channel, Conversation.address == new)):
        return False
    conversation = session.scalar(
        select(Conversation).where(Conversation.channel == channel, Conversation.address == old).with_for_update()
    )
    if conversation is not None:
        conversation.address = new
    return True
