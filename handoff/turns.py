"""How a turn ends: the bot's answer, the queue, another try later. Each ending is one transaction.

A turn that counts no more (its lease has run out, or the conversation changed hands meanwhile) ends without a trace.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from handoff import acknowledging, decisions, desk_rules, holder, in_queue, receipts, session_renewals
from handoff.bot_reply import BotReply
from handoff.outbound import send
from handoff.schema import Conversation
from handoff.turn_leases import Leased, Turn, still_leased


def answer(session: Session, turn: Turn, reply: BotReply, now: datetime) -> bool:
    """Write the bot's reply, unless the conversation changed hands meanwhile: then its words are dropped.

    Returns whether the words were kept. A reply without words is never left silent.
    """
    leased = still_leased(session, turn)
    if reply.proved:
        session_renewals.proved(session, turn.conversation_id, turn.seq)
    if leased is None:
        return False
    conversation, message = leased.conversation, leased.message
    if message.author == "customer":
        message.understanding = reply.understanding
    acted = conversation.slots != reply.slots
    conversation.slots = reply.slots
    conversation.bot_down_notice_at = None
    if conversation.holder == "queue":
        _answer_in_queue(session, leased, turn, reply, now, acted=acted)
        return True
    if not reply.parts and reply.handoff is None:
        send(session, conversation, receipts.nothing_to_say(), now)
    for part in reply.parts:
        send(session, conversation, part.words(), now)
    if message.files:
        acknowledging.say_kept(session, conversation, message, now)
    leased.done("escalated" if reply.handoff else "answered", now)
    _decide(session, conversation, turn, reply, now)
    leased.release(now)
    return True


def _answer_in_queue(session: Session, leased: Leased, turn: Turn, reply: BotReply, now: datetime, acted: bool) -> None:
    leased.done(in_queue.answer(session, leased.conversation, leased.message, reply, now, acted=acted), now)
    if reply.decision is not None:
        decisions.record_in_queue(session, leased.conversation, turn.seq, reply.decision, now)
    leased.release(now)


def keep_for_person(session: Session, turn: Turn, now: datetime) -> bool:
    """The customer sent what the bot can't read: it is kept, they hear so honestly, and are offered a person."""
    leased = still_leased(session, turn)
    if leased is None:
        return False
    acknowledging.say_kept(session, leased.conversation, leased.message, now)
    leased.done("answered", now)
    leased.release(now)
    return True


def hand_to_queue(
    session: Session, turn: Turn, reason: str, evidence: list[dict[str, str]], actor: str, now: datetime
) -> bool:
    """From the bot to the queue without asking the bot. Everything that still waits is for the desk now."""
    leased = still_leased(session, turn)
    if leased is None:
        return False
    conversation = leased.conversation
    leased.done("escalated", now)
    if reason == "safety":
        send(session, conversation, receipts.danger_first(), now)
    ticket = holder.escalate(session, conversation, reason, evidence, actor, now)
    if turn.asks_for_person:
        decisions.record_ask(session, conversation, turn.seq, ticket, now)
    leased.release(now)
    return True


def give_to_queue(session: Session, turn: Turn, now: datetime, bot_away: bool = False) -> bool:
    """A customer in the queue wrote, and the bot has no part in it: what they want is done, or it is kept for the person.

    ``bot_away``: the bot was to answer and is not there; the customer hears so once an outage.
    """
    leased = still_leased(session, turn)
    if leased is None:
        return False
    conversation, message = leased.conversation, leased.message
    match turn.in_queue:
        case "leaves":
            leased.done("withdrawn", now)
            holder.withdraw(session, conversation, now)
        case "stays":
            leased.done("kept", now)
            in_queue.stay(session, conversation, now)
        case "cancels":
            leased.done("kept", now)
            in_queue.ask_what_to_cancel(session, conversation, now)
        case "wants_email":
            leased.done("kept", now)
            in_queue.ask_for_email(session, conversation, now)
        case "email":
            leased.done("kept", now)
            in_queue.take_email(session, conversation, message.text, now)
        case "question" | "message":
            leased.done("kept", now)
            in_queue.keep(session, conversation, message, now, bot_away=bot_away)
    leased.release(now)
    return True


def postpone(
    session: Session,
    turn: Turn,
    until: datetime,
    tell_customer: bool,
    now: datetime,
    *,
    starting: bool = False,
    failed: bool = False,
) -> None:
    """The bot could not answer: try again at ``until``. With ``tell_customer`` they hear so, once an outage.

    ``starting``: it has not been there yet since the desk began. ``failed``: it was there, and could not do it.
    """
    leased = still_leased(session, turn)
    if leased is None:
        return
    conversation, item = leased.conversation, leased.item
    item.attempts += 1
    item.failures += failed
    if tell_customer and conversation.bot_down_notice_at is None:
        _say_bot_away(session, conversation, starting, now)
    leased.release(until)


def give_up_event(session: Session, turn: Turn, now: datetime) -> None:
    """The bot could not be told. A customer who wrote nothing must not be queued for it: nobody hears of it."""
    leased = still_leased(session, turn)
    if leased is None:
        return
    leased.done("given_up", now)
    leased.release(now)


def let_go(session: Session, turn: Turn, until: datetime) -> None:
    """The end of the turn could not be written: the message waits on, and is taken again at ``until``."""
    leased = still_leased(session, turn)
    if leased is not None:
        leased.release(until)


def tell_failed(session: Session, turn: Turn, until: datetime, now: datetime) -> None:
    """The ticket could not be written: it is tried again at ``until``, and the customer hears so, once."""
    leased = still_leased(session, turn)
    if leased is None:
        return
    conversation, item = leased.conversation, leased.item
    if conversation.ask_failed_notice_at is None:
        conversation.ask_failed_notice_at = now
        send(session, conversation, receipts.failed(desk_rules.of(session).another_way), now)
    item.attempts += 1
    leased.release(until)
    conversation.turn_due = until  # even an ask has to wait here: it is the ask that can't be written down


def nothing_to_leave(session: Session, turn: Turn, now: datetime) -> None:
    """An old "Leave the queue" button, pressed when the conversation is not in the queue any more."""
    leased = still_leased(session, turn)
    if leased is None:
        return
    leased.done("withdrawn", now)
    send(session, leased.conversation, receipts.not_in_queue(), now)
    leased.release(now)


def _say_bot_away(session: Session, conversation: Conversation, starting: bool, now: datetime) -> None:
    if conversation.holder == "queue":
        in_queue.say_bot_away(session, conversation, now)
        return
    conversation.bot_down_notice_at = now
    send(session, conversation, receipts.bot_starting() if starting else receipts.bot_away(), now)


def _decide(session: Session, conversation: Conversation, turn: Turn, reply: BotReply, now: datetime) -> None:
    """Hand over if the bot asks for it, and keep why it did or did not."""
    ticket = None
    if reply.handoff is not None:
        reason, evidence = reply.handoff["reason"], reply.handoff["evidence"]
        ticket = holder.escalate(session, conversation, reason, evidence, "bot", now)
    if reply.decision is not None:
        decisions.record(session, conversation, turn.seq, reply.decision, ticket, now)
