"""One customer, two channels: a link that is made in the web chat brings its conversation to Telegram as well.

Whoever opens the link speaks for the conversation, so it is good for one use within ten minutes. The address that it is opened
at becomes another address of the conversation; what was said there before is set aside, and erased with it.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from handoff import addresses, holder, inbox
from handoff.conversations import NoConversation, locked
from handoff.inbox import Accepted, Inbound
from handoff.outbound import Reply, send
from handoff.outbox import UNSENT
from handoff.schema import Conversation, FurtherAddress, InboxItem, JoinLink, OutboxItem, SetAside

GOOD_FOR = timedelta(minutes=10)
SAID = "Continue here"
"""What the transcript shows for opening the link."""

JOINED = (
    "This chat and the web chat are one conversation now: whoever answers you knows all of it. Write in either; the answer comes "
    "where you wrote last, and the web page shows everything."
)
TOO_OLD = (
    "That link has been used already, or is more than ten minutes old. Choose “Continue on Telegram” in the web chat again and "
    "you'll get a new one. Or just write here."
)
NOT_IN_GROUPS = "That link works in a private chat with me only, because what you told us is nobody else's business."
OPEN_CASE = (
    "You already have a conversation with our people here, and it stays as it is. Once it's finished, the link from the web chat "
    "brings that conversation here too."
)
BUSY = (
    "I'm still answering you here. Give me a moment, then press Start under the link again: it's good for ten minutes."
)
ELSEWHERE_HERE = "This chat belongs to another web chat of yours already. Write here, or on that page."
ELSEWHERE = "The web chat continues in another chat already. Write there, or on the web page."


class _Refused(Exception):
    """Why the link does not join, in words for the customer."""


def new_link(session: Session, conversation_id: str, token_hash: str, channel: str, now: datetime) -> datetime:
    """Note a link that joins ``channel`` to the conversation; returns until when it is good."""
    locked(session, conversation_id)
    session.execute(delete(JoinLink).where(JoinLink.conversation_id == conversation_id, JoinLink.expires_at < now))
    expires_at = now + GOOD_FOR
    session.add(
        JoinLink(token_hash=token_hash, conversation_id=conversation_id, channel=channel, expires_at=expires_at)
    )
    return expires_at


def open_link(
    session: Session, token_hash: str | None, inbound: Inbound, now: datetime, in_group: bool = False
) -> Accepted:
    """The link was opened by ``inbound``: join, or say kindly why not. ``token_hash`` None: the link was not ours.

    The same event again changes nothing.
    """
    inbound = replace(inbound, text=SAID, settled=True)
    words = JOINED
    if not _is_known(session, inbound):
        try:
            if in_group:
                raise _Refused(NOT_IN_GROUPS)
            _join(session, token_hash, inbound, now)
        except _Refused as refused:
            words = str(refused)
    accepted = inbox.accept(session, inbound, now)
    if not accepted.duplicate:
        send(session, locked(session, accepted.conversation_id), Reply(text=words, author="system"), now)
    return accepted


def _join(session: Session, token_hash: str | None, inbound: Inbound, now: datetime) -> None:
    link = session.scalar(select(JoinLink).where(JoinLink.token_hash == token_hash).with_for_update())
    if link is None or link.expires_at < now or link.channel != inbound.channel:
        raise _Refused(TOO_OLD)
    try:
        conversation = locked(session, link.conversation_id)
    except NoConversation:
        raise _Refused(TOO_OLD) from None
    where = (inbound.channel, inbound.address)
    before = addresses.reserved_at(session, *where)
    if before is not None and before.id == conversation.id:
        session.delete(link)
        return
    if inbound.channel in addresses.channels(session, conversation):
        raise _Refused(ELSEWHERE)
    if before is not None:
        _set_aside(session, before, conversation, now)
    session.delete(link)
    session.add(FurtherAddress(channel=where[0], address=where[1], conversation_id=conversation.id, joined_at=now))
    session.flush()


def _set_aside(session: Session, before: Conversation, conversation: Conversation, now: datetime) -> None:
    """The locked conversation at the address makes room, unless something in it is still under way."""
    if before.holder in ("queue", "agent"):
        raise _Refused(OPEN_CASE)
    if len(addresses.channels(session, before)) > 1:
        raise _Refused(ELSEWHERE_HERE)
    waiting = exists().where(InboxItem.conversation_id == before.id, InboxItem.state == "waiting")
    unsent = exists().where(OutboxItem.conversation_id == before.id, OutboxItem.state.in_(UNSENT))
    if session.scalar(select(waiting | unsent)):
        raise _Refused(BUSY)
    if before.holder == "bot":
        holder.close_joined(session, before, now)
    before.address = f"{before.address} until {before.id}"
    session.add(SetAside(conversation_id=before.id, joined_to=conversation.id))
    session.flush()


def _is_known(session: Session, inbound: Inbound) -> bool:
    query = select(InboxItem.id).where(InboxItem.channel == inbound.channel, InboxItem.dedupe_key == inbound.dedupe_key)
    return session.scalar(query) is not None
