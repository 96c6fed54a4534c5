"""Signing in: server-side sessions that end by idling, by age, or the moment somebody revokes them."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from handoff import agents
from handoff.passwords import Verdict
from handoff.schema import Agent, AgentSession

IDLE_AFTER = timedelta(hours=8)
ENDS_AFTER = timedelta(hours=24)
TOUCH_EVERY = timedelta(minutes=1)
LOCK_AFTER_FAILURES = 10
LOCKED_FOR = timedelta(minutes=15)


@dataclass(frozen=True)
class SignedIn:
    """A browser that is signed in. ``token_hash`` names its session; ``csrf`` is what its writes must carry."""

    token_hash: str
    agent_id: str
    role: agents.Role
    csrf: str
    last_seen_at: datetime


@dataclass(frozen=True)
class NewSession:
    """The only time the cookie's value exists on our side."""

    token: str
    signed_in: SignedIn
    agent: agents.AgentView


def known_hash(session: Session, email: str) -> str | None:
    """The hash a password must fit; None for an address nobody has, or one that is disabled."""
    agent = agents.by_email(session, email)
    return agent.password_hash if agent is not None and agent.disabled_at is None else None


def sign_in(
    session: Session, email: str, checked_hash: str | None, verdict: Verdict, now: datetime
) -> NewSession | None:
    """Begin a session if the password was right; None, without a reason, if not.

    ``checked_hash`` is what :func:`known_hash` returned and ``verdict`` what :func:`handoff.passwords.check` made of it,
    outside this transaction. After ten wrong tries in a row even the right password is refused for a quarter of an hour.
    """
    agent = session.scalar(
        select(Agent).where(Agent.email == agents.normal_email(email), Agent.disabled_at.is_(None)).with_for_update()
    )
    if agent is None:
        return None
    if agent.password_hash != checked_hash or (agent.locked_until is not None and agent.locked_until > now):
        return None
    if not verdict.right:
        _count_failure(agent, now)
        return None
    agent.failed_sign_ins, agent.locked_until = 0, None
    agent.password_hash = verdict.new_hash or agent.password_hash
    return _begin(session, agent, now)


def signed_in(session: Session, token: str, now: datetime) -> SignedIn | None:
    """Who this cookie belongs to, if its session still counts."""
    found = session.execute(_open([_hash(token)], now)).one_or_none()
    return _signed_in(*found) if found is not None else None


def still_open(session: Session, token_hashes: Collection[str], now: datetime) -> set[str]:
    """Those of these sessions that still count."""
    return {row.token_hash for row, _ in session.execute(_open(token_hashes, now))}


def touch(session: Session, token_hash: str, now: datetime) -> None:
    """The session was used."""
    session.execute(update(AgentSession).where(AgentSession.token_hash == token_hash).values(last_seen_at=now))


def sign_out(session: Session, token_hash: str) -> None:
    """End one session. An agent without any is not present."""
    agent_id = session.scalar(select(AgentSession.agent_id).where(AgentSession.token_hash == token_hash))
    session.execute(delete(AgentSession).where(AgentSession.token_hash == token_hash))
    if agent_id is None or session.scalar(select(AgentSession).where(AgentSession.agent_id == agent_id).limit(1)):
        return
    session.execute(update(Agent).where(Agent.id == agent_id).values(present=False, present_at=None))


def change_password(session: Session, token_hash: str, checked_hash: str, new_hash: str) -> bool:
    """The signed-in agent's own new password. Every other session of theirs ends; this one goes on.

    ``checked_hash`` is what the old password was held against. Returns False when it has been changed meanwhile.
    """
    row = session.get_one(AgentSession, token_hash)
    agent = session.get_one(Agent, row.agent_id, with_for_update=True, populate_existing=True)
    if agent.password_hash != checked_hash:
        return False
    agent.password_hash, agent.failed_sign_ins, agent.locked_until = new_hash, 0, None
    others = (AgentSession.agent_id == agent.id, AgentSession.token_hash != token_hash)
    session.execute(delete(AgentSession).where(*others))
    return True


def _open(token_hashes: Collection[str], now: datetime) -> Select[AgentSession, Agent]:
    return (
        select(AgentSession, Agent)
        .join(Agent, Agent.id == AgentSession.agent_id)
        .where(
            AgentSession.token_hash.in_(token_hashes),
            AgentSession.expires_at > now,
            AgentSession.last_seen_at > now - IDLE_AFTER,
            Agent.disabled_at.is_(None),
        )
    )


def _begin(session: Session, agent: Agent, now: datetime) -> NewSession:
    session.execute(delete(AgentSession).where(AgentSession.expires_at <= now))
    token = secrets.token_urlsafe(32)
    row = AgentSession(
        token_hash=_hash(token),
        agent_id=agent.id,
        csrf=secrets.token_urlsafe(32),
        created_at=now,
        last_seen_at=now,
        expires_at=now + ENDS_AFTER,
    )
    session.add(row)
    session.flush()
    return NewSession(token, _signed_in(row, agent), agents.view(session, agent))


def _signed_in(row: AgentSession, agent: Agent) -> SignedIn:
    return SignedIn(row.token_hash, agent.id, cast(agents.Role, agent.role), row.csrf, row.last_seen_at)


def _count_failure(agent: Agent, now: datetime) -> None:
    agent.failed_sign_ins += 1
    if agent.failed_sign_ins >= LOCK_AFTER_FAILURES:
        agent.failed_sign_ins, agent.locked_until = 0, now + LOCKED_FOR


def _hash(token: str) -> str:
    # The token is 256 random bits: a plain hash is enough, there is nothing to guess.
    return hashlib.sha256(token.encode()).hexdigest()
