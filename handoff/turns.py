"""Turns: one waiting message of one conversation at a time, strictly in order, each handled exactly once.

A turn is leased to one dispatcher. Nothing is lost when that dispatcher dies: the lease runs out and the message is still
waiting. Nothing is answered twice either: whoever finishes must still have the lease and must have seen the current epoch,
and the bot is asked under the same message id again.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from handoff import acknowledging, desk_rules, holder, receipts
from handoff.explicit_ask import withdraws_ask
from handoff.outbound import BOT_NAME, Choice, Reply, send
from handoff.payloads import LEAVE_QUEUE_PAYLOAD
from handoff.schema import Conversation, InboxItem, Message
from handoff.tickets import number, open_ticket
from handoff.waiting import wait_for

LEASE = timedelta(seconds=20)
"""Longer than any deadline within a turn, short enough that a dead gateway's customers are not kept waiting."""


@dataclass(frozen=True)
class Turn:
    """A message (or an event for the bot) leased to ``owner``, with what was true when it was taken."""

    item_id: int
    conversation_id: str
    seq: int
    owner: str
    epoch: int
    holder: str
    case_no: int
    channel: str
    locale: str | None
    text: str
    payload: str | None
    asked_in: str | None
    """The words of the first waiting message, this or a later one, that asks for a person."""
    wordless: bool
    """A picture, a voice message, a place: there is nothing in it that the bot can read."""
    attempts: int
    received_at: datetime

    @property
    def asks_for_person(self) -> bool:
        return self.asked_in is not None

    @property
    def message_id(self) -> str:
        """The idempotency key the bot and its actions see."""
        return f"{self.conversation_id}:{self.seq}"

    @property
    def sender_id(self) -> str:
        """Rasa's name for the case: a new case is a new tracker."""
        return f"{self.conversation_id}.{self.case_no}"


@dataclass(frozen=True)
class BotPart:
    """One thing the bot says."""

    text: str
    choices: list[Choice] = field(default_factory=list)
    attachment: dict[str, Any] | None = None


@dataclass(frozen=True)
class BotReply:
    """The bot's answer to one turn. ``handoff``: ``{reason, evidence}`` when it asks for a person."""

    parts: list[BotPart]
    understanding: dict[str, Any] | None = None
    slots: dict[str, Any] = field(default_factory=dict)
    handoff: dict[str, Any] | None = None


