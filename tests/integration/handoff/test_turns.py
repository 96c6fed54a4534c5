"""Turns: in order, one at a time, each finished once, whoever dies meanwhile."""

import pytest
from sqlalchemy import delete

from handoff import holder, turn_leases, turns
from handoff.conversations import locked
from handoff.database import Database
from handoff.desk_rules import DeskRules
from handoff.schema import Conversation, InboxItem
from handoff.transcript import messages
from handoff.turn_leases import LEASE
from tests.people import at, bot_says, take, write_in


def texts(database: Database, conversation_id: str) -> list[str]:
    return [m["text"] for m in database.read_now(messages, conversation_id) if m["state"] != "cancelled"]


def test_messages_are_answered_in_the_order_they_came(database: Database) -> None:
    for n in range(3):
        write_in(database, f"question {n}", f"m{n}", seconds=n)
    for n in range(3):
        turn = take(database, seconds=10 + n)
        assert turn.text == f"question {n}"
        assert database.write_now(turns.answer, turn, bot_says(f"answer {n}"), at(10 + n))
    assert database.write_now(turn_leases.take, "gateway-1", at(20)) is None


def test_one_turn_of_a_conversation_is_in_flight_at_a_time(database: Database) -> None:
    write_in(database, "one", "m1")
    write_in(database, "two", "m2")
    take(database)
    assert database.write_now(turn_leases.take, "gateway-2", at(1)) is None


def test_other_conversations_do_not_wait(database: Database) -> None:
    write_in(database, "one", "m1", address="maya")
    write_in(database, "two", "x1", address="omar")
    assert {take(database).text, take(database).text} == {"one", "two"}


def test_the_turn_of_a_dead_gateway_is_taken_by_another_and_finished_once(database: Database) -> None:
    write_in(database, "hello", "m1")
    lost = take(database, owner="gateway-1")
    later = LEASE.total_seconds() + 1
    found = take(database, seconds=later, owner="gateway-2")
    assert found.message_id == lost.message_id
    assert database.write_now(turns.answer, found, bot_says("hi"), at(later))
    assert not database.write_now(turns.answer, lost, bot_says("hi"), at(later + 1))
    assert texts(database, found.conversation_id) == ["hello", "hi"]


def test_a_reply_without_words_is_not_silence(database: Database) -> None:
    write_in(database, "mumble", "m1")
    turn = take(database)
    database.write_now(turns.answer, turn, bot_says(), at(1))
    assert "talk to a person" in texts(database, turn.conversation_id)[-1]


def test_words_of_a_bot_that_was_overtaken_are_dropped(database: Database, ana: str) -> None:
    write_in(database, "hello", "m1")
    turn = take(database)
    database.write_now(holder.claim, turn.conversation_id, ana, at(1))
    assert not database.write_now(turns.answer, turn, bot_says("too late"), at(2))
    assert "too late" not in texts(database, turn.conversation_id)


def test_an_ask_does_not_wait_for_a_bot_that_is_being_retried(database: Database) -> None:
    write_in(database, "where is my order", "m1")
    turn = take(database)
    database.write_now(turns.postpone, turn, at(300), True, at(5))
    assert database.write_now(turn_leases.take, "gateway-1", at(6)) is None
    write_in(database, "let me talk to a human", "m2", seconds=7)
    turn = take(database, seconds=7)
    assert turn.asks_for_person
    assert database.write_now(turns.hand_to_queue, turn, "asked", [], "customer", at(7))
    item = database.read_now(lambda s: s.query(InboxItem).filter_by(state="waiting").all())
    assert item == []


def test_an_ask_that_comes_while_the_bot_is_asked_is_next_even_if_the_bot_fails(database: Database) -> None:
    write_in(database, "where is my order", "m1")
    turn = take(database)
    write_in(database, "human", "m2", seconds=1)
    database.write_now(turns.postpone, turn, at(300), False, at(5))
    assert take(database, seconds=5).asks_for_person


def test_an_outage_is_told_once_and_the_message_stays(database: Database) -> None:
    write_in(database, "hello", "m1")
    for n in range(3):
        turn = take(database, seconds=10 * n)
        assert turn.attempts == n
        database.write_now(turns.postpone, turn, at(10 * n + 5), True, at(10 * n + 1))
    said = texts(database, turn.conversation_id)
    assert len(said) == 2
    assert "Your message is safe" in said[1]
    turn = take(database, seconds=60)
    database.write_now(turns.answer, turn, bot_says("hi"), at(61))
    assert texts(database, turn.conversation_id)[-1] == "hi"


def test_a_second_outage_is_told_again(database: Database) -> None:
    write_in(database, "hello", "m1")
    turn = take(database)
    database.write_now(turns.postpone, turn, at(1), True, at(1))
    database.write_now(turns.answer, take(database, seconds=2), bot_says("hi"), at(2))
    write_in(database, "again", "m2", seconds=3)
    turn = take(database, seconds=3)
    database.write_now(turns.postpone, turn, at(9), True, at(8))
    assert sum("Your message is safe" in text for text in texts(database, turn.conversation_id)) == 2


def test_a_handoff_and_its_receipt_are_one_transaction(database: Database) -> None:
    write_in(database, "the kettle burnt my son", "m1")
    turn = take(database)
    reply = bot_says(handoff={"reason": "safety", "evidence": [{"kind": "safety", "text": "An injury."}]})
    assert database.write_now(turns.answer, turn, reply, at(1))
    last = database.read_now(messages, turn.conversation_id)[-1]
    assert last["handoff"] is not None
    assert (last["handoff"]["state"], last["handoff"]["reason"], last["handoff"]["position"]) == ("queued", "safety", 1)


