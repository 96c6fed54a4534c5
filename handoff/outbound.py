"""Writing to the customer: a reply is a row of the transcript and a row of the outbox, in one transaction."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from handoff import buttons, media, rows
from handoff.media import SentFile
from handoff.schema import Button, Conversation, Message, OutboxItem

BOT_NAME = "Fern"


@dataclass(frozen=True)
class Choice:
    """A quick reply to offer: what the customer reads, and what it means to Rasa (``/intent{…}``)."""

    title: str
    payload: str


@dataclass(frozen=True)
class Reply:
    """Words for the customer, from whichever ``author`` (``bot | agent | system``)."""

    text: str
    author: str
    name: str | None = None
    agent_id: str | None = None
    choices: list[Choice] = field(default_factory=list)
    attachment: dict[str, Any] | None = None
    handoff: dict[str, Any] | None = None
    client_id: str | None = None
    files: tuple[SentFile, ...] = ()
    """What goes with it; without ``text`` it is all there is, and the transcript describes it."""


def send(session: Session, conversation: Conversation, reply: Reply, now: datetime) -> Message:
    """Append ``reply`` to a locked ``conversation`` and put it in the outbox."""
    conversation.last_seq += 1
    conversation.updated_at = now
    offered = [
        Button(
            id=buttons.new_id(),
            conversation_id=conversation.id,
            seq=conversation.last_seq,
            title=choice.title,
            payload=choice.payload,
        )
        for choice in reply.choices
    ]
    message = Message(
        conversation_id=conversation.id,
        seq=conversation.last_seq,
        case_no=conversation.case_no,
        author=reply.author,
        agent_id=reply.agent_id,
        name=reply.name,
        text=reply.text or ", ".join(file.title for file in reply.files),
        wordless=bool(reply.files) and not reply.text,
        attachment=reply.attachment,
        buttons=[{"id": button.id, "title": button.title} for button in offered],
        handoff=reply.handoff,
        client_id=reply.client_id,
        at=now,
    )
    rows.insert(session, message)
    session.add_all(offered)
    media.keep_rows(session, message, conversation.channel, reply.files, now)
    rows.insert(
        session,
        OutboxItem(
            conversation_id=conversation.id,
            seq=message.seq,
            channel=conversation.channel,
            author=reply.author,
            epoch=conversation.epoch,
            not_before=now,
        ),
    )
    return message
