"""What a message is to a customer who waits for a person."""

from typing import Literal

from sqlalchemy.orm import Session

from handoff import tickets
from handoff.alarm import alarm_in
from handoff.email_addresses import meant_as_address
from handoff.explicit_ask import withdraws_ask
from handoff.payloads import EMAIL_PAYLOAD, HUMAN_PAYLOAD, KEEP_PLACE_PAYLOAD, LEAVE_QUEUE_PAYLOAD
from handoff.schema import Conversation, InboxItem, Message
from handoff.wait_questions import asks_about_wait

QueueWords = Literal["question", "message", "leaves", "stays", "wants_email", "email"]
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
    if withdraws_ask(message.text):
        return "leaves"
    if alarm_in(message.text) is not None:
        return "question"  # whatever else it asks: the bot says what comes first, and the ticket moves up
    if item.asks_for_person or asks_about_wait(message.text):
        return "stays"
    ticket = tickets.open_ticket(session, conversation)
    if ticket is not None and ticket.email_asked_at is not None and meant_as_address(message.text):
        return "email"
    return "question"
