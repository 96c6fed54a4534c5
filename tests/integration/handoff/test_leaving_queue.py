"""Leaving the queue: in plain words only, and never by words about something else."""

import pytest

from handoff.database import Database
from tests.integration.handoff.queueing import asks, conversation, is_kept, last_message, replies, ticket, understood
from tests.people import bot_says, take, write_in

STILL_WANTED = "Do you still want a person? Your place is kept until you say."


def test_somebody_who_thanks_for_the_answer_is_offered_to_leave(database: Database) -> None:
    maya = asks(database, "maya")
    thanks = bot_says("You're welcome.", understanding=understood("thank"))
    assert replies(database, "thanks", thanks, 10)[0] == "You're welcome.", "nothing was answered yet"
    replies(database, "how long does delivery take", bot_says("Three days."), 20)
    assert replies(database, "perfect, thanks", thanks, 30) == ["You're welcome.", STILL_WANTED]
    leave, keep = last_message(database, maya)["buttons"]
    is_kept(database, keep["id"], 40)
    assert conversation(database, maya).holder == "queue"
    is_kept(database, leave["id"], 50)
    assert conversation(database, maya).holder == "bot"


@pytest.mark.parametrize("words", ["leave", "Leave please", "I'd like to leave now, thanks", "leave the chat"])
def test_leave_and_nothing_else_leaves_the_queue(database: Database, words: str) -> None:
    maya = asks(database, "maya")
    [left] = is_kept(database, words, 10)
    assert left.startswith("All right, I've taken you out of the queue")
    assert conversation(database, maya).holder == "bot"


def test_who_asks_how_to_leave_is_shown_the_button_and_keeps_the_place(database: Database, ana: str) -> None:
    maya = asks(database, "maya")
    assert is_kept(database, "can I leave?", 10) == ["You're in the queue for a person. You're next in line."]
    assert "Leave the queue" in [choice["title"] for choice in last_message(database, maya)["buttons"]]
    assert conversation(database, maya).holder == "queue"


@pytest.mark.parametrize(
    "words",
    [
        "leave it at the door",
        "I want to leave a review",
        "I have to leave",
        "cancel order 10457",
        "cancel my order please",
        "why did you cancel it",
    ],
)
def test_who_leaves_or_cancels_something_else_is_answered_by_the_bot(database: Database, words: str) -> None:
    asks(database, "maya")
    write_in(database, words, "m2", 10)
    assert take(database, 10).in_queue == "question"


@pytest.mark.parametrize("words", ["cancel", "Cancel it please", "can you cancel it?", "quit", "exit please"])
def test_cancel_alone_is_asked_what(database: Database, words: str) -> None:
    maya = asks(database, "maya")
    [asked] = is_kept(database, words, 10)
    assert asked.startswith("What shall be cancelled?")
    assert [button["title"] for button in last_message(database, maya)["buttons"]] == [
        "Leave the queue",
        "Keep my place",
    ]
    assert ticket(database, maya).kept == 1
    is_kept(database, last_message(database, maya)["buttons"][0]["id"], 20)
    assert conversation(database, maya).holder == "bot"


@pytest.mark.parametrize("words", ["cancel", "cancel please", "exit"])
def test_cancel_to_the_question_for_an_address_means_no_address(database: Database, ana: str, words: str) -> None:
    maya = asks(database, "maya")
    is_kept(database, last_message(database, maya)["buttons"][0]["id"], 10)
    assert is_kept(database, words, 20) == ["You're in the queue for a person. You're next in line."]
    assert (ticket(database, maya).email_asked_at, ticket(database, maya).kept) == (None, 0)
    assert is_kept(database, words, 30)[0].startswith("What shall be cancelled?")


@pytest.mark.parametrize("words", ["never mind", "nothing, sorry", "no", "forget it please"])
def test_never_mind_to_what_shall_be_cancelled_keeps_the_place(database: Database, ana: str, words: str) -> None:
    maya = asks(database, "maya")
    is_kept(database, "cancel", 10)
    assert is_kept(database, words, 20) == ["You're in the queue for a person. You're next in line."]
    assert conversation(database, maya).holder == "queue"


def test_no_to_whether_a_person_is_still_wanted_leaves_the_queue(database: Database) -> None:
    maya = asks(database, "maya")
    replies(database, "do you ship to Peru", bot_says("We do."), 10)
    assert (
        replies(database, "thanks!", bot_says("A pleasure.", understanding=understood("thank")), 20)[-1] == STILL_WANTED
    )
    is_kept(database, "no, thanks", 30)
    assert conversation(database, maya).holder == "bot"


def test_no_to_nothing_in_particular_keeps_the_place(database: Database) -> None:
    maya = asks(database, "maya")
    replies(database, "do you ship to Peru", bot_says("We do."), 10)
    assert replies(database, "no", bot_says(understanding=understood("deny")), 20)
    assert conversation(database, maya).holder == "queue"
