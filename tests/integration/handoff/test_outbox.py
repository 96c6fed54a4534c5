"""Delivery: in order, marked before it leaves, never forgotten."""

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from handoff import addresses, conversations, outbox, turns
from handoff.database import Database
from handoff.outbox import SENDING_LEASE, Delivery, Work
from handoff.schema import OutboxItem
from tests.people import at, bot_says, take, write_in


@pytest.fixture
def maya(database: Database) -> str:
    """Maya has asked, and the bot has answered in two parts."""
    accepted = write_in(database, "hello", "m1")
    database.write_now(turns.answer, take(database), bot_says("first", "second"), at(1))
    return accepted.conversation_id


def next_delivery(database: Database, seconds: float) -> Delivery | None:
    return database.write_now(outbox.take, ["web"], at(seconds))


def test_a_reply_never_overtakes_the_one_before_it(database: Database, maya: str) -> None:
    first = next_delivery(database, 2)
    assert first is not None
    assert first.message["text"] == "first"
    assert next_delivery(database, 2) is None
    database.write_now(outbox.retry, first.id, at(60), "429", False)
    assert next_delivery(database, 3) is None
    again = next_delivery(database, 61)
    assert again is not None
    database.write_now(outbox.sent, again.id, "provider-1", at(62))
    second = next_delivery(database, 63)
    assert second is not None
    assert second.message["text"] == "second"


def test_a_dead_letter_does_not_stop_what_follows(database: Database, maya: str) -> None:
    first = next_delivery(database, 2)
    assert first is not None
    database.write_now(outbox.bury, first.id, "the customer has blocked us")
    second = next_delivery(database, 3)
    assert second is not None
    assert second.message["text"] == "second"
    assert database.read_now(outbox.backlog)["dead"] == 1


def test_a_send_that_never_reported_back_is_tried_again_and_flagged(database: Database, maya: str) -> None:
    assert next_delivery(database, 2) is not None
    assert database.write_now(outbox.recover, ["web"], at(10)) == 0
    later = 3 + SENDING_LEASE.total_seconds()
    assert database.write_now(outbox.recover, ["web"], at(later)) == 1
    again = next_delivery(database, later)
    assert again is not None
    assert again.ambiguous
    assert again.attempts == 2


def test_one_look_says_what_there_is_to_do(database: Database, maya: str) -> None:
    def work(channel: str, seconds: float) -> Work:
        return database.read_now(outbox.work, [channel], at(seconds))

    assert work("telegram", 2) == Work(lost=False, replies=False, edits=False), "Maya's replies are the web's"
    assert work("web", 2) == Work(lost=False, replies=True, edits=False)
    first = next_delivery(database, 2)
    assert first is not None
    assert work("web", 3 + SENDING_LEASE.total_seconds()) == Work(lost=True, replies=True, edits=False)
    database.write_now(outbox.sent, first.id, "provider-1", at(3))
    database.write_now(lambda s: s.execute(update(OutboxItem).values(edit_due=at(5), state="sent")))
    assert work("web", 4) == Work(lost=False, replies=False, edits=False)
    assert work("web", 5) == Work(lost=False, replies=False, edits=True)


def test_the_feed_gives_everything_after_ones_place(database: Database, maya: str) -> None:
    everything = database.write_now(outbox.feed, maya, 0, at(2))
    assert [m["text"] for m in everything] == ["hello", "first", "second"]
    assert [m["text"] for m in database.write_now(outbox.feed, maya, everything[1]["seq"], at(3))] == ["second"]


def test_what_no_client_has_had_is_where_one_without_a_place_resumes(database: Database, maya: str) -> None:
    feed = database.write_now(outbox.feed, maya, 0, at(2))
    assert database.read_now(outbox.first_unsent, maya) == feed[1]["seq"]
    database.write_now(outbox.all_shown, {maya: feed[-1]["seq"]}, at(3))
    assert database.read_now(outbox.first_unsent, maya) is None


def write_on_telegram(database: Database, conversation_id: str) -> None:
    """Maya goes on in Telegram, which she had joined, and her answer is on its way there."""

    def write(session: Session) -> None:
        addresses.written_from(session, conversations.locked(session, conversation_id), "telegram", "4711", at(2))

    database.write_now(write)


def write_on_the_page(database: Database, conversation_id: str) -> None:
    def write(session: Session) -> None:
        addresses.written_from(session, conversations.locked(session, conversation_id), "web", "maya", at(4))

    database.write_now(write)


@pytest.mark.parametrize("how", ["retry", "wait", "recover"])
def test_a_failed_send_goes_to_where_the_customer_writes_from_by_now(database: Database, maya: str, how: str) -> None:
    write_on_telegram(database, maya)
    first = database.write_now(outbox.take, ["telegram"], at(3))
    assert first is not None
    write_on_the_page(database, maya)
    match how:
        case "retry":
            database.write_now(outbox.retry, first.id, at(60), "502", True, 1)
        case "wait":
            database.write_now(outbox.wait, first.id, at(60), "429", 1)
        case "recover":
            assert database.write_now(outbox.recover, ["telegram"], at(4 + SENDING_LEASE.total_seconds())) == 1
    assert database.write_now(outbox.take, ["telegram"], at(100)) is None
    again = database.write_now(outbox.take, ["web"], at(100))
    assert again is not None
    assert (again.id, again.parts_sent) == (first.id, 0)
    assert [m["text"] for m in database.write_now(outbox.feed, maya, 0, at(100))] == ["hello", "first", "second"]
