"""One customer, two channels: a link that is made in the web chat brings its conversation to Telegram as well.

A link can be sent to somebody else, who would then write into a stranger's web page without knowing it. So opening it only asks;
the button joins. It is good for one use within ten minutes. The address that it is opened at becomes another address of the
conversation; what was said there before is set aside, and erased with it.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, literal, select, update
from sqlalchemy.orm import Session

from handoff import addresses, holder, inbox
from handoff.conversations import NoConversation, locked
from handoff.inbox import Accepted, Inbound
from handoff.outbound import Choice, Reply, send
from handoff.outbox import UNSENT
from handoff.schema import Button, Conversation, FurtherAddress, InboxItem, JoinLink, OutboxItem, Promise, SetAside

GOOD_FOR = timedelta(minutes=10)
OPENED = "Continue on Telegram"
"""What the transcript shows for opening the link."""
JOIN, KEEP_APART = "Continue here", "No, keep them apart"

ASKED = (
    "This link joins this chat to a web chat, whose page then shows everything you write here. Continue only if you pressed "
    "“Continue on Telegram” on our page yourself. Did somebody send you the link? Then choose no."
)
JOINED = (
    "This chat and the web chat are one conversation now. Write in either; the answer comes where you wrote last, and the web "
    "page shows everything. Before I open an order again, I'll ask once more for proof that it's yours. /leave parts them again."
)
LEFT = "Done. This chat is on its own again, and the web page shows nothing more of what you write here."
LEFT_THE_OTHER = "The other chat was parted from this conversation. It goes on here."
NOTHING_TO_LEAVE = "This chat isn't joined to a web chat, so there's nothing to part."
APART = "All right, this chat stays as it is, and that link no longer works."
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


_JOIN, _KEEP_APART = "join:", "keep_apart:"


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
    """The link was opened by ``inbound``: ask whether to join, or say kindly why not. ``token_hash`` None: it was not ours.

    The same event again changes nothing.
    """
    reply = Reply(text=ASKED, author="system", choices=_choices(token_hash or ""))
    try:
        if in_group:
            raise _Refused(NOT_IN_GROUPS)
        link, conversation = _opened(session, token_hash, inbound, now)
        before = addresses.locked_at(session, inbound.channel, inbound.address)
        if _is_joined(before, conversation):
            session.delete(link)
            reply = _said(JOINED)
        elif before is not None:
            _check_room(session, before, conversation, inbound)
    except _Refused as refused:
        reply = _said(str(refused))
    return _settle(session, replace(inbound, text=OPENED), reply, now)


def is_choice(payload: str) -> bool:
    """Whether a button answers what :func:`open_link` asked."""
    return payload.startswith((_JOIN, _KEEP_APART))


def choose(session: Session, button: Button, inbound: Inbound, now: datetime) -> Accepted:
    """The button under the question was pressed by ``inbound``: join, or say kindly why not; or leave all as it is."""
    inbound, reply = replace(inbound, text=button.title), _said(APART)
    if button.payload.startswith(_KEEP_APART):
        token_hash = button.payload.removeprefix(_KEEP_APART)
        session.execute(delete(JoinLink).where(JoinLink.token_hash == token_hash))
        return _settle(session, inbound, reply, now)
    reply = _said(JOINED)
    try:
        _join(session, button, inbound, now)
    except _Refused as refused:
        reply = _said(str(refused))
    return _settle(session, inbound, reply, now)


def leave(session: Session, inbound: Inbound, now: datetime) -> Accepted:
    """The customer parts the chat they write from: what it was joined to goes on without it. Again changes nothing."""
    conversation = addresses.reserved_at(session, inbound.channel, inbound.address)
    if conversation is None or len(addresses.channels(session, conversation)) == 1:
        return _settle(session, inbound, _said(NOTHING_TO_LEAVE), now)
    if _is_known(session, inbound):
        return _settle(session, inbound, _said(LEFT), now)
    addresses.leave(session, conversation, inbound.channel, inbound.address, now)
    send(session, conversation, _said(LEFT_THE_OTHER), now)
    _bring_back(session, conversation, inbound)
    return _settle(session, inbound, _said(LEFT), now)


def _bring_back(session: Session, conversation: Conversation, inbound: Inbound) -> None:
    """What was said at the address before it was joined is the customer's own again."""
    before = session.scalar(
        select(Conversation)
        .join(SetAside, SetAside.conversation_id == Conversation.id)
        .where(
            SetAside.joined_to == conversation.id,
            Conversation.channel == inbound.channel,
            Conversation.address == literal(f"{inbound.address} until ") + Conversation.id,
        )
    )
    if before is not None:
        before.address = inbound.address
        session.execute(delete(SetAside).where(SetAside.conversation_id == before.id))
        session.flush()


