"""Customers change and delete what they wrote. The transcript shows their present words, and that they were changed."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from handoff import addresses
from handoff.conversations import locked
from handoff.explicit_ask import asks_for_person
from handoff.schema import InboxItem, Message

DELETED = "(deleted by the customer)"


def edit(
    session: Session, channel: str, address: str, provider_id: str, text: str | None, now: datetime
) -> tuple[str, int] | None:
    """The customer's message that the channel calls ``provider_id`` reads ``text`` now; None: it was deleted.

    What still waits for the bot is answered in its new words; what was answered is not answered again. Returns
    ``(conversation_id, seq)``, or None when there is no such message or it reads so already.
    """
    conversation_id = addresses.find(session, channel, address)
    if conversation_id is None:
        return None
    conversation = locked(session, conversation_id)
    item = session.scalar(
        select(InboxItem).where(InboxItem.conversation_id == conversation_id, InboxItem.provider_id == provider_id)
    )
    if item is None:
        return None
    message = session.get_one(Message, (conversation_id, item.seq))
    words = DELETED if text is None else text
    if message.text == words:
        return None
    message.text, message.edited_at, conversation.updated_at = words, now, now
    if item.state == "waiting" and item.payload is None:
        item.asks_for_person = asks_for_person(words) is not None
        if item.asks_for_person:
            conversation.turn_due = now
    return conversation_id, item.seq
