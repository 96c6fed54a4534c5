"""Satisfaction: asked once when a case is resolved, answered with a button or a single digit, shown at the desk.

Whoever has rated may add a comment: after the button the next words are the comment, and right after a low rating they are
without it, if they surely speak of the service. Danger and the law are never a comment. One that was meant as a question is
one press away from being asked.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from handoff import question_receipts
from handoff.alarm import alarm_in
from handoff.comment_words import reads_as_comment
from handoff.explicit_ask import asks_for_person
from handoff.outbound import send
from handoff.payloads import comment, comment_of, is_comment, rating, rating_of
from handoff.schema import Conversation, Message, Ticket
from handoff.summaries import latest_ticket

STARS = range(1, 6)
UNATTENDED = ("closed", "bot")
"""With a person there, or on the way, every word is for them."""
COMMENT_WITHIN = timedelta(hours=1)
"""Words that come later than this after the button are a new matter."""

LOW = 3
"""Up to so many stars, words that follow at once may say why."""
UNASKED_WITHIN = timedelta(minutes=10)


def ask(session: Session, conversation: Conversation, ticket: Ticket, now: datetime) -> None:
    """Ask how it was, of a customer who was really answered."""
    if ticket.first_reply_at is not None:
        ticket.rating_asked_at = now
        send(session, conversation, question_receipts.how_was_it([(str(n), rating(ticket.id, n)) for n in STARS]), now)


def typed(session: Session, conversation: Conversation, text: str, now: datetime) -> str | None:
    """What a customer means who types: a digit right after the case was closed, or the comment they wanted to add."""
    return _typed_comment(session, conversation, text, now) or _typed_rating(session, conversation, text)


def _typed_rating(session: Session, conversation: Conversation, text: str) -> str | None:
    if conversation.holder != "closed" or text.strip() not in {str(n) for n in STARS}:
        return None
    ticket = latest_ticket(session, conversation)
    if ticket is None or ticket.rating_asked_at is None or ticket.rating is not None:
        return None
    return rating(ticket.id, int(text))


def _typed_comment(session: Session, conversation: Conversation, text: str, now: datetime) -> str | None:
    if conversation.holder not in UNATTENDED:
        return None
    wanted = select(Ticket).where(
        Ticket.conversation_id == conversation.id, Ticket.comment_asked_at > now - COMMENT_WITHIN
    )
    ticket = session.scalar(wanted.order_by(Ticket.comment_asked_at.desc()).limit(1))
    if ticket is None and conversation.holder == "closed" and reads_as_comment(text):
        ticket = _just_rated_low(session, conversation, now)
    if ticket is None:
        return None
    if alarm_in(text) is not None or asks_for_person(text) is not None:
        ticket.comment_asked_at = None  # nor is what they write next: a person is on the way
        return None
    return comment(ticket.id, "said")


def _just_rated_low(session: Session, conversation: Conversation, now: datetime) -> Ticket | None:
    """The ticket whose low rating was the customer's last message, a moment ago, and has no comment yet."""
    ticket = latest_ticket(session, conversation)
    if ticket is None or ticket.rating is None or ticket.rating > LOW or ticket.comment is not None:
        return None
    last = session.scalar(
        select(func.max(Message.at)).where(
            Message.conversation_id == conversation.id, Message.author == "customer", Message.at > now - UNASKED_WITHIN
        )
    )
    return ticket if last is not None and last == ticket.rated_at else None


def take(session: Session, conversation: Conversation, payload: str, now: datetime) -> None:
    """Keep a rating and say thank you. The last one counts when somebody changes their mind."""
    ticket_id, stars = rating_of(payload)
    ticket = session.get_one(Ticket, ticket_id)
    ticket.rating, ticket.rated_at = stars, now
    add = comment(ticket.id, "wanted") if ticket.comment is None and conversation.holder in UNATTENDED else None
    send(session, conversation, question_receipts.rated(stars, add), now)


def take_comment(session: Session, conversation: Conversation, message: Message, payload: str, now: datetime) -> None:
    """A step towards a comment: it is wanted, said, or not wanted after all."""
    ticket_id, step = comment_of(payload)
    ticket = session.get_one(Ticket, ticket_id)
    if step == "a_question":
        send(
            session, conversation, question_receipts.known_already(), now
        )  # pressed twice: it was asked the first time
        return
    if step == "wanted" and conversation.holder not in UNATTENDED:
        send(session, conversation, question_receipts.comment_elsewhere(), now)
        return
    if step == "wanted":
        ticket.comment_asked_at = now
        send(session, conversation, question_receipts.ask_for_comment(comment(ticket.id, "unwanted")), now)
        return
    ticket.comment_asked_at = None
    if step == "said":
        ticket.comment = message.text
        send(session, conversation, question_receipts.comment_kept(comment(ticket.id, "a_question")), now)
    else:
        send(session, conversation, question_receipts.no_comment(), now)


def is_about_comment(payload: str) -> bool:
    return is_comment(payload)


def take_back_comment(session: Session, payload: str) -> str | None:
    """The customer's last words were no comment but a question: the words, to be asked now. None when they were not."""
    if not is_comment(payload) or comment_of(payload)[1] != "a_question":
        return None
    ticket = session.get_one(Ticket, comment_of(payload)[0])
    words, ticket.comment = ticket.comment, None
    return words
