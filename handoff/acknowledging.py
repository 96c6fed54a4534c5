"""Telling customers what became of the pictures, voice messages and files they sent."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from handoff import media, receipts
from handoff.outbound import send
from handoff.schema import Conversation, Message


def say_kept(session: Session, conversation: Conversation, message: Message, now: datetime) -> None:
    """In the bot's turn: nobody has looked at it yet, it is kept, and a person can."""
    if begins_album(session, message) and (not message.files or _any_kept(message)):
        send(session, conversation, receipts.cannot_look(media.noun(message.files)), now)
    say_refused(session, conversation, message, now)


def say_refused(session: Session, conversation: Conversation, message: Message, now: datetime) -> None:
    """Whoever holds the conversation: this file reaches nobody."""
    for file in message.files:
        if file["state"] == "refused":
            send(session, conversation, receipts.file_refused(file["title"], file["detail"]), now)


def begins_album(session: Session, message: Message) -> bool:
    """Whether this message brought something besides words that was not spoken of yet: an album is spoken of once."""
    if not (message.wordless or message.files):
        return False
    earlier = select(Message.seq).where(
        Message.conversation_id == message.conversation_id, Message.album == message.album, Message.seq < message.seq
    )
    return message.album is None or session.scalar(earlier.limit(1)) is None


def _any_kept(message: Message) -> bool:
    return any(file["state"] != "refused" for file in message.files)
