"""Waiting for a person: the bot still answers, the rest is kept, and whoever waits is told where they stand."""

import pytest

from handoff import customer_view, holder, live_receipts, outbox, turns
from handoff.bot_reply import BotPart, BotReply
from handoff.database import Database
from handoff.outbound import Choice
from handoff.schema import Ticket
from handoff.transcript import messages
from tests.integration.handoff.queueing import (
    asks,
    conversation,
    heard_after,
    is_kept,
    last_message,
    replies,
    ticket,
    understood,
)
from tests.people import at, bot_says, take, write_in

PERSON = Choice("Talk to a person", "/talk_to_human")
STILL_WANTED = "Do you still want a person? Your place is kept until you say."
NO_ADDRESS = "That doesn't look like an e-mail address. Please send it again, as in name@example.com."


def test_a_question_is_answered_and_the_place_kept(database: Database, ana: str) -> None:
    asks(database, "omar", -60)
    maya = asks(database, "maya")
    answer = bot_says("Three to five days.", understanding=understood("faq", "faq/delivery_time"))
    heard = replies(database, "how long does delivery take", answer, 10)
    assert heard == ["Three to five days.", "Your place in the queue is kept. You're 2nd in line."]
    assert conversation(database, maya).holder == "queue"
    assert database.read_now(messages, maya)[-3]["understanding"] == answer.understanding
    assert replies(database, "and abroad", bot_says("Ten days."), 20) == ["Ten days."]
    assert len(replies(database, "and to Peru", bot_says("Twelve days."), 400)) == 2


def test_the_bot_offers_no_person_to_somebody_who_waits_for_one(database: Database) -> None:
    asks(database, "maya")
    offer = BotReply([BotPart("A person?", [PERSON, Choice("No", "/deny")])], understood("track_order"))
    assert replies(database, "where is it", offer, 10)[0].startswith("I've written that down for the person")
    faq = BotReply([BotPart("We can't delete it here.", [PERSON])], understood("faq", "faq/delete_account"))
    assert replies(database, "delete my account", faq, 20)[0] == "We can't delete it here."
    [answer] = [m for m in database.read_now(messages, ticket_conversation(database)) if "delete it here" in m["text"]]
    assert answer["buttons"] == []


def ticket_conversation(database: Database) -> str:
    found = database.read_now(customer_view.find, "web", "maya")
    assert found is not None
    return found


@pytest.mark.parametrize("intent", ["nlu_fallback", "out_of_scope", "complaint"])
def test_what_the_bot_cannot_answer_is_written_down_and_said_so(database: Database, intent: str) -> None:
    maya = asks(database, "maya")
    heard = replies(database, "the zip broke", bot_says("Pardon?", understanding=understood(intent)), 10)
    assert len(heard) == 1
    assert heard[0].startswith("I've written that down for the person who takes over.")
    assert [choice["title"] for choice in last_message(database, maya)["buttons"]] == [
        "E-mail me instead",
        "Leave the queue",
    ]


def test_writing_on_is_acknowledged_without_a_line_each_time(database: Database, ana: str) -> None:
    maya = asks(database, "maya")
    assert len(is_kept(database, "it's the blue one", 10)) == 1
    assert is_kept(database, "with the long sleeves", 20) == []
    state = database.read_now(customer_view.state, maya, at(20))
    assert state["seen_seq"] == conversation(database, maya).last_seq, "it is marked as read"
    assert state["handoff"] is not None
    assert state["handoff"]["kept"] == 2
    assert len(is_kept(database, "hello", 10 + 301)) == 1


def test_the_receipt_of_a_pushed_channel_counts_what_is_kept(database: Database, ana: str) -> None:
    maya = asks(database, "maya")
    is_kept(database, "it's the blue one", 10)
    is_kept(database, "with the long sleeves", 20)
    deliver_everything(database, maya)
    assert database.read_now(live_receipts.stale, ["web"], at(30)) == [maya]
    assert database.write_now(live_receipts.rewrite, maya, at(30))
    [receipt] = [text for text in heard_after(database, maya, 0) if "I've asked for a person" in text][1:]
    assert receipt.endswith("What you've written since is with it: 2 messages.")
    assert database.read_now(live_receipts.stale, ["web"], at(30)) == []


