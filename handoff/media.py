"""Files of a conversation, sent by the customer or by an agent: a row each.

A customer's file is announced first on most channels, and its bytes follow when the channel gives them. What an agent sends, or
a customer of the web chat, is on disk before its message is written.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast

from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from handoff.conversations import NoConversation, locked
from handoff.schema import Conversation, MediaFile, Message

LARGEST_BYTES = 20 * 1024 * 1024
"""What Telegram hands to bots at most; for all channels alike."""
FETCH_LEASE = timedelta(minutes=2)
ATTEMPTS = 8
SHOWN_INLINE = ("image/jpeg", "image/png", "image/gif", "image/webp")
"""Pictures that a browser draws without running anything in them."""

_KINDS_OF_FILE = ("image/", "audio/", "video/")
_DOCUMENTS = (
    "application/pdf",
    "text/plain",
    "text/csv",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.oasis.opendocument.text",
    "application/x-tgsticker",
)
_NEVER = ("image/svg+xml",)

_NOUNS = {
    "photo": "pictures",
    "voice": "voice messages",
    "audio": "sound",
    "video": "videos",
    "animation": "moving pictures",
    "sticker": "stickers",
}

State = Literal["waiting", "kept", "refused", "lost"]


@dataclass(frozen=True)
class SentFile:
    """A file in a message, as its sender describes it. ``size`` in bytes, None when the channel does not say."""

    provider_file_id: str
    """What the channel's own API hands out the bytes for. Never an address of the customer's choosing."""
    kind: str
    """``photo | voice | audio | video | animation | sticker | document``"""
    mime: str
    title: str
    size: int | None = None
    name: str | None = None
    """What the bytes are called on disk, when they are here already."""


class FileView(TypedDict):
    """One file as in docs/wire.md. ``detail`` says why a file was not kept."""

    id: str
    kind: str
    title: str
    mime: str
    size: int | None
    state: State
    url: str
    detail: str | None


@dataclass(frozen=True)
class Fetch:
    """A file to be fetched from its channel now."""

    id: str
    conversation_id: str
    channel: str
    provider_file_id: str
    mime: str
    attempts: int


@dataclass(frozen=True)
class KeptFile:
    """A file that is on disk under ``name``."""

    id: str
    name: str
    title: str
    mime: str
    size: int


def reason_to_refuse(file: SentFile) -> str | None:
    """Why this file can't be kept, in words for the customer and the agent; None when it can."""
    if file.size is not None and file.size > LARGEST_BYTES:
        return f"larger than {LARGEST_BYTES // 1024 // 1024} MB"
    mime = file.mime.lower()
    if mime in _NEVER or not (mime.startswith(_KINDS_OF_FILE) or mime in _DOCUMENTS):
        return "a kind of file that can't be opened safely"
    return None


def kind_of(mime: str) -> str:
    """The kind of a file of which only the type is known."""
    match mime.partition("/")[0]:
        case "image":
            return "animation" if mime == "image/gif" else "photo"
        case "audio":
            return "audio"
        case "video":
            return "video"
    return "document"


def noun(files: Sequence[FileView]) -> str:
    """What these are called in the plural, as in "I can't look at …". Without a file it was a place or a contact."""
    return _NOUNS.get(files[0]["kind"], "files") if files else "things like that"


def keep_rows(session: Session, message: Message, channel: str, files: Collection[SentFile], now: datetime) -> None:
    """A row for each file of ``message``; those that may be kept, and are not here yet, wait to be fetched."""
    if not files:
        return
    for file in files:
        refused = reason_to_refuse(file)
        state: State = "refused" if refused else "waiting" if file.name is None else "kept"
        session.add(
            MediaFile(
                id=f"f_{secrets.token_urlsafe(18)}",
                conversation_id=message.conversation_id,
                seq=message.seq,
                channel=channel,
                provider_file_id=file.provider_file_id,
                kind=file.kind,
                mime=file.mime.lower(),
                title=file.title,
                size=file.size,
                name=file.name,
                state=state,
                detail=refused,
                not_before=now,
                created_at=now,
            )
        )
    session.flush()
    show_on_message(session, message.conversation_id, message.seq)


def any_due(session: Session, channels: Collection[str], now: datetime) -> bool:
    """Whether there is something to :func:`take`."""
    return session.scalar(_due(channels, now).with_only_columns(MediaFile.id)) is not None


