"""After a hand-back: asked once whether it worked, and heard whatever the answer is."""

from typing import Any

import pytest
from sqlalchemy import select

from handoff import agents, follow_ups, holder, inbox, offers, replies, turn_leases, turns
from handoff.database import Database
from handoff.desk_rules import DeskRules
from handoff.inbox import Inbound
from handoff.schema import Agent, FollowUp, Offer, Ticket
from handoff.transcript import MessageView, messages
from tests.integration.handoff.queueing import asks, conversation, last_message, ticket
from tests.people import add_agent, at, bot_says, take, write_in

DAY = 24 * 3600


def helped(database: Database, agent: str, note: str = "Sent a new lamp.") -> str:
    """Maya was helped by ``agent``, handed back, and greeted by the bot."""
    maya = asks(database, "maya")
    held = database.write_now(holder.claim, maya, agent, at(1))
    database.write_now(replies.say, maya, agent, "r1", "A new lamp is on its way.", at(2))
    database.write_now(holder.hand_back, maya, agent, held.epoch, note, at(3))
    database.write_now(turns.answer, take(database, 4), bot_says("Anything else?"), at(4))
    return maya


def ask(database: Database, seconds: float = DAY + 3) -> list[str | None]:
    """What the clock does."""
    due = database.read_now(follow_ups.due, at(seconds))
    return [database.write_now(follow_ups.ask, one, at(seconds)) for one in due]


def says(database: Database, words: str, seconds: float, intent: str | None = None) -> None:
    """Maya writes, and the bot answers if it is for the bot."""
    write_in(database, words, f"m{seconds}", seconds)
    turn = database.write_now(turn_leases.take, "gateway-1", at(seconds))
    if turn is not None:
        understanding: dict[str, Any] = {"intent": {"name": intent, "confidence": 0.9}}
        database.write_now(turns.answer, turn, bot_says("Hm.", understanding=understanding), at(seconds))


def presses(database: Database, message: MessageView, title: str, seconds: float) -> None:
    button = next(button for button in message["buttons"] if button["title"] == title)
    inbound = Inbound("web", "maya", f"press-{seconds}", button["id"])
    database.write_now(inbox.accept, inbound, at(seconds))


def state(database: Database) -> str:
    return database.read_now(lambda session: session.scalars(select(FollowUp.state)).one())


def test_the_customer_is_asked_once_a_day_later(database: Database, ana: str) -> None:
    maya = helped(database, ana)
    assert ask(database, DAY) == []
    assert ask(database) == [maya]
    assert ask(database, 2 * DAY) == []
    question = last_message(database, maya)
    assert question["text"] == "Ana left this note when helping you: “Sent a new lamp.” Did that work for you?"
    assert [button["title"] for button in question["buttons"]] == ["Yes, it worked", "No, it didn't"]


def test_yes_thanks_and_closes(database: Database, ana: str) -> None:
    maya = helped(database, ana)
    ask(database)
    presses(database, last_message(database, maya), "Yes, it worked", DAY + 10)
    assert last_message(database, maya)["text"] == "Good to hear, thank you. Write here any time."
    closed = conversation(database, maya)
    assert (closed.holder, closed.case_no, state(database)) == ("closed", 1, "worked")


@pytest.mark.parametrize("words", ["no", "No, it still flickers", "not really", "It didn’t work."])
def test_no_reopens_to_the_same_agent_when_they_are_there(database: Database, ana: str, ben: str, words: str) -> None:
    maya = helped(database, ana)
    ask(database)
    says(database, words, DAY + 10)
    assert conversation(database, maya).holder == "queue"
    again = ticket(database, maya)
    assert (again.reason, again.priority, state(database)) == ("not_worked", 1, "failed")
    assert "Ana handed back with “Sent a new lamp.”" in again.evidence[0]["text"]
    offered = database.read_now(lambda s: s.scalars(select(Offer.agent_id).where(Offer.state == "open")).all())
    assert offered == [ana]
    assert database.write_now(offers.make, at(DAY + 11)) is None, "it is held out already"
    said = [m["text"] for m in database.read_now(messages, maya)][-2:]
    assert said[0].endswith("Ana, who helped you, is asked first.")
    assert said[1].startswith("I've asked for a person. You're next in line")


@pytest.mark.parametrize(
    "words", ["no, it didn't work", "no it didnt", "still broken", "no, still wrong size", "It’s still not working!"]
)
def test_who_says_right_after_the_hand_back_that_it_did_not_work_is_back_with_the_same_agent(
    database: Database, ana: str, ben: str, words: str
) -> None:
    maya = helped(database, ana)
    says(database, words, 10)
    assert (conversation(database, maya).holder, state(database)) == ("queue", "failed")
    again = ticket(database, maya)
    text = "Ana handed back with “Sent a new lamp.”; the customer says at once that it did not work."
    assert (again.reason, again.evidence[0]["text"]) == ("not_worked", text)
    offered = database.read_now(lambda s: s.scalars(select(Offer.agent_id).where(Offer.state == "open")).all())
    assert offered == [ana]


