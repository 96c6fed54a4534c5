"""Agents' accounts: who may sign in, in which role, and whether they are at the desk."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Literal, cast, get_args

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from handoff import passwords
from handoff.conversations import occupying
from handoff.schema import Agent, AgentSession, Conversation

Role = Literal["agent", "supervisor", "author", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
FIRST_ADMIN_EMAIL = "admin@example.com"


class AgentView(TypedDict):
    """An agent as in docs/wire.md.

    ``holding``: how many conversations, snoozed ones left out. ``away_reason``: why the desk set them away.
    """

    id: str
    email: str
    name: str
    role: Role
    present: bool
    capacity: int
    skills: list[str]
    holding: int
    away_reason: str | None


class AddressTaken(ValueError):
    """There is an account with this e-mail address already."""


class BadField(ValueError):
    """An account can't look like this; the message says why."""


class NoAgent(LookupError):
    """There is no such account, or it is disabled."""


def normal_email(email: str) -> str:
    """One spelling for each address: people type their own in any case."""
    return email.strip().casefold()


def add_agent(session: Session, email: str, name: str, role: str, password_hash: str, now: datetime) -> AgentView:
    """A new account; hash the password first, see :mod:`handoff.passwords`. Raises :class:`AddressTaken`, :class:`BadField`."""
    email, name = normal_email(email), name.strip()
    if "@" not in email.strip("@") or len(email) > 254 or any(letter.isspace() for letter in email):
        raise BadField(f"{email} is not an e-mail address.")
    if not 1 <= len(name) <= 80:
        raise BadField("A name has 1 to 80 characters.")
    if role not in ROLES:
        raise BadField(f"{role} is not a role; choose one of {', '.join(ROLES)}.")
    if by_email(session, email) is not None:
        raise AddressTaken(f"{email} has an account already.")
    agent = Agent(
        id=f"a_{secrets.token_hex(8)}",
        email=email,
        name=name,
        role=role,
        password_hash=password_hash,
        present_at=now,  # whoever first opens the desk is there, until they say otherwise
        created_at=now,
    )
    session.add(agent)
    session.flush()
    return view(session, agent)


def ensure_first_admin(session: Session, now: datetime) -> tuple[str, str] | None:
    """On a desk without accounts, make an admin and return (e-mail address, one-time password). Otherwise None."""
    if session.scalar(select(Agent.id).limit(1)) is not None:
        return None
    password = passwords.one_time_password()
    # Hashing inside the transaction delays nobody here: a desk without accounts has only just begun.
    add_agent(session, FIRST_ADMIN_EMAIL, "Admin", "admin", passwords.new_hash(password), now)
    return FIRST_ADMIN_EMAIL, password


def disable_agent(session: Session, email: str, now: datetime) -> AgentView:
    """Nobody signs in with this account any more, and whoever is signed in is out. Raises :class:`NoAgent`."""
    agent = _enabled(session, email)
    agent.disabled_at, agent.present, agent.present_at = now, False, None
    _end_sessions(session, agent.id)
    return view(session, agent)


def set_password(session: Session, email: str, password_hash: str) -> AgentView:
    """A new password, a clean slate for failed tries, and signed out everywhere. Raises :class:`NoAgent`."""
    agent = _enabled(session, email)
    agent.password_hash, agent.failed_sign_ins, agent.locked_until = password_hash, 0, None
    _end_sessions(session, agent.id)
    return view(session, agent)


def by_email(session: Session, email: str) -> Agent | None:
    """The account with this address, in any spelling, disabled ones included."""
    return session.scalar(select(Agent).where(Agent.email == normal_email(email)))


def by_id(session: Session, agent_id: str) -> Agent:
    """An account that is not disabled. Raises :class:`NoAgent`."""
    agent = session.get(Agent, agent_id)
    if agent is None or agent.disabled_at is not None:
        raise NoAgent(agent_id)
    return agent


def view(session: Session, agent: Agent) -> AgentView:
    """:func:`views` of one."""
    return views(session, [agent])[0]


def all_views(session: Session) -> list[AgentView]:
    """Everyone who can sign in, by name."""
    return views(session, session.scalars(select(Agent).where(Agent.disabled_at.is_(None)).order_by(Agent.name)).all())


def views(session: Session, agents: Sequence[Agent]) -> list[AgentView]:
    """In the same order, each with how many conversations they hold."""
    holding = _holding(session, [agent.id for agent in agents])
    return [
        AgentView(
            id=agent.id,
            email=agent.email,
            name=agent.name,
            role=cast(Role, agent.role),
            present=agent.present,
            capacity=agent.capacity,
            skills=list(agent.skills),
            holding=holding.get(agent.id, 0),
            away_reason=agent.away_reason,
        )
        for agent in agents
    ]


def set_present(session: Session, agent_id: str, present: bool, now: datetime) -> AgentView:
    """The agent's own switch. ``present_at`` keeps what they want; ``present`` is whether they are really here."""
    agent = by_id(session, agent_id)
    agent.present, agent.present_at, agent.away_reason = present, now if present else None, None
    session.flush()
    return view(session, agent)


def acted(session: Session, agent_id: str, now: datetime) -> None:
    """The agent has just done something at the desk.

    In a transaction of its own: one that holds a conversation must not wait for an agent's row, which offers lock first.
    """
    session.execute(update(Agent).where(Agent.id == agent_id).values(acted_at=now))


def set_skills(session: Session, email: str, skills: Collection[str]) -> AgentView:
    """What this agent is good at, replacing what was noted before. Raises :class:`NoAgent`."""
    agent = _enabled(session, email)
    agent.skills = sorted(skills)
    session.flush()
    return view(session, agent)


def _enabled(session: Session, email: str) -> Agent:
    agent = by_email(session, email)
    if agent is None or agent.disabled_at is not None:
        raise NoAgent(f"{normal_email(email)} has no account.")
    return agent


def _end_sessions(session: Session, agent_id: str) -> None:
    session.execute(delete(AgentSession).where(AgentSession.agent_id == agent_id))


def _holding(session: Session, agent_ids: list[str]) -> dict[str, int]:
    query = (
        select(Conversation.agent_id, func.count())
        .where(*occupying(), Conversation.agent_id.in_(agent_ids))
        .group_by(Conversation.agent_id)
    )
    return {agent_id: count for agent_id, count in session.execute(query) if agent_id is not None}
