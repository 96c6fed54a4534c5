"""Delivery: replies go out in the conversation's order, each marked before it leaves and after it arrived."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import NamedTuple

from sqlalchemy import ColumnElement, bindparam, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from handoff import addresses, media
from handoff.conversations import NoConversation, locked
from handoff.media import KeptFile
from handoff.schema import Conversation, InboxItem, OutboxItem
from handoff.transcript import MessageView, all_messages, one_message

SENDING_LEASE = timedelta(seconds=60)
"""After this a send whose process never reported back counts as unknown, and is tried once more, flagged."""
UNSENT = ("pending", "sending")
KEEPS_ITS_PLACE = "web"
"""The channel whose pages fetch what they lack; the others are handed each reply."""

_OF_PAGE = (
    OutboxItem.conversation_id == bindparam("conversation"),
    OutboxItem.channel == KEEPS_ITS_PLACE,
)
_ANY_PENDING = select(exists().where(*_OF_PAGE, OutboxItem.state == "pending"))
# Rows that the session has read are not told of these: none is looked at again before the transaction ends.
_LEAVES = (
    update(OutboxItem)
    .where(*_OF_PAGE, OutboxItem.state == "pending")
    .values(state="sending", sending_until=bindparam("until"), attempts=OutboxItem.attempts + 1)
    .execution_options(synchronize_session=False)
)
_SHOWN = (
    update(OutboxItem)
    .where(*_OF_PAGE, OutboxItem.seq <= bindparam("up_to"), OutboxItem.state == "sending")
    .values(state="sent", sent_at=bindparam("now"), sending_until=None)
    .execution_options(synchronize_session=False)
)
_ON_CHANNELS = OutboxItem.channel.in_(bindparam("channels", expanding=True))
_LOST = (OutboxItem.state == "sending", OutboxItem.sending_until < bindparam("now"))
_WORK = select(
    exists().where(_ON_CHANNELS, *_LOST),
    exists().where(_ON_CHANNELS, OutboxItem.state == "pending", OutboxItem.not_before <= bindparam("now")),
    exists().where(_ON_CHANNELS, OutboxItem.edit_due <= bindparam("now")),
)


@dataclass(frozen=True)
class Delivery:
    """A reply to hand to its channel now."""

    id: int
    conversation_id: str
    channel: str
    address: str
    attempts: int
    ambiguous: bool
    """An earlier attempt may have arrived: reconcile if the channel can."""
    parts_sent: int
    """How many parts of a long reply the channel has already: go on after them."""
    reply_to: str | None
    """The channel's own id of the customer's last message before this reply."""
    message: MessageView
    files: tuple[KeptFile, ...] = ()


class Work(NamedTuple):
    """Whether there may be something to :func:`recover`, to :func:`take` and to :func:`take_edit`."""

    lost: bool
    replies: bool
    edits: bool


@dataclass(frozen=True)
class Edit:
    """A reply that the channel shows already, and whose words have changed since."""

    id: int
    channel: str
    address: str
    provider_id: str
    lease: datetime
    message: MessageView


def work(session: Session, channels: Collection[str], now: datetime) -> Work:
    """What there may be to do on these channels. Most changes are about others: one look says so, and takes no writer."""
    return Work(*session.execute(_WORK, {"channels": list(channels), "now": now}).one())


def take(session: Session, channels: Collection[str], now: datetime) -> Delivery | None:
    """The next due reply on one of ``channels``, marked ``sending``; never one with an unsent reply before it.

    From here on the words count as sent: a claim that comes later does not take them back.
    """
    earlier = aliased(OutboxItem)
    due = (
        select(OutboxItem)
        .where(
            OutboxItem.state == "pending",
            OutboxItem.channel.in_(channels),
            OutboxItem.not_before <= now,
            ~exists().where(
                earlier.conversation_id == OutboxItem.conversation_id,
                earlier.channel == OutboxItem.channel,
                earlier.seq < OutboxItem.seq,
                earlier.state.in_(UNSENT),
            ),
        )
        .order_by(OutboxItem.not_before, OutboxItem.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    item = session.scalar(due)
    if item is None:
        return None
    item.state, item.sending_until = "sending", now + SENDING_LEASE
    item.attempts += 1
    conversation = session.get_one(Conversation, item.conversation_id)
    session.flush()
    return Delivery(
        id=item.id,
        conversation_id=item.conversation_id,
        channel=item.channel,
        address=addresses.of_channel(session, conversation, item.channel),
        attempts=item.attempts,
        ambiguous=item.ambiguous,
        parts_sent=item.parts_sent,
        reply_to=_answered(session, item),
        message=one_message(session, item.conversation_id, item.seq),
        files=media.kept_with(session, item.conversation_id, item.seq),
    )


def sent(session: Session, item_id: int, provider_id: str | None, now: datetime) -> None:
    """The channel has it."""
    _update(session, item_id, state="sent", provider_id=provider_id, sent_at=now, error=None)


def retry(session: Session, item_id: int, at: datetime, error: str, ambiguous: bool, parts_sent: int = 0) -> None:
    """The channel did not take it, or did not say. Later replies of the conversation wait behind it."""
    values: dict[str, object] = {"not_before": at, "error": error, "parts_sent": parts_sent}
    _put_back(session, item_id, **values, **({"ambiguous": True} if ambiguous else {}))


def wait(session: Session, item_id: int, at: datetime, error: str, parts_sent: int) -> None:
    """The channel asked us to come back later: no failure, so it is not counted as an attempt."""
    values: dict[str, object] = {"not_before": at, "error": error, "parts_sent": parts_sent}
    _put_back(session, item_id, **values, attempts=OutboxItem.attempts - 1)


def bury(session: Session, item_id: int, error: str) -> None:
    """The channel will never take it: a dead letter, visible in the desk. Later replies go on."""
    _update(session, item_id, state="dead", error=error)


def take_edit(session: Session, channels: Collection[str], now: datetime) -> Edit | None:
    """The next reply on one of ``channels`` whose words have changed since they were sent, leased to the caller."""
    due = (
        select(OutboxItem)
        .where(
            OutboxItem.edit_due <= now,
            OutboxItem.state == "sent",
            OutboxItem.channel.in_(channels),
            OutboxItem.provider_id.is_not(None),
        )
        .order_by(OutboxItem.edit_due)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    item = session.scalar(due)
    if item is None or item.provider_id is None:
        return None
    # An edit is harmless to repeat: when its process dies, it simply falls due again.
    item.edit_due = now + SENDING_LEASE
    session.flush()
    conversation = session.get_one(Conversation, item.conversation_id)
    return Edit(
        id=item.id,
        channel=item.channel,
        address=addresses.of_channel(session, conversation, item.channel),
        provider_id=item.provider_id,
        lease=item.edit_due,
        message=one_message(session, item.conversation_id, item.seq),
    )


def end_edit(session: Session, edit: Edit, again_at: datetime | None) -> None:
    """The channel shows the words, or (``again_at``) has to be asked again; unless they changed once more meanwhile."""
    session.execute(
        update(OutboxItem).where(OutboxItem.id == edit.id, OutboxItem.edit_due == edit.lease).values(edit_due=again_at)
    )


def recover(session: Session, channels: Collection[str], now: datetime) -> int:
    """Sends that never reported back become pending again, flagged as ambiguous. Returns how many."""
    if not channels:
        return 0
    lost = select(OutboxItem.id).where(
        OutboxItem.state == "sending", OutboxItem.channel.in_(channels), OutboxItem.sending_until < now
    )
    return sum(_recovered(session, item_id, now) for item_id in session.scalars(lost).all())


def _recovered(session: Session, item_id: int, now: datetime) -> bool:
    """Whether it is still lost, now that nobody else can put it back."""
    still_lost = OutboxItem.state == "sending", OutboxItem.sending_until < now
    return _put_back(session, item_id, *still_lost, ambiguous=True, not_before=now)


def backlog(session: Session) -> dict[str, int]:
    """How many replies are in each state that is not the end: ``{pending, sending, dead}``."""
    query = (
        select(OutboxItem.state, func.count()).where(OutboxItem.state.in_((*UNSENT, "dead"))).group_by(OutboxItem.state)
    )
    return {"pending": 0, "sending": 0, "dead": 0} | {state: count for state, count in session.execute(query)}


def feed(session: Session, conversation_id: str, after: int, now: datetime) -> list[MessageView]:
    """For connections that keep their own place (the web chat): everything after ``after`` that may be shown.

    Pending replies are marked ``sending`` first, so that a claim either takes them back or comes too late.
    """
    session.flush()
    session.connection().execute(_LEAVES, {"conversation": conversation_id, "until": now + SENDING_LEASE})
    return shown(session, conversation_id, after)


def shown(session: Session, conversation_id: str, after: int) -> list[MessageView]:
    """Everything after ``after`` but what was taken back, however much.

    It ends before words of the bot that wait for another channel: a claim may still take those back.
    """
    messages = takewhile(_is_certain, all_messages(session, conversation_id, after))
    return [message for message in messages if message["state"] != "cancelled"]


def _is_certain(message: MessageView) -> bool:
    return message["state"] != "pending" or message["author"] != "bot"


def has_pending(session: Session, conversation_id: str) -> bool:
    """Whether a reply still waits to leave."""
    return bool(session.scalar(_ANY_PENDING, {"conversation": conversation_id}))


def all_shown(session: Session, up_to: Mapping[str, int], now: datetime) -> None:
    """Web clients received everything up to these sequence numbers: ``{conversation_id: seq}``."""
    for conversation_id, seq in up_to.items():
        session.execute(_SHOWN, {"conversation": conversation_id, "up_to": seq, "now": now})


def first_unsent(session: Session, conversation_id: str) -> int | None:
    """Where a client that keeps no place of its own should be resumed."""
    return session.scalar(
        select(func.min(OutboxItem.seq)).where(
            OutboxItem.conversation_id == conversation_id, OutboxItem.state.in_(UNSENT)
        )
    )


def _answered(session: Session, item: OutboxItem) -> str | None:
    return session.scalar(
        select(InboxItem.provider_id)
        .where(
            InboxItem.conversation_id == item.conversation_id,
            InboxItem.channel == item.channel,
            InboxItem.seq < item.seq,
            InboxItem.provider_id.is_not(None),
        )
        .order_by(InboxItem.seq.desc())
        .limit(1)
    )


def _put_back(session: Session, item_id: int, *only_if: ColumnElement[bool], **values: object) -> bool:
    """To be sent again, to where the customer writes from by now. False when it is gone, or not as ``only_if`` says."""
    item = session.get(OutboxItem, item_id)
    if item is None:
        return False
    try:
        conversation = locked(session, item.conversation_id)
    except NoConversation:
        return False
    if item.channel != conversation.channel:
        values |= {"channel": conversation.channel, "parts_sent": 0}
    put_back = (
        update(OutboxItem)
        .where(OutboxItem.id == item_id, *only_if)
        .values(state="pending", sending_until=None, **values)
        .returning(OutboxItem.id)
    )
    return session.scalar(put_back) is not None


def _update(session: Session, item_id: int, **values: object) -> None:
    session.execute(update(OutboxItem).where(OutboxItem.id == item_id).values(sending_until=None, **values))
