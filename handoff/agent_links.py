"""Agents' accounts in a chat that they answer from. A link is proved by somebody who is signed in at the desk."""

from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from handoff import access, repeats
from handoff.agents import ROLES
from handoff.schema import Agent, AgentLink

MOST_COLLEAGUES = 20
"""A chat shows each as a button."""


class LinkUsed(Exception):
    """The link was used before."""


def link(session: Session, channel: str, user: str, agent_id: str, token_id: str, now: datetime) -> None:
    """``user`` of the chat is this agent from now on. Raises :class:`LinkUsed` for a ``token_id`` that was used before."""
    if not repeats.first_time(session, "agent_link", token_id, now):
        raise LinkUsed(token_id)
    known = session.get(AgentLink, (channel, user))
    if known is None:
        session.add(AgentLink(channel=channel, user=user, agent_id=agent_id, at=now))
    else:
        known.agent_id, known.at = agent_id, now


def agent_of(session: Session, channel: str, user: str) -> Agent | None:
    """The agent behind a user of the chat, if they are linked and may still sign in."""
    return session.scalar(
        select(Agent)
        .join(AgentLink, AgentLink.agent_id == Agent.id)
        .where(AgentLink.channel == channel, AgentLink.user == user, Agent.disabled_at.is_(None))
    )


def colleagues(session: Session, channel: str, user: str) -> list[Agent]:
    """Whom somebody in the chat can pass a conversation to: agents who are at the desk, or linked in the same chat."""
    own = agent_of(session, channel, user)
    linked = exists().where(AgentLink.channel == channel, AgentLink.agent_id == Agent.id)
    query = (
        select(Agent)
        .where(
            Agent.disabled_at.is_(None),
            Agent.role.in_([role for role in ROLES if access.may(role, "answer")]),
            or_(Agent.present.is_(True), linked),
        )
        .order_by(Agent.name)
        .limit(MOST_COLLEAGUES)
    )
    return [agent for agent in session.scalars(query) if own is None or agent.id != own.id]