def deliver_everything(database: Database, conversation_id: str) -> None:
    database.write_now(customer_view.news, conversation_id, 0, at(25))
    from_now = conversation(database, conversation_id).last_seq
    database.write_now(outbox.all_shown, {conversation_id: from_now}, at(25))


def test_a_bot_that_is_away_is_told_once(database: Database) -> None:
    asks(database, "maya")
    assert is_kept(database, "where is my order", 10, bot_away=True)[0].startswith("Fern can't answer just now")
    assert is_kept(database, "hello?", 20, bot_away=True) == []


def test_a_question_that_the_bot_was_not_there_for_is_answered_later(database: Database) -> None:
    maya = asks(database, "maya")
    written = write_in(database, "yes, cancel it", "m2", 10)
    database.write_now(turns.postpone, take(database, 10), at(16), True, at(15))
    assert heard_after(database, maya, written.seq)[0].startswith("Fern can't answer just now, so I've kept that")
    turn = take(database, 16)
    assert turn.message_id == f"{maya}:{written.seq}"
    assert database.write_now(turns.answer, turn, bot_says("FD-10457 is cancelled."), at(17))
    assert "FD-10457 is cancelled." in heard_after(database, maya, written.seq)


def test_the_way_out_of_the_queue_is_not_behind_a_bot_that_is_away(database: Database) -> None:
    maya = asks(database, "maya")
    write_in(database, "where is my order", "m2", 10)
    database.write_now(turns.postpone, take(database, 10), at(16), True, at(15))
    [leave] = [one for one in last_message(database, maya)["buttons"] if one["title"] == "Leave the queue"]
    is_kept(database, leave["id"], 17)
    assert conversation(database, maya).holder == "bot"
    assert take(database, 18).text == "where is my order"


def test_a_question_is_not_answered_once_an_agent_has_claimed(database: Database, ana: str) -> None:
    maya = asks(database, "maya")
    write_in(database, "how long does delivery take", "m2", 10)
    turn = take(database, 10)
    assert turn.in_queue == "question"
    database.write_now(holder.claim, maya, ana, at(11))
    assert not database.write_now(turns.answer, turn, bot_says("Three days."), at(12))
    assert "Three days." not in heard_after(database, maya, 0)


def test_an_injury_told_in_the_queue_goes_to_the_front(database: Database) -> None:
    maya = asks(database, "maya")
    asks(database, "omar", -60)
    evidence = [{"kind": "safety", "text": "They wrote: “it burnt my hand”"}]
    is_kept(database, "it's the table lamp", 5)
    danger = BotReply([BotPart("Call 911 first.")], None, handoff={"reason": "safety", "evidence": evidence})
    heard = replies(database, "the lamp burnt my hand", danger, 10)
    assert heard[0] == "Call 911 first."
    assert heard[1].startswith("I've written that down for the person"), "also when they were told a moment ago"
    raised = ticket(database, maya)
    assert (raised.priority, raised.reason, raised.evidence[-1]) == (2, "safety", evidence[0])
    handoff = last_message(database, maya)["handoff"]
    assert handoff is not None
    assert handoff["position"] == 1


def test_an_address_instead_of_waiting_is_kept_and_told_back(database: Database, ana: str) -> None:
    maya = asks(database, "maya")
    email_me = last_message(database, maya)["buttons"][0]
    assert "Which address" in is_kept(database, email_me["id"], 10)[0]
    assert is_kept(database, "maya@example", 20) == [NO_ADDRESS]
    heard = is_kept(database, "sorry, it's maya.lindqvist@example.com", 30)
    assert heard[0].startswith("A person will answer you by e-mail, at maya.lindqvist@example.com.")
    assert ticket(database, maya).email == "maya.lindqvist@example.com"
    receipt = last_message(database, maya)
    assert [choice["title"] for choice in receipt["buttons"]] == ["Leave the queue"]
    assert receipt["handoff"] is not None
    assert (receipt["handoff"]["state"], receipt["handoff"]["position"]) == ("ticket", None)


