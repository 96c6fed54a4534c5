"""A customer who waits for a person: the bot still answers what it can, the rest is kept, and the place is theirs.

A person was asked for already, so the bot offers none here. What it can't answer is written down for the person who takes
over. The customer hears so in a line of its own now and then; in between, the live receipt counts what is kept.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from handoff import acknowledging, receipts, tickets
from handoff.bot_reply import BotPart, BotReply
from handoff.brief_words import WISHES
from handoff.email_addresses import NotAnAddressError, address_in
from handoff.outbound import send
from handoff.payloads import DENY_PAYLOAD, OFFERED_PERSON_PAYLOAD
from handoff.receipts import Receipt
from handoff.schema import Conversation, InboxItem, Message, Ticket
from handoff.waiting import wait_for

TELL_EVERY = timedelta(minutes=5)
"""How often a customer who writes on and on is told in words where they stand."""
UNANSWERED = frozenset({"nlu_fallback", "out_of_scope", "talk_to_human", "complaint"})
"""Intents to which the bot's words would only stall."""
DONE = frozenset({"thank", "goodbye", "stop"})
"""Intents of somebody who may need nobody any more."""


NO_QUESTION = frozenset({"greet", "affirm"})
"""Intents of somebody who looks whether anybody is there, or says "ok"."""
SMALL_TALK = frozenset({"greet", "thank", "goodbye", "bot_challenge", "ask_capabilities", "follow_up", "leave_review"})
"""Intents that the bot chats about."""
BARE_ANSWERS = frozenset({"affirm", "deny", "inform", "stop"})
"""Intents that answer a task's question; outside a task the bot only asks what they are about."""
CLEAR = 0.8
"""How sure the bot must be, of 1, that an injured customer asks about the shop before it answers that."""


def answer(
    session: Session, conversation: Conversation, message: Message, reply: BotReply, now: datetime, *, acted: bool
) -> str:
    """Say what of the bot's reply is an answer; returns the message's outcome, ``answered`` or ``kept``.

    ``acted``: the message has told the bot something or had it do something, so that its slots are others now.
    """
    ticket = _ticket(session, conversation)
    grave = tickets.is_grave(ticket)
    parts = _answers_in_earnest(reply, acted) if grave else _answers(reply)
    if reply.intent in NO_QUESTION and reply.handoff is None and not parts:
        if reply.intent == "greet":
            stay(session, conversation, now)
        else:
            _tell(session, conversation, ticket, receipts.place_kept, now)
        return "answered"
    # Whatever the intent: the words may be all that tells of something the bot has done, such as cancelling an order.
    moved_up = reply.handoff is not None and _heed(ticket, reply.handoff)
    for part in parts:
        send(session, conversation, part.words(), now)
    if reply.intent in DONE and reply.handoff is None and _was_answered(session, ticket):
        send(session, conversation, receipts.still_wanted(), now)
        return "answered"
    if reply.handoff is not None or not parts:
        keep(session, conversation, message, now, say_so=moved_up or (grave and not parts), emergency_said=bool(parts))
        return "kept"
    if _is_time_to_tell(ticket, now):
        _tell(session, conversation, ticket, receipts.place_kept, now)
    return "answered"


def keep(
    session: Session,
    conversation: Conversation,
    message: Message,
    now: datetime,
    *,
    bot_away: bool = False,
    say_so: bool = False,
    emergency_said: bool = False,
) -> None:
    """The message is for the person who takes over. ``say_so``: the customer hears it in any case.

    Who may be hurt is told to call for help with it, unless that was said just now (``emergency_said``).
    """
    ticket = _ticket(session, conversation)
    in_danger = ticket.reason == "safety" and not emergency_said
    first = ticket.kept == 0
    ticket.kept += 1
    conversation.updated_at = now
    if bot_away and conversation.bot_down_notice_at is None:
        say_bot_away(session, conversation, now)
    elif say_so or first or _is_time_to_tell(ticket, now) or acknowledging.begins_album(session, message):
        kept = receipts.kept_in_danger if in_danger else receipts.kept_for_person
        _tell(session, conversation, ticket, kept, now)
    acknowledging.say_refused(session, conversation, message, now)


def say_bot_away(session: Session, conversation: Conversation, now: datetime) -> None:
    """The message is safe, whether the bot comes back to answer it or not."""
    conversation.bot_down_notice_at = now
    _tell(session, conversation, _ticket(session, conversation), receipts.kept_without_bot, now)


