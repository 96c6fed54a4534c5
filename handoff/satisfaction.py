"""Satisfaction: asked once when a case is resolved, answered with a button or a single digit, shown at the desk."""

from datetime import datetime

from sqlalchemy.orm import Session

from handoff import receipts
from handoff.outbound import send
from handoff.payloads import rating, rating_of
from handoff.schema import Conversation, Ticket
from handoff.summaries import latest_ticket

STARS = range(1, 6)


def ask(session: Session, conversation: Conversation, ticket: Ticket, now: datetime) -> None:
    """Ask how it was, of a customer who was really answered."""
    if ticket.first_reply_at is not None:
        ticket.rating_asked_at = now
        send(session, conversation, receipts.how_was_it([(str(n), rating(ticket.id, n)) for n in STARS]), now)


def typed(session: Session, conversation: Conversation, text: str) -> str | None:
    """The payload of the button that a customer means who types its number instead, right after the case was closed."""
    if conversation.holder != "closed" or text.strip() not in {str(n) for n in STARS}:
        return None
    ticket = latest_ticket(session, conversation)
    if ticket is None or ticket.rating_asked_at is None or ticket.rating is not None:
        return None
    return rating(ticket.id, int(text))


def take(session: Session, conversation: Conversation, payload: str, now: datetime) -> None:
    """Keep a rating and say thank you. The last one counts when somebody changes their mind."""
    ticket_id, stars = rating_of(payload)
    ticket = session.get_one(Ticket, ticket_id)
    ticket.rating, ticket.rated_at = stars, now
    send(session, conversation, receipts.rated(stars), now)
