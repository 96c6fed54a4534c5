"""Searching the desk: by ticket number, order number, customer, or what was said.

No index of words is kept: it looks through the latest conversations only, which is enough for "the one from this morning" and
bounded however old the desk grows. A ticket's number finds its conversation however old it is.
"""

import re
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from handoff.schema import Conversation, Message, Ticket
from handoff.summaries import SummaryView, summaries
from handoff.tickets import FIRST_NUMBER

LOOKED_THROUGH = 2000
SHORTEST, LONGEST = 2, 100
TICKET = re.compile(r"t\s*-?\s*(\d{4,9})", re.IGNORECASE)
ORDER = re.compile(r"(?:order\s*)?(?:fd)?\s*[-#]?\s*(\d{4,6})", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """Latest change first. ``looked_through``: how many conversations, when there are older ones as well; else None."""

    conversations: list[SummaryView]
    looked_through: int | None


def search(session: Session, readable: Select[Conversation], words: str, limit: int) -> Found:
    """At most ``limit`` conversations that ``words`` fit."""
    words = " ".join(words.split())
    recent = readable.with_only_columns(Conversation.id).order_by(Conversation.updated_at.desc()).limit(LOOKED_THROUGH)
    fits = or_(*_terms(words))
    query = readable.where(or_(Conversation.id.in_(recent) & fits, *_by_ticket(words)))
    found = session.scalars(query.order_by(Conversation.updated_at.desc(), Conversation.id).limit(limit)).all()
    one_more = readable.with_only_columns(Conversation.id).limit(LOOKED_THROUGH + 1).subquery()
    some_left_out = session.scalars(select(func.count()).select_from(one_more)).one() > LOOKED_THROUGH
    return Found(summaries(session, found), LOOKED_THROUGH if some_left_out else None)


def _terms(words: str) -> list[ColumnElement[bool]]:
    order = ORDER.fullmatch(words)
    # Customers write FD-10412, fd 10412 and #10412: the digits are what all of them have in common.
    text = order[1] if order else words
    slot = Conversation.slots["order_number"].as_string()
    said = exists().where(
        Message.conversation_id == Conversation.id,
        Message.author != "system",
        Message.text.icontains(text, autoescape=True),
    )
    return [
        Conversation.customer_name.icontains(words, autoescape=True),
        slot.icontains(text, autoescape=True),
        said,
    ]


def _by_ticket(words: str) -> list[ColumnElement[bool]]:
    number = TICKET.fullmatch(words)
    if number is None:
        return []
    ticket = select(Ticket.conversation_id).where(Ticket.id == int(number[1]) - FIRST_NUMBER)
    return [Conversation.id.in_(ticket)]