def _is_known(session: Session, inbound: Inbound) -> bool:
    query = select(InboxItem.id).where(InboxItem.channel == inbound.channel, InboxItem.dedupe_key == inbound.dedupe_key)
    return session.scalar(query) is not None


def _choices(token_hash: str) -> list[Choice]:
    return [Choice(JOIN, f"{_JOIN}{token_hash}"), Choice(KEEP_APART, f"{_KEEP_APART}{token_hash}")]


def _said(text: str) -> Reply:
    return Reply(text=text, author="system")


def _settle(session: Session, inbound: Inbound, reply: Reply, now: datetime) -> Accepted:
    accepted = inbox.accept(session, replace(inbound, settled=True), now)
    if not accepted.duplicate:
        send(session, locked(session, accepted.conversation_id), reply, now)
    return accepted


def _join(session: Session, button: Button, inbound: Inbound, now: datetime) -> None:
    link, conversation = _opened(session, button.payload.removeprefix(_JOIN), inbound, now)
    where = (inbound.channel, inbound.address)
    before = addresses.reserved_at(session, *where)
    if _is_joined(before, conversation):
        session.delete(link)
        return
    if before is not None:
        _check_room(session, before, conversation, inbound)
        _check_rest(session, before, button.seq)
        _check_rest(session, conversation, conversation.last_seq)
        _set_aside(session, before, conversation, now)
    if conversation.holder == "bot":
        # What was proved on one side is not proved on the other: a new case knows of no proof.
        holder.close_joined(session, conversation, now)
        holder.reopen(session, conversation, now)
    session.delete(link)
    session.add(FurtherAddress(channel=where[0], address=where[1], conversation_id=conversation.id, joined_at=now))
    session.flush()


def _opened(session: Session, token_hash: str | None, inbound: Inbound, now: datetime) -> tuple[JoinLink, Conversation]:
    """The link and its conversation, both locked."""
    link = session.scalar(select(JoinLink).where(JoinLink.token_hash == token_hash).with_for_update())
    if link is None or link.expires_at < now or link.channel != inbound.channel:
        raise _Refused(TOO_OLD)
    try:
        return link, locked(session, link.conversation_id)
    except NoConversation:
        raise _Refused(TOO_OLD) from None


def _is_joined(before: Conversation | None, conversation: Conversation) -> bool:
    return before is not None and before.id == conversation.id


def _check_room(session: Session, before: Conversation, conversation: Conversation, inbound: Inbound) -> None:
    """The conversation at the address may make room, and the other has no place on the channel yet."""
    if inbound.channel in addresses.channels(session, conversation):
        raise _Refused(ELSEWHERE)
    if before.holder in ("queue", "agent"):
        raise _Refused(OPEN_CASE)
    if len(addresses.channels(session, before)) > 1:
        raise _Refused(ELSEWHERE_HERE)


def _check_rest(session: Session, conversation: Conversation, shown_seq: int) -> None:
    """Nothing is under way in it. What has a number up to ``shown_seq`` has arrived, whatever its row says."""
    waiting = exists().where(InboxItem.conversation_id == conversation.id, InboxItem.state == "waiting")
    unsent = exists().where(
        OutboxItem.conversation_id == conversation.id, OutboxItem.seq > shown_seq, OutboxItem.state.in_(UNSENT)
    )
    if session.scalar(select(waiting | unsent)):
        raise _Refused(BUSY)


def _set_aside(session: Session, before: Conversation, conversation: Conversation, now: datetime) -> None:
    """The locked conversation at the address makes room."""
    if before.holder == "bot":
        holder.close_joined(session, before, now)
    before.address = f"{before.address} until {before.id}"
    # What an agent promised there can be kept and told only where the customer is now.
    promised = update(Promise).where(Promise.conversation_id == before.id, Promise.state == "open")
    session.execute(promised.values(conversation_id=conversation.id))
    session.add(SetAside(conversation_id=before.id, joined_to=conversation.id))
    session.flush()