@pytest.mark.parametrize(
    "words",
    [
        *("no", "No thanks", "not really", "no, that's all", "not yet", "yes", "yes, I still want to return a shirt"),
        *("no it doesn't matter", "it's not a problem, thanks"),
    ],
)
def test_other_words_right_after_the_hand_back_are_for_the_bot(database: Database, ana: str, words: str) -> None:
    maya = helped(database, ana)
    says(database, words, 10, "deny")
    assert last_message(database, maya)["text"] == "Hm."
    assert (conversation(database, maya).holder, state(database)) == ("bot", "waiting")


def test_it_did_not_work_later_in_the_talk_is_for_the_bot(database: Database, ana: str) -> None:
    maya = helped(database, ana)
    says(database, "how do I return a shirt", 10, "return_item")
    says(database, "it didn't work", 20)
    assert (conversation(database, maya).holder, last_message(database, maya)["text"]) == ("bot", "Hm.")


def test_no_goes_to_the_queue_when_the_agent_is_away(database: Database, ana: str) -> None:
    maya = helped(database, ana)
    ask(database)
    database.write_now(agents.set_present, ana, False, at(DAY + 5))
    presses(database, last_message(database, maya), "No, it didn't", DAY + 10)
    assert conversation(database, maya).holder == "queue"
    assert database.read_now(lambda s: s.scalars(select(Offer)).all()) == []
    assert not [m for m in database.read_now(messages, maya) if "is asked first" in m["text"]]


def test_a_state_that_nothing_is_in_any_more_counts_as_none(database: Database, ana: str) -> None:
    none = {"waiting": 0, "asked": 0, "worked": 0, "failed": 0, "dropped": 0}
    assert database.read_now(follow_ups.states) == none
    helped(database, ana)
    assert database.read_now(follow_ups.states) == none | {"waiting": 1}
    ask(database)
    assert database.read_now(follow_ups.states) == none | {"asked": 1}


@pytest.mark.parametrize("busy_with", ["a customer", "an offer"])
def test_an_agent_whose_hands_are_full_is_not_promised_first(database: Database, ana: str, busy_with: str) -> None:
    maya = helped(database, ana)
    ask(database)
    database.write_now(lambda s: setattr(s.get_one(Agent, ana), "capacity", 1))
    omar = asks(database, "omar", DAY + 1)
    if busy_with == "a customer":
        database.write_now(holder.claim, omar, ana, at(DAY + 2))
    else:
        assert database.write_now(offers.make, at(DAY + 2)) is not None
    says(database, "no", DAY + 10)
    assert conversation(database, maya).holder == "queue"
    offered = select(Ticket.conversation_id).join(Offer).where(Offer.state == "open")
    assert maya not in database.read_now(lambda s: s.scalars(offered).all())
    assert not [m for m in database.read_now(messages, maya) if "is asked first" in m["text"]]


def test_whoever_changes_their_mind_is_heard(database: Database, ana: str) -> None:
    maya = helped(database, ana)
    ask(database)
    question = last_message(database, maya)
    presses(database, question, "Yes, it worked", DAY + 10)
    presses(database, question, "No, it didn't", DAY + 20)
    assert conversation(database, maya).holder == "queue"
    presses(database, question, "No, it didn't", DAY + 30)
    assert last_message(database, maya)["text"] == "I have that already, thank you."


@pytest.mark.parametrize("intent", ["thank", "goodbye", "affirm"])
def test_small_talk_does_not_keep_from_asking(database: Database, ana: str, intent: str) -> None:
    maya = helped(database, ana)
    says(database, "thanks a lot", 10, intent)
    assert ask(database) == [maya]


def test_nobody_is_asked_who_came_back_with_something_else(database: Database, ana: str) -> None:
    helped(database, ana)
    says(database, "where is my other order", 10, "track_order")
    assert ask(database) == [None]
    assert state(database) == "dropped"


def test_nobody_is_asked_who_waits_for_a_person_again(database: Database, ana: str) -> None:
    helped(database, ana)
    asks(database, "maya", 10)
    assert ask(database) == [None]


def test_nobody_is_asked_at_a_desk_that_does_not_ask(database_url: str) -> None:
    never = Database(database_url, rules=DeskRules(ask_after=None))
    ana = never.write_now(add_agent, "Ana")
    helped(never, ana)
    assert ask(never, 30 * DAY) == []
    never.close()


def test_something_else_after_the_question_goes_to_the_bot(database: Database, ana: str) -> None:
    maya = helped(database, ana)
    ask(database)
    says(database, "how do I return a shirt", DAY + 10, "return_item")
    assert last_message(database, maya)["text"] == "Hm."
    says(database, "no", DAY + 20, "deny")
    assert last_message(database, maya)["text"] == "Hm.", "this no answers the bot"
    assert (conversation(database, maya).holder, state(database)) == ("bot", "asked")


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("Yes!", True),
        ("yes, thanks", True),
        ("it works", True),
        ("NO", False),
        ("no. it came broken again", False),
        ("no thanks", None),
        ("yes but where is the shade", None),
        ("number 4", None),
        ("nothing arrived", None),
    ],
)
def test_what_counts_as_yes_and_no(words: str, meant: bool | None) -> None:
    assert follow_ups.yes_or_no(words) is meant