def test_the_bots_understanding_stands_beside_the_customers_words(database: Database) -> None:
    write_in(database, "where is 10412", "m1")
    turn = take(database)
    understanding = {"intent": {"name": "track_order", "confidence": 0.9}}
    database.write_now(
        turns.answer, turn, bot_says("hi", understanding=understanding, slots={"order_number": "FD-10412"}), at(1)
    )
    assert database.read_now(messages, turn.conversation_id)[0]["understanding"] == understanding
    conversation = database.read_now(lambda s: s.get_one(Conversation, turn.conversation_id))
    assert conversation.slots == {"order_number": "FD-10412"}


def test_asking_again_while_waiting_gets_a_receipt_again(database: Database) -> None:
    write_in(database, "human", "m1")
    turn = take(database)
    database.write_now(turns.hand_to_queue, turn, "asked", [], "customer", at(1))
    for n in (2, 3):
        write_in(database, "I want a human", f"m{n}", seconds=n)
        database.write_now(turns.give_to_queue, take(database, seconds=n), at(n))
    receipts = [m for m in database.read_now(messages, turn.conversation_id) if m["handoff"]]
    assert len(receipts) == 3
    assert all(m["handoff"] and m["handoff"]["state"] == "queued" for m in receipts)


def test_never_mind_leaves_the_queue(database: Database) -> None:
    write_in(database, "human", "m1")
    turn = take(database)
    database.write_now(turns.hand_to_queue, turn, "asked", [], "customer", at(1))
    write_in(database, "never mind, found it", "m2", seconds=2)
    database.write_now(turns.give_to_queue, take(database, seconds=2), at(2))
    conversation = database.read_now(lambda s: s.get_one(Conversation, turn.conversation_id))
    assert conversation.holder == "bot"


def test_an_outage_that_lasts_beyond_a_visit_to_a_person_is_told_again(database: Database, ana: str) -> None:
    write_in(database, "hello", "m1")
    turn = take(database)
    database.write_now(turns.postpone, turn, at(1), True, at(1))
    conversation = database.write_now(holder.claim, turn.conversation_id, ana, at(2))
    database.write_now(holder.resolve, conversation.id, ana, conversation.epoch, None, at(3))
    write_in(database, "one more thing", "m2", seconds=4)
    database.write_now(turns.postpone, take(database, seconds=4), at(9), True, at(9))
    assert sum("Your message is safe" in text for text in texts(database, turn.conversation_id)) == 2


def test_a_conversation_whose_messages_are_gone_holds_up_nobody(database: Database) -> None:
    erased = write_in(database, "forget me", "m1", address="omar")
    database.write_now(lambda session: session.execute(delete(InboxItem)))
    write_in(database, "hello", "m2", seconds=1)
    assert take(database, seconds=2).text == "hello"
    row = database.read_now(lambda session: session.get_one(Conversation, erased.conversation_id))
    assert row.turn_due is None


def test_a_gateway_that_lost_its_lease_does_not_end_that_of_the_next(database: Database) -> None:
    write_in(database, "hello", "m1")
    lost = take(database, owner="gateway-1")
    later = LEASE.total_seconds() + 1
    take(database, seconds=later, owner="gateway-2")
    database.write_now(turns.postpone, lost, at(later), False, at(later))
    assert database.write_now(turn_leases.take, "gateway-3", at(later + 1)) is None


def test_a_turn_counts_no_more_when_the_conversation_has_changed_hands(database: Database) -> None:
    write_in(database, "human", "m1")
    turn = take(database)
    database.write_now(turns.hand_to_queue, turn, "asked", [], "customer", at(1))
    write_in(database, "it is about my lamp", "m2", seconds=2)
    waiting = take(database, seconds=2)
    database.write_now(lambda session: holder.withdraw(session, locked(session, turn.conversation_id), at(3)))
    assert not database.write_now(turns.give_to_queue, waiting, at(4))
    assert take(database, seconds=5).holder == "bot"


@pytest.mark.parametrize(
    ("another_way", "instead"),
    [("call +1 503 555 0142", "If it can't wait, call +1 503 555 0142."), (None, "You don't need to write it again.")],
)
def test_an_ask_that_cannot_be_written_down_is_told_once_though_the_bot_was_away_before(
    database_url: str, another_way: str | None, instead: str
) -> None:
    database = Database(database_url, rules=DeskRules(another_way=another_way))
    write_in(database, "where is my order", "m1")
    database.write_now(turns.postpone, take(database), at(1), False, at(1))
    write_in(database, "a person please", "m2", seconds=2)
    for seconds in (2, 4):
        turn = take(database, seconds)
        database.write_now(turns.tell_failed, turn, at(seconds + 1), at(seconds))
    assert [text for text in texts(database, turn.conversation_id) if "person just now" in text] == [
        f"I couldn't get your request to a person just now, and I'm trying again. {instead}"
    ]
    database.close()


def test_a_later_ask_that_cannot_be_written_down_is_told_again(database: Database) -> None:
    for seconds in (0, 10):
        write_in(database, "a person please", f"m{seconds}", seconds)
        database.write_now(turns.tell_failed, take(database, seconds), at(seconds + 1), at(seconds))
        turn = take(database, seconds + 1)
        database.write_now(turns.hand_to_queue, turn, "asked", [], "customer", at(seconds + 1))
        database.write_now(lambda s, c: holder.withdraw(s, locked(s, c), at(9)), turn.conversation_id)
    assert sum("person just now" in text for text in texts(database, turn.conversation_id)) == 2
