"""Who may do what. Every conversation the desk touches is reached through :func:`conversation_for`."""

from collections.abc import Mapping
from typing import Literal

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from handoff.agents import Role
from handoff.schema import Agent, Conversation

Permission = Literal["own_account", "see_colleagues", "read", "answer", "note", "judge", "take_over"]

DESK: frozenset[Role] = frozenset({"agent", "supervisor", "admin"})
EVERYONE: frozenset[Role] = DESK | {"author"}

PERMISSIONS: Mapping[Permission, frozenset[Role]] = {
    "own_account": EVERYONE,
    "see_colleagues": DESK,
    "read": DESK,
    "answer": DESK,
    "note": DESK,
    "judge": DESK,
    "take_over": frozenset({"supervisor", "admin"}),
}
"""``answer``: claim, write, hand back, resolve, pass on. ``judge``: was the escalation needed? ``take_over``: act on a
colleague's conversation."""


class Forbidden(Exception):
    """The role does not allow this."""


class NoSuchConversation(LookupError):
    """There is no such conversation, or none this agent may know of."""


def may(role: str, permission: Permission) -> bool:
    return role in PERMISSIONS[permission]


def check_may(agent: Agent, permission: Permission) -> None:
    """Raises :class:`Forbidden`."""
    if not may(agent.role, permission):
        raise Forbidden(f"The role {agent.role} does not allow this.")


def conversations(agent: Agent) -> Select[Conversation]:
    """The conversations this agent may read, to be narrowed further. Raises :class:`Forbidden`."""
    check_may(agent, "read")
    return select(Conversation)


def conversation_for(session: Session, agent: Agent, conversation_id: str, action: Permission) -> Conversation:
    """The conversation, if this agent may do ``action`` with it. Raises :class:`Forbidden`, :class:`NoSuchConversation`."""
    check_may(agent, action)
    conversation = session.scalar(conversations(agent).where(Conversation.id == conversation_id))
    if conversation is None:
        raise NoSuchConversation("There is no such conversation.")
    return conversation
