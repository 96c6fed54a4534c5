"""What a message is to a customer who waits for a person."""

from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from handoff import receipts, tickets
from handoff.alarm import alarm_in
from handoff.bare_words import says_only_cancel, says_only_never_mind, says_only_no
from handoff.email_addresses import meant_as_address
from handoff.explicit_ask import withdraws_ask
from handoff.outbound import Reply
from handoff.payloads import EMAIL_PAYLOAD, HUMAN_PAYLOAD, KEEP_PLACE_PAYLOAD, LEAVE_QUEUE_PAYLOAD
from handoff.schema import Conversation, InboxItem, Message
from handoff.wait_questions import asks_about_wait

QueueWords = Literal["question", "message", "leaves", "stays", "cancels", "wants_email", "email"]
"""A ``question`` goes to the bot, a ``message`` only to the person; the others are answered by the gateway itself."""

_PRESSED: dict[str, QueueWords] = {
    HUMAN_PAYLOAD: "stays",
    LEAVE_QUEUE_PAYLOAD: "leaves",
    KEEP_PLACE_PAYLOAD: "stays",
    EMAIL_PAYLOAD: "wants_email",
}


def meaning_in_queue(session: Session, conversation: Conversation, item: InboxItem, message: Message) -> QueueWords:
    """A conversation that is not in the queue has only messages."""
    if conversation.holder != "queue":
        return "message"
    if item.payload is not None:
        return _PRESSED.get(item.payload, "question")
    if message.wordless or message.files:
        return "message"
    if alarm_in(message.text) is not None and not withdraws_ask(message.text):
        return "question"  # whatever else it asks: the bot says what comes first, and the ticket moves up
    if item.asks_for_person:
        return "stays"
    return (
        _takes_cancel_back(session, conversation, message.text)
        or _about_the_wait(message.text)
        or _answers_the_desk(session, conversation, message.text)
        or _otherwise(message.text)
    )


def _takes_cancel_back(session: Session, conversation: Conversation, text: str) -> QueueWords | None:
    """ "Never mind" to what shall be cancelled: nothing, and least of all the wait."""
    asked = says_only_never_mind(text) and _was_just_told(session, conversation, receipts.what_to_cancel())
    return "stays" if asked else None


def _about_the_wait(text: str) -> QueueWords | None:
    if withdraws_ask(text):
        return "leaves"
    return "stays" if asks_about_wait(text) else None


def _answers_the_desk(session: Session, conversation: Conversation, text: str) -> QueueWords | None:
    """An answer to what a waiting customer was asked: whether they still want a person, or for an address."""
    if says_only_no(text) and _was_just_told(session, conversation, receipts.still_wanted()):
        return "leaves"
    ticket = tickets.open_ticket(session, conversation)
    if ticket is None or ticket.email_asked_at is None:
        return None
    if says_only_cancel(text):
        return "stays"  # no address, then: the wait goes on
    return "email" if meant_as_address(text) else None


def _otherwise(text: str) -> QueueWords:
    return "cancels" if says_only_cancel(text) else "question"


def _was_just_told(session: Session, conversation: Conversation, reply: Reply) -> bool:
    """Whether that is the last thing they heard."""
    told = select(Message.text).where(Message.conversation_id == conversation.id, Message.author != "customer")
    return session.scalar(told.order_by(Message.seq.desc()).limit(1)) == reply.text
