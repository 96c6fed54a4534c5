"""Who has a turn: the first waiting message of a conversation, leased to one dispatcher.

Nothing is lost when that dispatcher dies: the lease runs out and the message is still waiting. Nothing is answered twice
either: whoever ends a turn (:mod:`handoff.turns`) must still have the lease and must have seen the current epoch, and the
bot is asked under the same message id again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from handoff.conversations import locked
from handoff.queue_words import QueueWords, meaning_in_queue
from handoff.schema import Conversation, InboxItem, Message

LEASE = timedelta(seconds=20)
"""Longer than any deadline within a turn, short enough that a dead gateway's customers are not kept waiting."""

_DUE = (
    select(Conversation)
    .where(
        Conversation.turn_due <= bindparam("now"),
        or_(Conversation.lease_until.is_(None), Conversation.lease_until < bindparam("now")),
    )
    .order_by(Conversation.turn_due)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_WAITING = (
    select(InboxItem, Message)
    .join(Message, (Message.conversation_id == InboxItem.conversation_id) & (Message.seq == InboxItem.seq))
    .where(InboxItem.conversation_id == bindparam("conversation_id"), InboxItem.state == "waiting")
    .order_by(InboxItem.id)
    .execution_options(populate_existing=True)
)


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
    is_event: bool
    """The gateway tells the bot something; the customer may not have written at all."""
    customer_since: datetime | None
    """When the first message of the customer came that still waits, this or a later one; None when none does."""
    in_queue: QueueWords
    """What the message is to a customer who waits for a person."""
    attempts: int
    failures: int
    """How often the bot was there and failed on it."""
    received_at: datetime
    more_waiting: bool
    """Other messages of the conversation waited when it was taken."""

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


def take(session: Session, owner: str, now: datetime) -> Turn | None:
    """Lease the conversation that has waited longest and return its first waiting message; None when none is due."""
    return next(iter(take_some(session, [owner], now)), None)


def take_some(session: Session, owners: Sequence[str], now: datetime) -> list[Turn]:
    """:func:`take` for each of ``owners``, until none is due."""
    taken: list[Turn] = []
    while len(taken) < len(owners):
        due = session.scalars(_DUE, {"now": now, "most": len(owners) - len(taken)}).all()
        free = owners[len(taken) :]
        began = [_take_of(session, one, owner, now) for one, owner in zip(due, free, strict=False)]
        taken += [turn for turn in began if turn is not None]
        if None not in began:
            break
    return taken


def take_first(
    session: Session, conversation: Conversation, item: InboxItem, message: Message, owner: str, now: datetime
) -> Turn | None:
    """Lease the turn of a message that was just written, before which nothing of its conversation waits."""
    if conversation.lease_owner is not None:
        return None  # an earlier turn has not ended yet, though it counts no more
    return _lease(session, conversation, [(item, message)], owner, now)


def take_again(session: Session, conversation: Conversation, owner: str, now: datetime) -> Turn | None:
    """The turn that ``owner`` holds without knowing: the connection was lost while the message was being committed."""
    return _take_of(session, conversation, owner, now) if conversation.lease_owner == owner else None


def wait_no_longer(session: Session, now: datetime) -> None:
    """Whatever was put off to a later try is due at once."""
    session.execute(update(Conversation).where(Conversation.turn_due > now).values(turn_due=now))


def release_all(session: Session) -> None:
    """Forget every lease. For the start of the only gateway on a database: whoever held them is dead."""
    session.execute(update(Conversation).values(lease_owner=None, lease_until=None))


class Leased(NamedTuple):
    """A turn that still counts. Nothing else comes to wait in its conversation, which is locked, before it has ended."""

    conversation: Conversation
    item: InboxItem
    message: Message
    waiting: list[InboxItem]
    """This one and those after it."""

    def done(self, outcome: str, now: datetime) -> None:
        """The message is handled: ``outcome`` as in :class:`InboxItem`."""
        self.item.state, self.item.outcome, self.item.done_at = "done", outcome, now

    def release(self, next_at: datetime) -> None:
        """Give up the lease. What still waits is due at ``next_at``, an ask for a person at once."""
        _end_lease(self.conversation, self.waiting, next_at)


def still_leased(session: Session, turn: Turn) -> Leased | None:
    """What the turn is about, locked, if it still counts. If not, the lease is given up."""
    conversation = locked(session, turn.conversation_id)
    if conversation.lease_owner != turn.owner:
        return None
    waiting = _waiting(session, conversation)
    items = [item for item, _message in waiting]
    this = next(((item, message) for item, message in waiting if item.id == turn.item_id), None)
    if conversation.epoch != turn.epoch or this is None:
        _end_lease(conversation, items, turn.received_at)
        return None
    return Leased(conversation, *this, items)


def _take_of(session: Session, conversation: Conversation, owner: str, now: datetime) -> Turn | None:
    waiting = _waiting(session, conversation)
    if not waiting:
        # Nobody's turn must wait behind a conversation that has none, whatever took its messages away.
        conversation.turn_due = None
        return None
    return _lease(session, conversation, waiting, owner, now)


def _lease(
    session: Session,
    conversation: Conversation,
    waiting: Sequence[tuple[InboxItem, Message]],
    owner: str,
    now: datetime,
) -> Turn:
    item, message = _next(session, conversation, waiting)
    in_queue = meaning_in_queue(session, conversation, item, message)
    conversation.lease_owner, conversation.lease_until = owner, now + LEASE
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
        is_event=message.author != "customer",
        customer_since=next((later.received_at for later, written in waiting if written.author == "customer"), None),
        in_queue=in_queue,
        attempts=item.attempts,
        failures=item.failures,
        received_at=item.received_at,
        more_waiting=len(waiting) > 1,
    )


def _waiting(session: Session, conversation: Conversation) -> list[tuple[InboxItem, Message]]:
    return [(item, message) for item, message in session.execute(_WAITING, {"conversation_id": conversation.id})]


def _next(
    session: Session, conversation: Conversation, waiting: Sequence[tuple[InboxItem, Message]]
) -> tuple[InboxItem, Message]:
    """The first; in the queue, what needs no bot goes ahead of a question that the bot was not there for."""
    if conversation.holder != "queue" or not waiting[0][0].attempts:
        return waiting[0]
    without_bot = (one for one in waiting if meaning_in_queue(session, conversation, *one) != "question")
    return next(without_bot, waiting[0])


def _end_lease(conversation: Conversation, items: Sequence[InboxItem], next_at: datetime) -> None:
    waiting = [item for item in items if item.state == "waiting"]  # a handoff may have given them to the desk meanwhile
    # A customer who asks for a person does not wait for a bot that is being retried.
    asked_at = [item.received_at for item in waiting if item.asks_for_person]
    conversation.lease_owner = conversation.lease_until = None
    conversation.turn_due = min([next_at, *asked_at]) if waiting else None
