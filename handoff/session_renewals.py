"""A web session's secret is replaced when its customer proves an order.

Whoever knew the secret before (it was planted in the browser, or read there) must not see what follows. It takes two steps,
so that a page which never heard of the new secret is not locked out: only the page that wrote the proof is told, and the old
one is good until the new one was used once. From then on the old one opens nothing. There is no deadline: a page that lost its
connection at that very moment goes on under the old secret until the next proof.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from handoff import addresses
from handoff.conversations import NoConversation, locked
from handoff.schema import Conversation, FurtherAddress, JoinLink, SessionRenewal

CHANNEL = "web"


class SecretReplaced(Exception):
    """This secret was replaced, and the one that replaces it is in use."""


@dataclass(frozen=True)
class Door:
    """How pages get into a conversation: the hash of its present secret, or None when no page can.

    ``proved_by``: the message for which that secret is to be replaced, if it is.
    """

    address: str | None
    proved_by: int | None


def proved(session: Session, conversation_id: str, seq: int) -> None:
    """Message ``seq`` of a locked conversation proved an order."""
    try:
        address = addresses.of_channel(session, session.get_one(Conversation, conversation_id), CHANNEL)
    except NoResultFound:
        return  # they have no page
    renewal = session.get(SessionRenewal, address)
    if renewal is None:
        session.add(SessionRenewal(address=address, conversation_id=conversation_id, seq=seq))
    else:
        renewal.seq = seq
    session.flush()


def offer(session: Session, address: str, next_address: str) -> bool:
    """A page that knows the secret of ``address`` is told the next one. False when it is due no more."""
    offered = (
        update(SessionRenewal)
        .where(SessionRenewal.address == address, SessionRenewal.used_at.is_(None))
        .values(next_address=next_address)
        .returning(SessionRenewal.address)
    )
    return session.scalar(offered) is not None


def is_replaced(session: Session, address: str) -> bool:
    """Whether the secret of ``address`` opens nothing any more."""
    query = select(SessionRenewal.address).where(SessionRenewal.address == address, SessionRenewal.used_at.is_not(None))
    return session.scalar(query) is not None


def is_known(session: Session, address: str) -> bool:
    """Whether the secret of ``address`` is one of those that were replaced, or told to a page to replace one."""
    query = select(SessionRenewal.address).where(
        or_(SessionRenewal.address == address, SessionRenewal.next_address == address)
    )
    return session.scalars(query.limit(1)).first() is not None


def admit(session: Session, channel: str, address: str, now: datetime) -> str | None:
    """The id of the conversation of :func:`admitted`."""
    conversation = admitted(session, channel, address, now)
    return conversation.id if conversation is not None else None


def admitted(session: Session, channel: str, address: str, now: datetime) -> Conversation | None:
    """The conversation, locked, into which the secret of ``address`` leads from its first use, which is now.

    None for a secret that replaces none. Raises :class:`SecretReplaced`.
    """
    if channel != CHANNEL:
        return None
    if is_replaced(session, address):
        raise SecretReplaced
    conversation_id = session.scalar(
        select(SessionRenewal.conversation_id).where(SessionRenewal.next_address == address)
    )
    if conversation_id is None:
        return None
    try:
        conversation = locked(session, conversation_id)
    except NoConversation:
        return None  # erased in between
    _replace(session, conversation, address, now)
    return conversation


def _replace(session: Session, conversation: Conversation, address: str, now: datetime) -> None:
    """Another page may have been faster, and a further secret may have replaced this one since."""
    renewal = session.scalars(
        select(SessionRenewal).where(SessionRenewal.next_address == address).execution_options(populate_existing=True)
    ).one()
    if renewal.used_at is not None:
        if is_replaced(session, address):
            raise SecretReplaced
        return
    renewal.used_at = now
    # Who knew the old secret may hold a link that leads in here.
    session.execute(delete(JoinLink).where(JoinLink.conversation_id == conversation.id))
    if (conversation.channel, conversation.address) == (CHANNEL, renewal.address):
        conversation.address = address
    else:
        session.execute(
            update(FurtherAddress)
            .where(FurtherAddress.channel == CHANNEL, FurtherAddress.address == renewal.address)
            .values(address=address)
        )
    session.flush()