def take(session: Session, channels: Collection[str], now: datetime) -> Fetch | None:
    """The next file that is due to be fetched, leased to the caller."""
    file = session.scalar(_due(channels, now).with_for_update(skip_locked=True))
    if file is None:
        return None
    file.not_before = now + FETCH_LEASE
    file.attempts += 1
    return Fetch(file.id, file.conversation_id, file.channel, file.provider_file_id, file.mime, file.attempts)


def kept(session: Session, file_id: str, name: str, mime: str, size: int, now: datetime) -> bool:
    """The bytes are on disk under ``name``. False when the conversation was erased meanwhile: throw them away."""
    file = _with_conversation_locked(session, file_id)
    if file is None:
        return False
    file.state, file.name, file.mime, file.size, file.detail = "kept", name, mime, size, None
    _show(session, file, now)
    return True


def try_again(session: Session, file_id: str, at: datetime) -> None:
    """The channel could not hand it out just now: not before ``at``. Nothing when it was erased meanwhile."""
    file = session.get(MediaFile, file_id)
    if file is not None:
        file.not_before = at


def lost(session: Session, file_id: str, detail: str, now: datetime) -> None:
    """The channel will not hand the bytes out; the transcript says so."""
    file = _with_conversation_locked(session, file_id)
    if file is not None:
        file.state, file.detail = "lost", detail
        _show(session, file, now)


def kept_file(session: Session, file_id: str) -> tuple[str, KeptFile] | None:
    """``(conversation_id, file)``; None when there is none, or its bytes are not here."""
    file = session.get(MediaFile, file_id)
    if file is None or file.state != "kept" or file.name is None:
        return None
    return file.conversation_id, KeptFile(file.id, file.name, file.title, file.mime, file.size or 0)


def kept_with(session: Session, conversation_id: str, seq: int) -> tuple[KeptFile, ...]:
    """The files of one message whose bytes are here, in their order."""
    return tuple(
        KeptFile(file.id, file.name, file.title, file.mime, file.size or 0)
        for file in session.scalars(_of_message(conversation_id, seq))
        if file.state == "kept" and file.name is not None
    )


def names_of(session: Session, conversation_id: str) -> list[str]:
    """What the conversation's files are called on disk."""
    query = select(MediaFile.name).where(MediaFile.conversation_id == conversation_id, MediaFile.name.is_not(None))
    return [name for name in session.scalars(query) if name is not None]


def known_names(session: Session, names: Collection[str]) -> set[str]:
    """Those of the ``names`` on disk that a conversation refers to."""
    return {name for name in session.scalars(select(MediaFile.name).where(MediaFile.name.in_(names))) if name}


def show_on_message(session: Session, conversation_id: str, seq: int) -> None:
    """Bring ``message.files`` up to date with the rows."""
    files = session.scalars(_of_message(conversation_id, seq))
    session.get_one(Message, (conversation_id, seq)).files = [_view(file) for file in files]


def _of_message(conversation_id: str, seq: int) -> Select[MediaFile]:
    return (
        select(MediaFile)
        .where(MediaFile.conversation_id == conversation_id, MediaFile.seq == seq)
        .order_by(MediaFile.created_at, MediaFile.id)
    )


def _due(channels: Collection[str], now: datetime) -> Select[MediaFile]:
    return (
        select(MediaFile)
        .where(MediaFile.state == "waiting", MediaFile.channel.in_(channels), MediaFile.not_before <= now)
        .order_by(MediaFile.not_before)
        .limit(1)
    )


def _with_conversation_locked(session: Session, file_id: str) -> MediaFile | None:
    """The files of a message are shown together: who brings one up to date must see what became of the others."""
    file = session.get(MediaFile, file_id)
    if file is None:
        return None
    try:
        locked(session, file.conversation_id)
    except NoConversation:
        return None
    return session.get(MediaFile, file_id, populate_existing=True)


def _show(session: Session, file: MediaFile, now: datetime) -> None:
    session.flush()
    show_on_message(session, file.conversation_id, file.seq)
    session.get_one(Conversation, file.conversation_id).updated_at = now


def _view(file: MediaFile) -> FileView:
    return FileView(
        id=file.id,
        kind=file.kind,
        title=file.title,
        mime=file.mime,
        size=file.size,
        state=cast(State, file.state),
        url=f"/api/media/{file.id}",
        detail=file.detail,
    )
