"""What the gateway has written down."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from handoff.database import Database
from handoff.schema import Conversation, Message, OutboxItem


def conversations(database: Database) -> list[tuple[str, str]]:
    """``(address, id)`` of each, in no order."""

    def read(session: Session) -> list[tuple[str, str]]:
        return [(one.address, one.id) for one in session.scalars(select(Conversation))]

    return database.read_now(read)


def transcript(database: Database) -> list[Message]:
    """Every message, oldest first."""

    def read(session: Session) -> list[Message]:
        return list(session.scalars(select(Message).order_by(Message.at, Message.conversation_id, Message.seq)))

    return database.read_now(read)


def outbox(database: Database) -> list[OutboxItem]:
    return database.read_now(lambda session: list(session.scalars(select(OutboxItem).order_by(OutboxItem.id))))
