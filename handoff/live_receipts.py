"""A queued customer's place, kept true where it was told: the last receipt is written anew, and the channel edits it."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from handoff import receipts, tickets
from handoff.conversations import locked
from handoff.schema import Conversation, Message, OutboxItem
from handoff.waiting import Wait, wait_for

WAITING = ("queued", "ticket")
"""The states of a receipt that tells a place in the queue."""
EDIT_EVERY = timedelta(seconds=5)
"""The least time between two edits of one receipt."""


def stale(session: Session, channels: Collection[str], now: datetime) -> list[str]:
    """The queued conversations on ``channels`` whose customer was last told another place than is true now."""
    queued = select(Conversation).where(Conversation.holder == "queue", Conversation.channel.in_(channels))
    return [
        conversation.id
        for conversation in session.scalars(queued).all()
        if _news(session, conversation, now) is not None
    ]


def rewrite(session: Session, conversation_id: str, now: datetime) -> bool:
    """Write the receipt anew, and have its channel show it soon. Returns whether there was anything to say."""
    conversation = locked(session, conversation_id)
    news = _news(session, conversation, now) if conversation.holder == "queue" else None
    if news is None:
        return False
    message, wait = news
    before = message.handoff or {}
    reply = receipts.queued(before["ticket"], before["reason"], wait)
    soonest = max(now, message.edited_at + EDIT_EVERY) if message.edited_at else now
    message.text, message.edited_at = reply.text, now
    message.handoff = {**before, **receipts.wait_fields(wait)}
    conversation.updated_at = now
    session.execute(
        update(OutboxItem)
        .where(OutboxItem.conversation_id == conversation_id, OutboxItem.seq == message.seq)
        .values(edit_due=soonest)
    )
    return True


def _news(session: Session, conversation: Conversation, now: datetime) -> tuple[Message, Wait] | None:
    ticket = tickets.open_ticket(session, conversation)
    message = _last_receipt(session, conversation)
    if ticket is None or message is None or not message.handoff or message.handoff.get("state") not in WAITING:
        return None
    wait = wait_for(session, ticket, now)
    told = message.handoff
    changed = any(told.get(name) != value for name, value in receipts.wait_fields(wait).items())
    return (message, wait) if changed else None


def _last_receipt(session: Session, conversation: Conversation) -> Message | None:
    """The last thing that the gateway said about the handoff, if the channel has it."""
    return session.scalar(
        select(Message)
        .join(OutboxItem, (OutboxItem.conversation_id == Message.conversation_id) & (OutboxItem.seq == Message.seq))
        .where(
            Message.conversation_id == conversation.id,
            Message.case_no == conversation.case_no,
            Message.author == "system",
            Message.handoff.is_not(None),
            OutboxItem.state == "sent",
        )
        .order_by(Message.seq.desc())
        .limit(1)
    )