def stay(session: Session, conversation: Conversation, now: datetime) -> None:
    """They ask for a person again, or want to keep waiting: they hear each time where they stand."""
    ticket = _ticket(session, conversation)
    ticket.email_asked_at = None
    _tell(session, conversation, ticket, receipts.still_queued, now)


def ask_what_to_cancel(session: Session, conversation: Conversation, now: datetime) -> None:
    """The wait is theirs to end. If they mean an order, whoever takes over has it in writing."""
    _ticket(session, conversation).kept += 1
    conversation.updated_at = now
    send(session, conversation, receipts.what_to_cancel(), now)


def ask_for_email(session: Session, conversation: Conversation, now: datetime) -> None:
    """They would rather have a mail than wait."""
    _ticket(session, conversation).email_asked_at = now
    send(session, conversation, receipts.ask_for_email(), now)


def take_email(session: Session, conversation: Conversation, text: str, now: datetime) -> None:
    """Keep the address in ``text``, or ask for it again."""
    ticket = _ticket(session, conversation)
    try:
        email = address_in(text)
    except NotAnAddressError:
        send(session, conversation, receipts.email_unusable(), now)
        return
    ticket.email, ticket.email_asked_at = email, None
    _tell(session, conversation, ticket, receipts.email_noted, now)


def _ticket(session: Session, conversation: Conversation) -> Ticket:
    ticket = tickets.open_ticket(session, conversation)
    assert ticket is not None, "a conversation is in the queue only with a ticket"
    return ticket


def _tell(session: Session, conversation: Conversation, ticket: Ticket, receipt: Receipt, now: datetime) -> None:
    ticket.told_kept_at = now
    session.flush()
    wait = wait_for(session, ticket, now)
    send(session, conversation, receipt(tickets.number(ticket), ticket.reason, wait), now)


def _is_time_to_tell(ticket: Ticket, now: datetime) -> bool:
    return ticket.told_kept_at is None or now - ticket.told_kept_at >= TELL_EVERY


def _was_answered(session: Session, ticket: Ticket) -> bool:
    """Whether the bot has answered something since they began to wait."""
    answered = exists().where(
        InboxItem.conversation_id == ticket.conversation_id,
        InboxItem.outcome == "answered",
        InboxItem.received_at > ticket.queued_at,
    )
    return bool(session.scalar(select(answered)))


def _heed(ticket: Ticket, handoff: dict[str, object]) -> bool:
    """The bot would have fetched a person for this message: whoever comes knows why, and sooner if it is serious.

    Returns whether the ticket moved up.
    """
    reason, evidence = str(handoff["reason"]), handoff["evidence"]
    assert isinstance(evidence, list)
    ticket.evidence = [*ticket.evidence, *evidence]
    priority = tickets.PRIORITY_BY_REASON.get(reason, tickets.ORDINARY)
    if priority <= ticket.priority:
        if reason == "safety":
            ticket.reason = reason  # danger comes before the law, which is as urgent
        return False
    ticket.priority, ticket.reason = priority, reason
    return True


def _answers(reply: BotReply) -> list[BotPart]:
    """What the bot says without offering the person who was asked for already."""
    if reply.handoff is not None:
        # "If anyone is hurt, call …" has to be said; any other words lead up to a handoff that has been made.
        return [part for part in reply.parts if not part.choices] if reply.handoff["reason"] == "safety" else []
    if reply.intent in UNANSWERED:
        return []
    return [_without_offer(part) for part in reply.parts if reply.is_faq or not _is_offer(part)]


def _answers_in_earnest(reply: BotReply, acted: bool) -> list[BotPart]:
    """What the bot says to somebody hurt, or about to sue: no small talk and no menu, whatever it thinks they meant."""
    chats = reply.intent in SMALL_TALK or (reply.intent in BARE_ANSWERS and not acted)
    unclear = reply.is_faq and reply.confidence < CLEAR
    if reply.handoff is None and (chats or unclear):
        return []
    return [part for part in _answers(reply) if not _is_menu(part)]


def _is_menu(part: BotPart) -> bool:
    """Buttons for one task or another: it asks what they came for, of somebody who has said it."""
    return len(part.choices) > 1 and all(choice.payload.removeprefix("/") in WISHES for choice in part.choices)


def _is_offer(part: BotPart) -> bool:
    payloads = {choice.payload for choice in part.choices}
    return OFFERED_PERSON_PAYLOAD in payloads and payloads <= {OFFERED_PERSON_PAYLOAD, DENY_PAYLOAD}


def _without_offer(part: BotPart) -> BotPart:
    return replace(part, choices=[choice for choice in part.choices if choice.payload != OFFERED_PERSON_PAYLOAD])
