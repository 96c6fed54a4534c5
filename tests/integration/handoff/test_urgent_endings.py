"""What is about safety or the law is not closed without a word: to the customer, or to colleagues."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from handoff import holder, notes, replies, turns
from handoff.database import Database
from handoff.schema import Agent, Conversation
from handoff.urgent_endings import UnansweredError
from tests.integration.handoff.queueing import asks, conversation, ticket, waits
from tests.people import at, bot_says, take, write_in

End = Callable[[Session, Conversation, str, str | None], Conversation]


def resolve(session: Session, talk: Conversation, agent: str, note: str | None) -> Conversation:
    return holder.resolve(session, talk.id, agent, talk.epoch, note, at(9))


def hand_back(session: Session, talk: Conversation, agent: str, note: str | None) -> Conversation:
    return holder.hand_back(session, talk.id, agent, talk.epoch, note or "", at(9))


def end(database: Database, act: End, conversation_id: str, agent: str, note: str | None = None) -> str:
    """Returns who holds it then."""
    talk = conversation(database, conversation_id)
    return database.write_now(act, talk, agent, note).holder


def leave_note(database: Database, conversation_id: str, agent: str, seconds: float) -> None:
    def write(session: Session) -> None:
        talk, author = session.get_one(Conversation, conversation_id), session.get_one(Agent, agent)
        notes.write(session, talk, author, f"note-{seconds}", "I called her, she is fine.", at(seconds))

    database.write_now(write)


@pytest.mark.parametrize("reason", ["safety", "legal"])
@pytest.mark.parametrize("act", [resolve, hand_back])
def test_an_urgent_ticket_does_not_end_without_a_word(database: Database, ana: str, reason: str, act: End) -> None:
    maya = asks(database, "maya", reason=reason)
    database.write_now(holder.claim, maya, ana, at(1))
    with pytest.raises(UnansweredError, match="Answer first, or leave a note"):
        end(database, act, maya, ana)
    assert (conversation(database, maya).holder, ticket(database, maya).state) == ("agent", "claimed")


def test_an_answer_is_a_word(database: Database, ana: str) -> None:
    maya = asks(database, "maya", reason="safety")
    database.write_now(holder.claim, maya, ana, at(1))
    database.write_now(replies.say, maya, ana, "r1", "Are you hurt?", at(2))
    assert end(database, resolve, maya, ana) == "closed"


def test_so_is_the_reason_why_there_is_none(database: Database, ana: str) -> None:
    maya = asks(database, "maya", reason="safety")
    database.write_now(holder.claim, maya, ana, at(1))
    assert end(database, resolve, maya, ana, "The same customer wrote twice, T-1000 has it.") == "closed"


def test_so_is_a_note_of_the_agents_own_since_they_took_it(database: Database, ana: str, ben: str) -> None:
    maya = asks(database, "maya", reason="safety")
    leave_note(database, maya, ana, 0.5)
    database.write_now(holder.claim, maya, ana, at(1))
    leave_note(database, maya, ben, 2)
    with pytest.raises(UnansweredError):
        end(database, resolve, maya, ana)
    leave_note(database, maya, ana, 3)
    assert end(database, resolve, maya, ana) == "closed"


def test_danger_that_was_told_in_the_queue_counts_whatever_the_ticket_was_for(database: Database, ana: str) -> None:
    maya = waits(database, "maya")
    write_in(database, "and it burnt my hand", "m9", 2)
    handoff = {"reason": "safety", "evidence": [{"kind": "harm", "text": "Injury or danger"}]}
    database.write_now(turns.answer, take(database, 2), bot_says("Call 911 first.", handoff=handoff), at(3))
    database.write_now(holder.claim, maya, ana, at(4))
    with pytest.raises(UnansweredError):
        end(database, resolve, maya, ana)


def test_danger_named_while_waiting_is_for_the_bot_even_when_it_asks_for_a_person(database: Database, ana: str) -> None:
    waits(database, "maya")
    write_in(database, "it burnt my hand, get me a person", "m9", 2)
    assert take(database, 2).in_queue == "question"


def test_any_other_ticket_ends_as_the_agent_likes(database: Database, ana: str) -> None:
    maya = asks(database, "maya", reason="complaint")
    database.write_now(holder.claim, maya, ana, at(1))
    assert end(database, resolve, maya, ana) == "closed"
