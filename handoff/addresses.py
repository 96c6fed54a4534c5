"""Where channels reach customers. One who joined two channels has two addresses, and is answered where they wrote last."""

from datetime import datetime

from sqlalchemy import bindparam, delete, func, select, union_all, update
from sqlalchemy.orm import Session

from handoff.conversations import NoConversation, locked
from handoff.schema import Conversation, FurtherAddress, OutboxItem

_LOCKED_AT = (
    select(Conversation)
    .where(Conversation.channel == bindparam("channel"), Conversation.address == bindparam("address"))
    .with_for_update()
)

_OTHER_CHANNELS = select(FurtherAddress.channel).where(FurtherAddress.conversation_id == bindparam("conversation_id"))


def find(session: Session, channel: str, address: str) -> str | None:
    """The id of the conversation at this address."""
    return session.scalar(
        union_all(
            select(Conversation.id).where(Conversation.channel == channel, Conversation.address == address),
            select(FurtherAddress.conversation_id).where(
                FurtherAddress.channel == channel, FurtherAddress.address == address
            ),
        )
    )


def locked_at(session: Session, channel: str, address: str) -> Conversation | None:
    """The conversation at this address, locked until the transaction ends."""
    conversation = session.scalar(_LOCKED_AT, {"channel": channel, "address": address})
    conversation_id = find(session, channel, address) if conversation is None else None
    if conversation_id is None:
        return conversation
    try:
        conversation = locked(session, conversation_id)
    except NoConversation:
        return None  # erased in between
    # While it was waited for, the customer may have left this address, or their secret may have been replaced.
    return conversation if find(session, channel, address) == conversation_id else None


def reserved_at(session: Session, channel: str, address: str) -> Conversation | None:
    """As :func:`locked_at`; until the transaction ends nobody else begins a conversation at this address, or joins it to one."""
    conversation = locked_at(session, channel, address)
    if conversation is not None or session.get_bind().dialect.name != "postgresql":
        return conversation  # SQLite takes one writer at a time anyway
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"{channel}:{address}"))))
    return locked_at(session, channel, address)


def of_channel(session: Session, conversation: Conversation, channel: str) -> str:
    """Where ``channel`` reaches the customer. Raises ``sqlalchemy.exc.NoResultFound`` when it does not."""
    if conversation.channel == channel:
        return conversation.address
    query = select(FurtherAddress.address).where(
        FurtherAddress.conversation_id == conversation.id, FurtherAddress.channel == channel
    )
    return session.scalars(query).one()


def channels(session: Session, conversation: Conversation) -> list[str]:
    """The channels that reach the customer, in alphabetical order."""
    return sorted([conversation.channel, *session.scalars(_OTHER_CHANNELS, {"conversation_id": conversation.id})])


def belongs(session: Session, conversation_id: str, channel: str, address: str) -> bool:
    """Whether this is one of the conversation's addresses."""
    return find(session, channel, address) == conversation_id


def written_from(session: Session, conversation: Conversation, channel: str, address: str, now: datetime) -> None:
    """The customer of a locked conversation writes from this address of theirs: from now on they are answered there."""
    before = (conversation.channel, conversation.address)
    if before == (channel, address):
        return
    session.execute(delete(FurtherAddress).where(FurtherAddress.channel == channel, FurtherAddress.address == address))
    session.add(FurtherAddress(channel=before[0], address=before[1], conversation_id=conversation.id, joined_at=now))
    conversation.channel, conversation.address = channel, address
    session.flush()
    # What has not left for the old place goes to the new one.
    session.execute(
        update(OutboxItem)
        .where(OutboxItem.conversation_id == conversation.id, OutboxItem.state == "pending")
        .values(channel=channel, not_before=now, parts_sent=0)
    )


def leave(session: Session, conversation: Conversation, channel: str, address: str, now: datetime) -> None:
    """This address of a locked conversation, which has others, is none of its own any more."""
    others = select(FurtherAddress).where(
        FurtherAddress.conversation_id == conversation.id, FurtherAddress.channel != channel
    )
    if conversation.channel == channel:
        other = session.scalars(others.order_by(FurtherAddress.channel).limit(1)).one()
        written_from(session, conversation, other.channel, other.address, now)
    session.execute(delete(FurtherAddress).where(FurtherAddress.channel == channel, FurtherAddress.address == address))
    # Nothing more is written or changed there.
    session.execute(
        update(OutboxItem)
        .where(OutboxItem.conversation_id == conversation.id, OutboxItem.channel == channel)
        .values(channel=conversation.channel, edit_due=None)
    )


def move(session: Session, channel: str, old: str, new: str) -> bool:
    """The customer at ``old`` is reached at ``new`` from now on. False when ``new`` has a conversation of its own already."""
    if find(session, channel, new) is not None:
        return False
    conversation = session.scalar(
        select(Conversation).where(Conversation.channel == channel, Conversation.address == old).with_for_update()
    )
    if conversation is not None:
        conversation.address = new
    return True
