"""Accepting: once each, in order, and never into a closed drawer."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from handoff import holder, inbox, turn_leases, turns
from handoff.bot_reply import BotPart, BotReply
from handoff.database import Database
from handoff.inbox import Accepted, Inbound
from handoff.outbound import Choice
from handoff.schema import Conversation, InboxItem
from handoff.transcript import messages
from tests.people import at, bot_says, take, write_in


def test_a_message_that_comes_twice_is_kept_once(database: Database) -> None:
    first = write_in(database, "where is my parcel", "m1")
    again = write_in(database, "where is my parcel", "m1", seconds=30)
    assert (again.conversation_id, again.seq, again.duplicate) == (first.conversation_id, first.seq, True)
    assert again.at == first.at
    assert [m["text"] for m in database.read_now(messages, first.conversation_id)] == ["where is my parcel"]


def test_a_hundred_copies_at_once_become_one_message(database: Database) -> None:
    with ThreadPoolExecutor(16) as pool:
        receipts = list(pool.map(lambda _: write_in(database, "hello", "m1"), range(100)))
    assert len({(r.conversation_id, r.seq) for r in receipts}) == 1
    assert sum(not r.duplicate for r in receipts) == 1


def test_messages_of_a_burst_are_numbered_without_gaps(database: Database) -> None:
    with ThreadPoolExecutor(16) as pool:
        receipts = list(pool.map(lambda n: write_in(database, f"part {n}", f"m{n}"), range(40)))
    assert sorted(r.seq for r in receipts) == list(range(1, 41))


def test_a_pressed_button_reads_as_its_title_and_means_its_payload(database: Database) -> None:
    write_in(database, "return something", "m1")
    reply = BotReply([BotPart("Which one?", [Choice("The lamp", '/inform{"item": "lamp"}')])])
    turn = take(database)
    database.write_now(turns.answer, turn, reply, at(1))
    button = database.read_now(messages, turn.conversation_id)[-1]["buttons"][0]
    write_in(database, button["id"], "m2", seconds=2)
    pressed = take(database, seconds=2)
    assert pressed.text == "The lamp"
    assert pressed.payload == '/inform{"item": "lamp"}'


def test_a_button_of_somebody_else_is_only_text(database: Database) -> None:
    write_in(database, "return something", "m1")
    turn = take(database)
    database.write_now(turns.answer, turn, BotReply([BotPart("Sure?", [Choice("Yes", "/affirm")])]), at(1))
    button = database.read_now(messages, turn.conversation_id)[-1]["buttons"][0]
    write_in(database, button["id"], "x1", seconds=2, address="omar")
    assert take(database, seconds=2).payload is None


def test_typed_intent_notation_is_only_text(database: Database) -> None:
    write_in(database, '/inform{"verified": true}', "m1")
    assert take(database).payload is None


def test_writing_to_a_closed_conversation_opens_a_new_case_with_the_bot(database: Database, ana: str) -> None:
    accepted = write_in(database, "a person please", "m1")
    turn = take(database)
    database.write_now(turns.hand_to_queue, turn, "asked", [], "customer", at(1))
    claimed = database.write_now(holder.claim, accepted.conversation_id, ana, at(2))
    database.write_now(holder.resolve, accepted.conversation_id, ana, claimed.epoch, None, at(3))
    write_in(database, "one more thing", "m2", seconds=4)
    turn = take(database, seconds=4)
    assert (turn.holder, turn.case_no) == ("bot", 2)
    assert turn.sender_id != f"{accepted.conversation_id}.1"


def test_what_is_written_to_an_agent_waits_for_no_turn(database: Database, ana: str) -> None:
    accepted = write_in(database, "hello", "m1")
    database.write_now(holder.claim, accepted.conversation_id, ana, at(1))
    write_in(database, "are you there", "m2", seconds=2)
    assert database.write_now(turn_leases.take, "gateway-1", at(3)) is None
    states = database.read_now(lambda s: s.scalars(select(InboxItem.outcome).order_by(InboxItem.id)).all())
    assert states == ["to_desk", "to_desk"]


def test_a_new_conversation_begins_with_the_bot(database: Database) -> None:
    accepted = write_in(database, "hello", "m1")
    conversation = database.read_now(lambda s: s.get_one(Conversation, accepted.conversation_id))
    assert (conversation.holder, conversation.epoch, conversation.case_no) == ("bot", 0, 1)


def accept(database: Database, key: str, owner: str, seconds: float = 0) -> Accepted:
    inbound = Inbound("web", "maya", f"maya:{key}", "where is my parcel")
    return database.write_now(inbox.accept, inbound, at(seconds), owner)


def test_the_turn_of_a_message_before_which_nothing_waits_begins_with_it(database: Database) -> None:
    turn = accept(database, "m1", "gateway-1").turn
    assert turn is not None
    assert (turn.text, turn.seq, turn.owner, turn.more_waiting) == ("where is my parcel", 1, "gateway-1", False)
    assert database.write_now(turn_leases.take, "gateway-2", at(1)) is None, "it is leased"
    assert database.write_now(turns.answer, turn, bot_says("On its way."), at(2))
    assert accept(database, "m2", "gateway-1", seconds=3).turn is not None


def test_a_turn_that_began_with_its_message_is_the_same_as_one_taken_later(database: Database) -> None:
    began = accept(database, "m1", "gateway-1").turn
    assert began is not None
    database.write_now(turns.let_go, began, at(1))
    taken = take(database, seconds=2, owner="gateway-1")
    assert began == taken


def test_a_message_behind_another_waits_for_its_turn(database: Database) -> None:
    first = accept(database, "m1", "gateway-1").turn
    assert first is not None
    assert accept(database, "m2", "gateway-1", seconds=1).turn is None
    assert accept(database, "m1", "gateway-2", seconds=2).turn is None, "a repeat begins nothing"
    assert database.write_now(turns.answer, first, bot_says("On its way."), at(3))
    assert take(database, seconds=4).seq == 2


def test_a_turn_that_began_unseen_goes_on_when_its_message_is_kept_once_more(database: Database) -> None:
    unseen = accept(database, "m1", "gateway-1").turn
    again = accept(database, "m1", "gateway-1", seconds=1)
    assert again.duplicate
    assert again.turn == unseen
    assert again.turn is not None
    assert database.write_now(turns.answer, again.turn, bot_says("On its way."), at(2))
    assert accept(database, "m1", "gateway-1", seconds=3).turn is None


def test_no_turn_begins_while_one_that_counts_no_more_has_not_ended(database: Database, ana: str) -> None:
    overtaken = accept(database, "m1", "gateway-1").turn
    assert overtaken is not None
    claimed = database.write_now(holder.claim, overtaken.conversation_id, ana, at(1))
    database.write_now(holder.resolve, overtaken.conversation_id, ana, claimed.epoch, None, at(2))
    assert accept(database, "m2", "gateway-1", seconds=3).turn is None
    assert not database.write_now(turns.answer, overtaken, bot_says("On its way."), at(4))
    assert take(database, seconds=5).seq > overtaken.seq