@pytest.mark.parametrize(
    "words",
    [
        "maya@exmaple,com",
        "maya at example",
        "maya at example dot com",
        "it's maya(at)example.com",
        "my email is maya.com",
    ],
)
def test_what_was_meant_as_an_address_is_asked_for_again(database: Database, ana: str, words: str) -> None:
    maya = asks(database, "maya")
    is_kept(database, last_message(database, maya)["buttons"][0]["id"], 10)
    assert is_kept(database, words, 20) == [NO_ADDRESS]
    is_kept(database, "maya@example.com", 30)
    assert ticket(database, maya).email == "maya@example.com"


@pytest.mark.parametrize(
    "words",
    [
        "look at it",
        "look at my order",
        "do you ship to Peru",
        "what's at the outlet?",
        "the parcel is at my neighbour dot now",
    ],
)
def test_what_is_no_address_is_not_taken_for_one(database: Database, words: str) -> None:
    maya = asks(database, "maya")
    is_kept(database, last_message(database, maya)["buttons"][0]["id"], 10)
    write_in(database, words, "m2", 20)
    assert take(database, 20).in_queue == "question"


def test_a_question_between_the_button_and_the_address_is_still_a_question(database: Database) -> None:
    maya = asks(database, "maya")
    is_kept(database, last_message(database, maya)["buttons"][0]["id"], 10)
    assert replies(database, "do you ship to Peru", bot_says("We do."), 20)[0] == "We do."
    is_kept(database, "maya@example.com", 30)
    assert ticket(database, maya).email == "maya@example.com"


@pytest.mark.parametrize(
    "words",
    [
        "how long do I have to wait?",
        "How much longer",
        "hello? is anyone there",
        "any news?",
        "when is someone coming",
        "how long",
        "still waiting",
        "still waiting for someone",
        "why is this taking so long?",
    ],
)
def test_a_question_about_the_wait_is_answered_with_the_place(database: Database, ana: str, words: str) -> None:
    asks(database, "maya")
    assert is_kept(database, words, 10) == ["You're in the queue for a person. You're next in line."]


@pytest.mark.parametrize(
    "words",
    [
        "how long does delivery take",
        "how long does shipping take",
        "still waiting for my parcel",
        "where is my order",
        "when is someone coming to pick up my return",
        "how long do I have to wait for my refund",
    ],
)
def test_other_questions_are_the_bots(database: Database, words: str) -> None:
    asks(database, "maya")
    write_in(database, words, "m2", 10)
    assert take(database, 10).in_queue == "question"


@pytest.mark.parametrize("words", ["ok", "yes"])
def test_a_yes_or_ok_hears_each_time_that_the_place_is_kept(database: Database, ana: str, words: str) -> None:
    asks(database, "maya")
    replies(database, "do you ship to Peru", bot_says("We do."), 10)
    for seconds in (20, 25):
        kept = replies(database, words, bot_says(understanding=understood("affirm")), seconds)
        assert kept == ["Your place in the queue is kept. You're next in line."]
    assert len(replies(database, "hello", bot_says(understanding=understood("greet")), 30)) == 1


@pytest.mark.parametrize(
    ("words", "intent", "done"),
    [("yes", "affirm", "FD-10457 is cancelled."), ("stop", "stop", "Stopped. FD-10457 stays as it is.")],
)
def test_what_the_bot_did_is_said_whatever_the_customer_wrote(
    database: Database, words: str, intent: str, done: str
) -> None:
    asks(database, "maya")
    replies(database, "do you ship to Peru", bot_says("We do."), 10)
    assert replies(database, words, bot_says(done, understanding=understood(intent)), 20)[0] == done


def test_words_of_somebody_who_is_done_do_not_hide_an_injury(database: Database) -> None:
    maya = asks(database, "maya")
    replies(database, "do you ship to Peru", bot_says("We do."), 10)
    danger = BotReply([BotPart("Call 911 first.")], understood("stop"), handoff={"reason": "safety", "evidence": []})
    assert replies(database, "stop selling it, it burnt my hand", danger, 20)[0] == "Call 911 first."
    assert ticket(database, maya).reason == "safety"


