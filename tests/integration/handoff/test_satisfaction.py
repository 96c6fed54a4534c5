"""How did we do? Asked once a case, answered by a button or a digit, and never mistaken for a new case."""

import pytest
from sqlalchemy import func, select

from handoff import commands, holder, replies, turn_leases
from handoff.database import Database
from handoff.inbox import Inbound
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
    assert database.write_now(turn_leases.take, "gateway-1", at(11)) is None, "the bot is not asked about it"
    assert database.read_now(lambda s: ticket_view(s, ticket(database, resolved)))["rating"] == 4


def wants_to_comment(database: Database, conversation_id: str) -> None:
    write_in(database, "2", "rating", 10)
    write_in(database, last_message(database, conversation_id)["buttons"][0]["id"], "wants", 11)


def test_a_comment_is_kept_with_the_rating_and_opens_no_new_case(database: Database, resolved: str) -> None:
    write_in(database, "4", "rating", 10)
    [add] = last_message(database, resolved)["buttons"]
    assert add["title"] == "Add a comment"
    write_in(database, add["id"], "wants", 11)
    assert last_message(database, resolved)["text"].startswith("What should we know?")
    write_in(database, "Ana was quick, the courier was not. Why?", "comment", 12)
    assert last_message(database, resolved)["text"].startswith("Thank you, that's with your rating now.")
    view = database.read_now(lambda s: ticket_view(s, ticket(database, resolved)))
    assert (view["rating"], view["comment"]) == (4, "Ana was quick, the courier was not. Why?")
    assert conversation(database, resolved).holder == "closed"
    assert database.write_now(turn_leases.take, "gateway-1", at(13)) is None, "the bot is not asked about it"
    write_in(database, "where is my order", "m9", 14)
    assert take(database, 15).text == "where is my order"


def test_a_comment_that_was_meant_as_a_question_is_asked(database: Database, resolved: str) -> None:
    wants_to_comment(database, resolved)
    write_in(database, "and where is my refund", "comment", 12)
    [a_question] = last_message(database, resolved)["buttons"]
    write_in(database, a_question["id"], "press", 13)
    asked = take(database, 14)
    assert (asked.text, asked.payload, asked.case_no) == ("and where is my refund", None, 2)
    assert ticket(database, resolved).comment is None
    write_in(database, a_question["id"], "press-again", 15)
    assert last_message(database, resolved)["text"] == "I have that already, thank you."


def test_a_comment_is_not_asked_for_twice_and_can_be_left(database: Database, resolved: str) -> None:
    wants_to_comment(database, resolved)
    [leave_it] = last_message(database, resolved)["buttons"]
    write_in(database, leave_it["id"], "leave", 12)
    write_in(database, "where is my order", "m3", 13)
    assert take(database, 14).text == "where is my order"
    assert ticket(database, resolved).comment is None


def test_words_right_after_a_low_rating_are_its_comment_without_the_button(database: Database, resolved: str) -> None:
    write_in(database, "1", "rating", 10)
    write_in(database, "Two days for one answer, and Ana never said why.", "comment", 40)
    assert ticket(database, resolved).comment == "Two days for one answer, and Ana never said why."
    assert conversation(database, resolved).holder == "closed"
    assert database.write_now(turn_leases.take, "gateway-1", at(41)) is None, "the bot is not asked about it"
    [a_question] = last_message(database, resolved)["buttons"]
    write_in(database, a_question["id"], "press", 42)
    assert take(database, 43).text == "Two days for one answer, and Ana never said why."


GRAVE = [
    "I burned my hand on it and I'm bleeding",
    "The lamp you sent caught fire and my son is hurt",
    "I will sue you",
    "My lawyer will be in touch",
    "I don't want to live any more",
]


@pytest.mark.parametrize("words", GRAVE)
def test_danger_and_the_law_are_never_a_comment_even_where_one_is_awaited(
    database: Database, resolved: str, words: str
) -> None:
    wants_to_comment(database, resolved)
    write_in(database, words, "m3", 12)
    assert take(database, 12).text == words
    assert ticket(database, resolved).comment is None


@pytest.mark.parametrize("words", ["My son is hurt", "get me a person"])
def test_nor_is_what_is_written_next(database: Database, resolved: str, words: str) -> None:
    wants_to_comment(database, resolved)
    write_in(database, words, "m3", 12)
    write_in(database, "We are at home.", "m4", 13)
    assert ticket(database, resolved).comment is None
    assert conversation(database, resolved).holder == "bot"


@pytest.mark.parametrize(
    ("stars", "words", "seconds"),
    [
        ("1", "where is my order", 40),
        ("1", "I want to return the lamp", 40),
        ("2", "it took ages, can you track 10412", 40),
        ("3", "thank you anyway", 40),
        ("1", "get me a person", 40),
        ("5", "all of it went well", 40),
        ("1", "it took ages to get an answer", 40 + 601),
        *(("1", words, 40) for words in GRAVE),
        ("1", "Someone used my card on your site", 40),
        ("1", "My order never arrived", 40),
    ],
)
def test_something_new_after_a_rating_is_for_the_bot(
    database: Database, resolved: str, stars: str, words: str, seconds: float
) -> None:
    write_in(database, stars, "rating", 10)
    write_in(database, words, "m3", seconds)
    assert take(database, seconds).text == words
    assert ticket(database, resolved).comment is None


def test_only_the_first_words_after_a_low_rating_are_its_comment(database: Database, resolved: str) -> None:
    write_in(database, "1", "rating", 10)
    write_in(database, "It took ages.", "comment", 20)
    write_in(database, "The lamp still flickers.", "m4", 30)
    assert ticket(database, resolved).comment == "It took ages."
    assert take(database, 31).text == "The lamp still flickers."


@pytest.mark.parametrize(("words", "seconds"), [("get me a person", 12), ("where is my order", 12 + 3601)])
def test_an_ask_for_a_person_or_words_much_later_are_no_comment(
    database: Database, resolved: str, words: str, seconds: float
) -> None:
    wants_to_comment(database, resolved)
    write_in(database, words, "m3", seconds)
    assert take(database, seconds).text == words


@pytest.mark.parametrize("command", ["/help", "/language", "/start"])
def test_a_command_is_no_comment_and_opens_no_new_case(database: Database, resolved: str, command: str) -> None:
    wants_to_comment(database, resolved)
    typed = Inbound(channel="web", address="maya", dedupe_key="m3", text=command)
    database.write_now(commands.accept, typed, at(12))
    assert "that's with your rating now" not in last_message(database, resolved)["text"]
    assert ticket(database, resolved).comment is None
    assert conversation(database, resolved).holder == "closed"
    write_in(database, "Ana was quick.", "comment", 13)
    assert ticket(database, resolved).comment == "Ana was quick."


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
