"""Skills: what a ticket calls for, from what the customer wanted and the language they write in."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from handoff import desk_rules
from handoff.schema import Conversation, Message

LOOKED_AT = 10
"""How many of the customer's latest messages are asked what they wanted."""


def needed(session: Session, conversation: Conversation) -> list[str]:
    """The skills a ticket for ``conversation`` calls for, as ``handoff/desk.toml`` has it."""
    rules = desk_rules.of(session)
    language = (conversation.locale or "").replace("_", "-").partition("-")[0].lower()
    skills = []
    if rules.skills:
        skills += _by_topic(session, conversation)
    if language and rules.everybody_speaks is not None and language not in rules.everybody_speaks:
        skills.append(f"lang-{language}")
    return skills


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
