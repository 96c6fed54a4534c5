"""Who works at the desk: agents, the browsers they are signed in with, and where they have it open."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column

from handoff.schema.base import Base


class Agent(Base):
    """A person of the shop who signs in: an agent, a supervisor, an author or an admin."""

    __tablename__ = "agent"

    id: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str]
    present: Mapped[bool] = mapped_column(default=False, server_default=false())
    present_at: Mapped[datetime | None]
    acted_at: Mapped[datetime | None]
    """When they last did anything at the desk themselves: wrote, opened a conversation, looked for a colleague."""
    away_reason: Mapped[str | None]
    """Why the desk set them away, in words for them; null when they went themselves."""
    capacity: Mapped[int] = mapped_column(default=4)
    skills: Mapped[list[Any]] = mapped_column(default=list)
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class AgentSession(Base):
    """A signed-in browser. Only the hash of its cookie is kept; deleting the row signs it out."""

    __tablename__ = "agent_session"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id", ondelete="CASCADE"), index=True)
    csrf: Mapped[str]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class OpenDesk(Base):
    """An agent has the desk open at one gateway, which renews this for as long as it is so; or works from a chat, which
    stands in place of the gateway."""

    __tablename__ = "open_desk"

    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id", ondelete="CASCADE"), primary_key=True)
    gateway: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime]
