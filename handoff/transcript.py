"""The transcript as others read it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from handoff.media import FileView
from handoff.schema import InboxItem, Message, OutboxItem

PAGE = 500

_MESSAGES: Select[Message, str | None, str | None] = (
    select(Message, InboxItem.state, OutboxItem.state)
    .outerjoin(
        InboxItem,
        (InboxItem.conversation_id == Message.conversation_id)
        & (InboxItem.seq == Message.seq)
        & (Message.author == "customer"),
    )
    .outerjoin(OutboxItem, (OutboxItem.conversation_id == Message.conversation_id) & (OutboxItem.seq == Message.seq))
    .where(Message.conversation_id == bindparam("conversation_id"))
)
_AFTER = _MESSAGES.where(Message.seq > bindparam("after")).order_by(Message.seq).limit(bindparam("most"))


class MessageView(TypedDict):
    """One message as in docs/wire.md. ``state``: ``waiting | done`` for a customer's, else its delivery state.

    ``wordless``: nothing was written, ``text`` only describes what was sent.
    """

    seq: int
    author: str
    name: str | None
    text: str
    wordless: bool
    at: str
    case: int
    buttons: list[dict[str, str]]
    attachment: dict[str, Any] | None
    files: list[FileView]
    handoff: dict[str, Any] | None
    state: str
    edited_at: str | None
    understanding: dict[str, Any] | None
    client_id: str | None


def messages(session: Session, conversation_id: str, after: int = 0, limit: int = PAGE) -> list[MessageView]:
    """Messages with ``seq > after``, oldest first, at most ``limit``."""
    found = session.execute(_AFTER, {"conversation_id": conversation_id, "after": after, "most": limit})
    return [_view(row) for row in found]


def all_messages(session: Session, conversation_id: str, after: int = 0) -> list[MessageView]:
    """Every message after ``after``, however many."""
    found = page = messages(session, conversation_id, after, PAGE)
    while len(page) == PAGE:
        page = messages(session, conversation_id, page[-1]["seq"], PAGE)
        found = found + page
    return found


def latest_messages(session: Session, conversation_id: str, limit: int, before: int | None = None) -> list[MessageView]:
    """The last ``limit`` messages (with ``seq < before``, if given), oldest first."""
    query = _MESSAGES.order_by(Message.seq.desc()).limit(limit)
    if before is not None:
        query = query.where(Message.seq < before)
    return [_view(row) for row in session.execute(query, {"conversation_id": conversation_id})][::-1]


def one_message(session: Session, conversation_id: str, seq: int) -> MessageView:
    """Raises ``sqlalchemy.exc.NoResultFound``."""
    query = _MESSAGES.where(Message.seq == seq)
    return _view(session.execute(query, {"conversation_id": conversation_id}).one())


def iso(at: datetime) -> str:
    """A UTC time as it goes over the wire: ``2026-03-01T09:30:00.123Z``."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _view(row: Row[Message, str | None, str | None]) -> MessageView:
    message, inbox_state, outbox_state = row
    return MessageView(
        seq=message.seq,
        author=message.author,
        name=message.name,
        text=message.text,
        wordless=message.wordless,
        at=iso(message.at),
        case=message.case_no,
        buttons=message.buttons,
        attachment=message.attachment,
        files=message.files,
        handoff=message.handoff,
        state=inbox_state or outbox_state or "done",
        edited_at=iso(message.edited_at) if message.edited_at else None,
        understanding=message.understanding,
        client_id=message.client_id,
    )
