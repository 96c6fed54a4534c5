"""Getting into the queue, and looking at what came of it."""

from typing import Any

from sqlalchemy import select

from handoff import offers, turns
from handoff.bot_reply import BotReply
from handoff.database import Database
from handoff.schema import Conversation, Offer, Ticket
from handoff.transcript import MessageView, messages
from tests.people import at, bot_says, take, write_in


def waits(database: Database, name: str, seconds: float = 0, wants: str = "track_order") -> str:
    """The customer says what they want, then asks for a person. Returns the conversation's id."""
    write_in(database, "hello", f"{name}-{seconds}-hello", seconds, name)
    understanding = {"intent": {"name": wants, "confidence": 0.9}, "faq": None}
    database.write_now(turns.answer, take(database, seconds), bot_says("Hm.", understanding=understanding), at(seconds))
    return asks(database, name, seconds)


def asks(database: Database, name: str, seconds: float = 0, reason: str = "asked") -> str:
    write_in(database, "a person please", f"{name}-{seconds}-asks", seconds, name)
    turn = take(database, seconds)
    database.write_now(turns.hand_to_queue, turn, reason, [], "customer", at(seconds))
    return turn.conversation_id


def conversation(database: Database, conversation_id: str) -> Conversation:
    return database.read_now(lambda session: session.get_one(Conversation, conversation_id))


def ticket(database: Database, conversation_id: str) -> Ticket:
    """The latest one."""
    query = select(Ticket).where(Ticket.conversation_id == conversation_id).order_by(Ticket.id.desc()).limit(1)
    return database.read_now(lambda session: session.scalars(query).one())


def last_message(database: Database, conversation_id: str) -> MessageView:
    return database.read_now(messages, conversation_id)[-1]


def make_offers(database: Database, seconds: float) -> list[tuple[str, str]]:
    """All that can be made now, as ``(conversation_id, agent_id)``."""
    made = []
    while (one := database.write_now(offers.make, at(seconds))) is not None:
        made.append((one.conversation_id, one.agent_id))
    return made


def let_offers_lapse(database: Database, seconds: float) -> None:
    """What the clock does with offers that nobody took."""
    for conversation_id in database.read_now(offers.overdue, at(seconds)):
        ignored_by = database.write_now(offers.withdraw, conversation_id, at(seconds))
        if ignored_by is not None:
            database.write_now(offers.set_away_if_absent, ignored_by, at(seconds))


def offer_states(database: Database, conversation_id: str) -> list[tuple[str, str]]:
    query = (
        select(Offer.agent_id, Offer.state)
        .join(Ticket, Ticket.id == Offer.ticket_id)
        .where(Ticket.conversation_id == conversation_id)
        .order_by(Offer.id)
    )
    return database.read_now(lambda session: [(row.agent_id, row.state) for row in session.execute(query)])


def understood(intent: str, faq: str | None = None) -> dict[str, Any]:
    return {"intent": {"name": intent, "confidence": 0.9}, "faq": faq}


def replies(database: Database, words: str, reply: BotReply, seconds: float) -> list[str]:
    """Maya writes ``words`` in the queue and the bot has ``reply`` for it. Returns what she hears."""
    written = write_in(database, words, f"m{seconds}", seconds)
    assert database.write_now(turns.answer, take(database, seconds), reply, at(seconds))
    return heard_after(database, written.conversation_id, written.seq)


def is_kept(database: Database, words: str, seconds: float, bot_away: bool = False) -> list[str]:
    written = write_in(database, words, f"m{seconds}", seconds)
    assert database.write_now(turns.give_to_queue, take(database, seconds), at(seconds), bot_away)
    return heard_after(database, written.conversation_id, written.seq)


def heard_after(database: Database, conversation_id: str, seq: int) -> list[str]:
    return [message["text"] for message in database.read_now(messages, conversation_id, seq)]
