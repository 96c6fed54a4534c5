"""Names that a channel tells only after the message itself."""

from sqlalchemy.orm import Session

from handoff.conversations import locked
from handoff.schema import Message


def introduce(session: Session, conversation_id: str, seq: int, name: str | None, locale: str | None) -> None:
    """Message ``seq`` is ``name``'s. Whoever wrote first gives the conversation its customer's name and language."""
    conversation = locked(session, conversation_id)
    message = session.get_one(Message, (conversation_id, seq))
    message.name = name or message.name
    conversation.customer_name = conversation.customer_name or name
    conversation.locale = conversation.locale or locale
