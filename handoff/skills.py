"""Skills: what a ticket calls for, from what the customer wanted and the language they write in."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from handoff import desk_rules
from handoff.access import DESK
from handoff.schema import Agent, Conversation, Message

LANGUAGE = "lang-"
LOOKED_AT = 10
"""How many of the customer's latest messages are asked what they wanted."""


class TeamView(TypedDict):
    """A team as in docs/wire.md: how many ``agents`` have the skill, and how many of them are ``present``."""

    name: str
    agents: int
    present: int


def needed(session: Session, conversation: Conversation) -> list[str]:
    """The skills a ticket for ``conversation`` calls for, as ``handoff/desk.toml`` has it."""
    rules = desk_rules.of(session)
    language = (conversation.locale or "").replace("_", "-").partition("-")[0].lower()
    skills = []
    if rules.skills:
        skills += _by_topic(session, conversation)
    if language and rules.everybody_speaks is not None and language not in rules.everybody_speaks:
        skills.append(f"{LANGUAGE}{language}")
    return skills


def for_team(skills: Sequence[str], team: str) -> list[str]:
    """What a ticket calls for once it is passed on to ``team``: that skill, in the customer's language."""
    return [team, *(skill for skill in skills if skill.startswith(LANGUAGE) and skill != team)]


def teams(session: Session) -> list[TeamView]:
    """Every skill that a ticket can be passed on to, by name: those of the desk's rules and of its agents."""
    there = select(Agent.skills, Agent.present).where(Agent.disabled_at.is_(None), Agent.role.in_(DESK))
    members = session.execute(there).all()
    known = {skill for skills, _ in members for skill in skills} | set(desk_rules.of(session).skills)
    return [
        TeamView(
            name=name,
            agents=sum(name in skills for skills, _ in members),
            present=sum(name in skills and present for skills, present in members),
        )
        for name in sorted(known)
        if not name.startswith(LANGUAGE)
    ]


def _by_topic(session: Session, conversation: Conversation) -> list[str]:
    """Of the latest message whose meaning calls for anything in particular."""
    latest = (
        select(Message.understanding)
        .where(
            Message.conversation_id == conversation.id,
            Message.case_no == conversation.case_no,
            Message.author == "customer",
            Message.understanding.is_not(None),
        )
        .order_by(Message.seq.desc())
        .limit(LOOKED_AT)
    )
    for understanding in session.scalars(latest):
        intent = (understanding or {}).get("intent") or {}
        meant = {intent.get("name"), (understanding or {}).get("faq")}
        if found := [skill for skill, topics in desk_rules.of(session).skills.items() if topics & meant]:
            return found
    return []
