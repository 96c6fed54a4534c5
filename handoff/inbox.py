"""Accepting what customers send: each message becomes one row, once, before the channel hears that it arrived."""

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from handoff import (
    acknowledging,
    addresses,
    buttons,
    holder,
    media,
    questions,
    rows,
    session_renewals,
    snoozing,
    turn_leases,
)
from handoff.explicit_ask import asks_for_person
from handoff.media import SentFile
from handoff.payloads import HUMAN_PAYLOAD
from handoff.schema import Button, Conversation, InboxItem, Message
from handoff.turn_leases import Turn

_KNOWN = select(InboxItem.conversation_id, InboxItem.seq, InboxItem.received_at).where(
    InboxItem.channel == bindparam("channel"), InboxItem.dedupe_key == bindparam("dedupe_key")
)


@dataclass(frozen=True)
class Inbound:
    """One event from a channel, already verified to come from the customer at ``address``."""

    channel: str
    address: str
    dedupe_key: str | None
    """Unique on its channel for one act of the customer, the same each time the channel repeats it.

    None: ``client_id``, which their page made up, is all of that within the conversation."""
    text: str
    """What was typed, or the id of the button that was pressed."""
    client_id: str | None = None
    provider_id: str | None = None
    """The channel's own id of this message."""
    files: tuple[SentFile, ...] = ()
    wordless: bool = False
    """A picture, a voice message, a place: ``text`` only describes what it is."""
    album: str | None = None
    """Messages with the same one were sent together."""
    settled: bool = False
    """The channel's own command, answered without the bot: it is kept and nothing is left to do."""
    customer_name: str | None = None
    locale: str | None = None
    profile: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Accepted:
    """The receipt a connector acknowledges with."""

    conversation_id: str
    seq: int
    at: datetime
    duplicate: bool
    turn: Turn | None = None
    """The message's turn, which the acceptor has taken with it."""


def accept(session: Session, inbound: Inbound, now: datetime, owner: str | None = None) -> Accepted:
    """Keep ``inbound`` as the next message of its conversation, unless it is kept already. Commit before acknowledging.

    An ``owner`` takes the message's turn with it, if nothing of the conversation waits before it.
    Raises :class:`handoff.session_renewals.SecretReplaced` for words from a web page that is out of date.
    """
    conversation = _locked_conversation(session, inbound, now)
    dedupe_key = inbound.dedupe_key or f"{conversation.id}:{inbound.client_id}"
    known = session.execute(_KNOWN, {"channel": inbound.channel, "dedupe_key": dedupe_key}).one_or_none()
    if known is not None:
        held = turn_leases.take_again(session, conversation, owner, now) if owner is not None else None
        return Accepted(*known, duplicate=True, turn=held)

    button = _pressed_button(session, conversation, inbound.text)
    text, payload = (button.title, button.payload) if button else (inbound.text, None)
    if (asked := questions.taken_back(session, payload)) is not None:
        inbound, text, payload = replace(inbound, text=asked), asked, None
    elif payload is None and not inbound.wordless and not inbound.settled:
        payload = questions.typed(session, conversation, inbound.text, now)
    answers = payload is not None and questions.is_answer(payload)
    if conversation.holder == "closed" and not answers and not inbound.settled:
        holder.reopen(session, conversation, now)

    conversation.last_seq += 1
    conversation.updated_at = now
    message = Message(
        conversation_id=conversation.id,
        seq=conversation.last_seq,
        case_no=conversation.case_no,
        author="customer",
        name=conversation.customer_name,
        text=text,
        wordless=inbound.wordless,
        album=inbound.album,
        client_id=inbound.client_id,
        at=now,
    )
    nothing_waits = conversation.turn_due is None
    item = _inbox_item(conversation, message, inbound, dedupe_key, payload, now)
    rows.insert(session, message)
    media.keep_rows(session, message, inbound.channel, inbound.files, now)
    rows.insert(session, item)
    if payload is not None and answers:
        questions.take(session, conversation, message, payload, now)
    if conversation.holder == "agent":
        acknowledging.say_refused(session, conversation, message, now)
    if not answers and not inbound.settled:
        snoozing.customer_wrote(session, conversation, now)
    takes_turn = owner if nothing_waits and item.state == "waiting" else None
    turn = turn_leases.take_first(session, conversation, item, message, takes_turn, now) if takes_turn else None
    return Accepted(conversation.id, message.seq, now, duplicate=False, turn=turn)


def _inbox_item(
    conversation: Conversation, message: Message, inbound: Inbound, dedupe_key: str, payload: str | None, now: datetime
) -> InboxItem:
    item = InboxItem(
        channel=inbound.channel,
        dedupe_key=dedupe_key,
        conversation_id=conversation.id,
        seq=message.seq,
        payload=payload,
        provider_id=inbound.provider_id,
        asks_for_person=payload == HUMAN_PAYLOAD or (payload is None and _asks(inbound)),
        received_at=now,
    )
    if inbound.settled or (payload is not None and questions.is_answer(payload)):
        item.state, item.outcome, item.done_at = "done", "answered", now
    elif conversation.holder == "agent":
        # The agent reads the transcript itself: there is nothing left to dispatch.
        item.state, item.outcome, item.done_at = "done", "to_desk", now
    elif item.asks_for_person or conversation.turn_due is None:
        # An ask does not wait for a bot that is being retried; any other message queues behind the one before it.
        conversation.turn_due = now
    return item


def _asks(inbound: Inbound) -> bool:
    return not inbound.wordless and asks_for_person(inbound.text) is not None


def _locked_conversation(session: Session, inbound: Inbound, now: datetime) -> Conversation:
    """The conversation at this address, made if need be, and locked until the transaction ends."""
    where = (inbound.channel, inbound.address)
    conversation = (
        addresses.reserved_at(session, *where)
        or session_renewals.admitted(session, *where, now)
        or _new_conversation(session, inbound, now)
    )
    addresses.written_from(session, conversation, *where, now)
    conversation.customer_name = inbound.customer_name or conversation.customer_name
    conversation.locale = inbound.locale or conversation.locale
    if inbound.profile:
        conversation.profile = {**conversation.profile, **inbound.profile}
    return conversation


def _new_conversation(session: Session, inbound: Inbound, now: datetime) -> Conversation:
    conversation = Conversation(
        id=f"c_{secrets.token_hex(10)}",
        channel=inbound.channel,
        address=inbound.address,
        created_at=now,
        updated_at=now,
    )
    session.add(conversation)
    session.flush()
    return conversation


def _pressed_button(session: Session, conversation: Conversation, text: str) -> Button | None:
    button = session.get(Button, text) if buttons.may_be_id(text) else None
    return button if button is not None and button.conversation_id == conversation.id else None