def test_an_address_that_nobody_asked_for_goes_to_the_bot(database: Database) -> None:
    asks(database, "maya")
    write_in(database, "maya@example.com", "m2", 10)
    assert take(database, 10).in_queue == "question"


def test_danger_told_after_a_threat_with_the_law_names_the_ticket(database: Database) -> None:
    maya = asks(database, "maya", reason="legal")
    evidence = [{"kind": "harm", "text": "Injury or danger: “it burnt my hand”"}]
    danger = BotReply([BotPart("Call 911 first.")], None, handoff={"reason": "safety", "evidence": evidence})
    replies(database, "the lamp burnt my hand", danger, 10)
    assert (ticket(database, maya).reason, ticket(database, maya).evidence) == ("safety", evidence)


MENU = BotPart(
    "What would you like to do?", [Choice("Track an order", "/track_order"), Choice("Refund", "/get_refund"), PERSON]
)
CALL_FOR_HELP = "If anyone is hurt or in danger, please call your local emergency number first."


@pytest.mark.parametrize(
    ("intent", "confidence", "faq"),
    [
        ("ask_capabilities", 0.9, None),
        ("inform", 0.9, None),
        ("nlu_fallback", 0.3, None),
        ("bot_challenge", 0.9, None),
        ("faq", 0.4, "faq/warranty"),
    ],
)
def test_an_injured_customer_gets_no_menu_but_the_emergency_line(
    database: Database, intent: str, confidence: float, faq: str | None
) -> None:
    asks(database, "maya", reason="safety")
    menu = BotReply([MENU], {"intent": {"name": intent, "confidence": confidence}, "faq": faq})
    for seconds, words in ((10, "i need help now"), (20, "what do i do")):
        [heard] = replies(database, words, menu, seconds)
        assert heard.startswith("I've written that down for the person who takes over.")
        assert heard.endswith(CALL_FOR_HELP)
    assert ticket_of(database).kept == 2


def ticket_of(database: Database) -> Ticket:
    return ticket(database, ticket_conversation(database))


def test_small_talk_is_kept_for_the_person_in_a_legal_matter_too(database: Database) -> None:
    asks(database, "maya", reason="legal")
    menu = BotReply([MENU], understood("ask_capabilities"))
    for seconds in (10, 20):
        [heard] = replies(database, "what do i do", menu, seconds)
        assert heard.startswith("I've written that down")
        assert CALL_FOR_HELP not in heard


def test_a_clear_question_is_answered_beside_danger(database: Database) -> None:
    asks(database, "maya", reason="safety")
    answer = bot_says("9 to 6.", understanding=understood("faq", "faq/opening_hours"))
    assert replies(database, "when are you open", answer, 10)[0] == "9 to 6."


def test_what_the_bot_did_is_said_beside_danger(database: Database) -> None:
    asks(database, "maya", reason="safety")
    asked = bot_says("Shall I?", understanding=understood("cancel_order"), slots={"task": "cancel_order"})
    assert replies(database, "cancel it", asked, 10)[0] == "Shall I?"
    done = bot_says("FD-10457 is cancelled.", understanding=understood("affirm"))
    assert replies(database, "yes", done, 20)[0] == "FD-10457 is cancelled."
    what = bot_says("What would you like to do?", understanding=understood("affirm"))
    assert "What would you like to do?" not in replies(database, "yes", what, 30)


def test_the_emergency_line_is_not_said_twice_at_once(database: Database) -> None:
    asks(database, "maya", reason="safety")
    danger = BotReply([BotPart(CALL_FOR_HELP)], None, handoff={"reason": "safety", "evidence": []})
    heard = replies(database, "it still burns", danger, 10)
    assert " ".join(heard).count(CALL_FOR_HELP) == 1


def test_who_waits_in_danger_and_asks_for_a_person_again_hears_the_emergency_line(database: Database) -> None:
    asks(database, "maya", reason="safety")
    [heard] = is_kept(database, "hello? is anyone there", 10)
    assert heard.endswith(CALL_FOR_HELP)
