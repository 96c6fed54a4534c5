"""How did we do? Asked once a case, answered by a button or a digit, and never mistaken for a new case."""

import pytest
from sqlalchemy import func, select

from handoff import holder, replies, turns
from handoff.database import Database
from handoff.schema import Message
from handoff.summaries import ticket_view
from tests.integration.handoff.queueing import asks, conversation, last_message, ticket
from tests.people import at, take, write_in


@pytest.fixture
def resolved(database: Database, ana: str) -> str:
    """Maya's case, answered and closed by Ana."""
    maya = asks(database, "maya")
    database.write_now(holder.claim, maya, ana, at(1))
    database.write_now(replies.say, maya, ana, "id-1", "All done.", at(2))
    database.write_now(holder.resolve, maya, ana, conversation(database, maya).epoch, None, at(3))
    return maya


def test_a_pressed_rating_is_kept_thanked_for_and_opens_no_new_case(database: Database, resolved: str) -> None:
    question = last_message(database, resolved)
    assert [button["title"] for button in question["buttons"]] == ["1", "2", "3", "4", "5"]
    write_in(database, question["buttons"][3]["id"], "m2", 10)
    assert ticket(database, resolved).rating == 4
    assert last_message(database, resolved)["text"] == "Thank you, good to hear."
    assert conversation(database, resolved).holder == "closed"
    assert database.write_now(turns.take, "gateway-1", at(11)) is None, "the bot is not asked about it"
    assert database.read_now(lambda s: ticket_view(s, ticket(database, resolved)))["rating"] == 4


def test_a_typed_digit_counts_where_buttons_are_awkward(database: Database, resolved: str) -> None:
    write_in(database, " 2 ", "m2", 10)
    assert ticket(database, resolved).rating == 2
    assert conversation(database, resolved).holder == "closed"


def test_anything_else_is_a_new_case_for_the_bot(database: Database, resolved: str) -> None:
    write_in(database, "2 more questions", "m2", 10)
    assert conversation(database, resolved).holder == "bot"
    assert ticket(database, resolved).rating is None


def test_a_digit_after_the_rating_is_a_message_again(database: Database, resolved: str) -> None:
    write_in(database, "5", "m2", 10)
    write_in(database, "2", "m3", 20)
    assert ticket(database, resolved).rating == 5
    assert take(database, 21).text == "2"


def test_a_rating_pressed_in_the_next_case_belongs_to_the_old_one(database: Database, resolved: str) -> None:
    question = last_message(database, resolved)
    write_in(database, "hello again", "m2", 10)
    write_in(database, question["buttons"][4]["id"], "m3", 11)
    assert ticket(database, resolved).rating == 5
    assert take(database, 12).text == "hello again"
    assert conversation(database, resolved).case_no == 2


def test_the_same_press_told_twice_is_thanked_for_once(database: Database, resolved: str) -> None:
    button = last_message(database, resolved)["buttons"][0]["id"]
    assert not write_in(database, button, "m2", 10).duplicate
    assert write_in(database, button, "m2", 11).duplicate
    thanks = select(func.count()).select_from(Message).where(Message.text.startswith("Thank you"))
    assert database.read_now(lambda s: s.scalar(thanks)) == 1


def test_nobody_is_asked_who_was_never_answered(database: Database, ana: str) -> None:
    maya = asks(database, "maya")
    database.write_now(holder.claim, maya, ana, at(1))
    database.write_now(holder.resolve, maya, ana, conversation(database, maya).epoch, None, at(3))
    assert last_message(database, maya)["buttons"] == []
    write_in(database, "5", "m2", 10)
    assert conversation(database, maya).holder == "bot"
