"""The transcript: messages, the buttons under them and the files that came with them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from handoff.schema.base import Base, Json


class Message(Base):
    """One line of the transcript, in the conversation's own order."""

    __tablename__ = "message"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    case_no: Mapped[int]
    author: Mapped[str]
    """``customer | bot | agent | system``"""
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    name: Mapped[str | None]
    text: Mapped[str]
    attachment: Mapped[dict[str, Any] | None] = mapped_column(Json)
    buttons: Mapped[list[Any]] = mapped_column(default=list)
    """``[{id, title}]``; what each means to Rasa is in :class:`Button`."""
    handoff: Mapped[dict[str, Any] | None] = mapped_column(Json)
    understanding: Mapped[dict[str, Any] | None] = mapped_column(Json)
    client_id: Mapped[str | None]
    at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    files: Mapped[list[Any]] = mapped_column(default=list)
    """What came with it, as in docs/wire.md; kept up to date with :class:`MediaFile`."""
    wordless: Mapped[bool] = mapped_column(default=False, server_default=false())
    """A picture, a voice message, a place: ``text`` only describes it, and the bot can't read it."""
    album: Mapped[str | None]
    """Messages with the same one were sent together."""


class Button(Base):
    """A quick reply that was offered. Customers only ever see the id: what it means to Rasa stays here."""

    __tablename__ = "button"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    seq: Mapped[int]
    title: Mapped[str]
    payload: Mapped[str]


class MediaFile(Base):
    """A file that a customer sent. The bytes lie in ``FRONTDESK_HOME/media`` under a random ``name``."""

    __tablename__ = "media"
    __table_args__ = (
        ForeignKeyConstraint(
            ["conversation_id", "seq"], ["message.conversation_id", "message.seq"], ondelete="CASCADE"
        ),
        Index("ix_media_conversation_id_seq", "conversation_id", "seq"),
        Index("ix_media_state_not_before", "state", "not_before"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str]
    seq: Mapped[int]
    channel: Mapped[str]
    provider_file_id: Mapped[str]
    kind: Mapped[str]
    mime: Mapped[str]
    title: Mapped[str]
    size: Mapped[int | None]
    state: Mapped[str]
    """``waiting | kept | refused | lost``"""
    detail: Mapped[str | None]
    name: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    created_at: Mapped[datetime]