def take(session: Session, owner: str, now: datetime) -> Turn | None:
    """Lease the conversation that has waited longest and return its first waiting message; None when none is due."""
    due = (
        select(Conversation)
        .where(Conversation.turn_due <= now, or_(Conversation.lease_until.is_(None), Conversation.lease_until < now))
        .order_by(Conversation.turn_due)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    conversation = session.scalar(due)
    if conversation is None:
        return None
    waiting = session.execute(
        select(InboxItem, Message)
        .join(Message, (Message.conversation_id == InboxItem.conversation_id) & (Message.seq == InboxItem.seq))
        .where(InboxItem.conversation_id == conversation.id, InboxItem.state == "waiting")
        .order_by(InboxItem.id)
    ).all()
    if not waiting:
        # Nobody's turn must wait behind a conversation that has none, whatever took its messages away.
        conversation.turn_due = None
        session.flush()
        return take(session, owner, now)
    conversation.lease_owner, conversation.lease_until = owner, now + LEASE
    item, message = waiting[0]
    return Turn(
        item_id=item.id,
        conversation_id=conversation.id,
        seq=item.seq,
        owner=owner,
        epoch=conversation.epoch,
        holder=conversation.holder,
        case_no=conversation.case_no,
        channel=conversation.channel,
        locale=conversation.locale,
        text=message.text,
        payload=item.payload,
        asked_in=next((asked.text for later, asked in waiting if later.asks_for_person), None),
        wordless=message.wordless,
        attempts=item.attempts,
        received_at=item.received_at,
    )


def answer(session: Session, turn: Turn, reply: BotReply, now: datetime) -> bool:
    """Write the bot's reply, unless the conversation changed hands meanwhile: then its words are dropped.

    Returns whether the words were kept. A reply without words is never left silent.
    """
    leased = _leased(session, turn)
    if leased is None:
        return False
    conversation, item = leased
    message = session.get_one(Message, (turn.conversation_id, turn.seq))
    if message.author == "customer":
        message.understanding = reply.understanding
    conversation.slots = reply.slots
    conversation.bot_down_notice_at = None
    if not reply.parts and reply.handoff is None:
        send(session, conversation, receipts.nothing_to_say(), now)
    for part in reply.parts:
        words = Reply(part.text, author="bot", name=BOT_NAME, choices=part.choices, attachment=part.attachment)
        send(session, conversation, words, now)
    if message.files:
        acknowledging.say_kept(session, conversation, message, now)
    _done(item, "escalated" if reply.handoff else "answered", now)
    if reply.handoff is not None:
        holder.escalate(session, conversation, reply.handoff["reason"], reply.handoff["evidence"], "bot", now)
    _release(session, conversation, now)
    return True


def keep_for_person(session: Session, turn: Turn, now: datetime) -> bool:
    """The customer sent what the bot can't read: it is kept, they hear so honestly, and are offered a person."""
    leased = _leased(session, turn)
    if leased is None:
        return False
    conversation, item = leased
    message = session.get_one(Message, (turn.conversation_id, turn.seq))
    acknowledging.say_kept(session, conversation, message, now)
    _done(item, "answered", now)
    _release(session, conversation, now)
    return True


def hand_to_queue(
    session: Session, turn: Turn, reason: str, evidence: list[dict[str, str]], actor: str, now: datetime
) -> bool:
    """From the bot to the queue without asking the bot. Everything that still waits is for the desk now."""
    leased = _leased(session, turn)
    if leased is None:
        return False
    conversation, item = leased
    _done(item, "escalated", now)
    holder.escalate(session, conversation, reason, evidence, actor, now)
    _release(session, conversation, now)
    return True


def give_to_queue(session: Session, turn: Turn, now: datetime) -> bool:
    """A customer in the queue wrote: the desk has it, and they hear so once; or they withdraw, and the bot is back."""
    leased = _leased(session, turn)
    if leased is None:
        return False
    conversation, item = leased
    words = None if turn.wordless else turn.text
    if turn.payload == LEAVE_QUEUE_PAYLOAD or (turn.payload is None and words and withdraws_ask(words)):
        _done(item, "withdrawn", now)
        holder.withdraw(session, conversation, now)
    else:
        _done(item, "to_desk", now)
        message = session.get_one(Message, (turn.conversation_id, turn.seq))
        _tell_that_it_is_kept(
            session, conversation, again=turn.asks_for_person or acknowledging.begins_album(session, message), now=now
        )
        acknowledging.say_refused(session, conversation, message, now)
    _release(session, conversation, now)
    return True


def postpone(session: Session, turn: Turn, until: datetime, tell_customer: bool, now: datetime) -> None:
    """The bot could not answer: try again at ``until``. With ``tell_customer`` they hear so, once an outage."""
    leased = _leased(session, turn)
    if leased is None:
        return
    conversation, item = leased
    item.attempts += 1
    if tell_customer and conversation.bot_down_notice_at is None:
        conversation.bot_down_notice_at = now
        send(session, conversation, receipts.bot_away(), now)
    _release(session, conversation, until)


def tell_failed(session: Session, turn: Turn, until: datetime, now: datetime) -> None:
    """The ticket could not be written: it is tried again at ``until``, and the customer hears of another way, once."""
    leased = _leased(session, turn)
    if leased is None:
        return
    conversation, item = leased
    another_way = desk_rules.of(session).another_way
    if item.attempts == 0 and another_way is not None:
        send(session, conversation, receipts.failed(another_way), now)
    item.attempts += 1
    _release(session, conversation, until)
    conversation.turn_due = until  # even an ask has to wait here: it is the ask that can't be written down


def nothing_to_leave(session: Session, turn: Turn, now: datetime) -> None:
    """An old "Leave the queue" button, pressed when the conversation is not in the queue any more."""
    leased = _leased(session, turn)
    if leased is None:
        return
    conversation, item = leased
    _done(item, "withdrawn", now)
    send(session, conversation, receipts.not_in_queue(), now)
    _release(session, conversation, now)


def release_all(session: Session) -> None:
    """Forget every lease. For the start of the only gateway on a database: whoever held them is dead."""
    session.execute(update(Conversation).values(lease_owner=None, lease_until=None))


def _leased(session: Session, turn: Turn) -> tuple[Conversation, InboxItem] | None:
    """The conversation and the item, locked, if the turn still counts. If not, the lease is given up."""
    conversation = holder.locked(session, turn.conversation_id)
    if conversation.lease_owner != turn.owner:
        return None
    item = session.get_one(InboxItem, turn.item_id, populate_existing=True)
    if conversation.epoch != turn.epoch or item.state != "waiting":
        _release(session, conversation, turn.received_at)
        return None
    return conversation, item


def _release(session: Session, conversation: Conversation, next_at: datetime) -> None:
    session.flush()
    waiting = session.execute(
        select(InboxItem.asks_for_person, InboxItem.received_at).where(
            InboxItem.conversation_id == conversation.id, InboxItem.state == "waiting"
        )
    ).all()
    # A customer who asks for a person does not wait for a bot that is being retried.
    asked_at = [received_at for asks_for_person, received_at in waiting if asks_for_person]
    conversation.lease_owner = conversation.lease_until = None
    conversation.turn_due = min([next_at, *asked_at]) if waiting else None


def _done(item: InboxItem, outcome: str, now: datetime) -> None:
    item.state, item.outcome, item.done_at = "done", outcome, now


def _tell_that_it_is_kept(session: Session, conversation: Conversation, again: bool, now: datetime) -> None:
    """Once per ticket; an ask for a person gets its receipt every time."""
    ticket = open_ticket(session, conversation)
    assert ticket is not None, "a conversation is in the queue only with a ticket"
    if again or not ticket.opening.get("told_kept"):
        ticket.opening = {**ticket.opening, "told_kept": True}
        send(
            session, conversation, receipts.still_queued(number(ticket), ticket.reason, wait_for(session, ticket)), now
        )


def oldest_waiting(session: Session) -> datetime | None:
    """When the message that has waited longest for its turn was received."""
    return session.scalar(
        select(InboxItem.received_at).where(InboxItem.state == "waiting").order_by(InboxItem.id).limit(1)
    )
