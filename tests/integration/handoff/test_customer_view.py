"""What the customer's page is told together with what was written, in one transaction."""

from handoff import customer_view, holder, outbox
from handoff.database import Database
from handoff.inbox import Inbound
from handoff.transcript import messages
from tests.people import at, bot_says, take, write_in


def accept(database: Database, text: str, key: str, seconds: float) -> bool:
    """Whether it only waits for the bot."""
    inbound = Inbound(channel="web", address="maya", dedupe_key=key, text=text, client_id=key)
    return database.write_now(customer_view.accept, inbound, at(seconds))[1]


def test_an_answer_leaves_with_its_commit_for_pages_that_are_open(database: Database, ana: str) -> None:
    conversation_id = write_in(database, "hello", "m1").conversation_id
    kept, news = database.write_now(customer_view.answer, take(database), bot_says("Hello."), 1, at(1))
    assert kept
    assert news is not None
    assert [message["text"] for message in news.messages] == ["Hello."]
    assert (news.after, news.state["last_seq"], news.state["seen_seq"]) == (1, 2, 1)
    database.write_now(holder.claim, conversation_id, ana, at(2))
    shown = database.read_now(outbox.shown, conversation_id, 0)
    assert [message["text"] for message in shown][:2] == ["hello", "Hello."]


def test_an_answer_that_no_page_follows_can_still_be_taken_back(database: Database, ana: str) -> None:
    conversation_id = write_in(database, "hello", "m1").conversation_id
    kept, news = database.write_now(customer_view.answer, take(database), bot_says("Hello."), None, at(1))
    assert (kept, news) == (True, None)
    database.write_now(holder.claim, conversation_id, ana, at(2))
    assert [message["state"] for message in database.read_now(messages, conversation_id)][1] == "cancelled"


def test_an_answer_that_came_too_late_is_no_news(database: Database, ana: str) -> None:
    conversation_id = write_in(database, "hello", "m1").conversation_id
    turn = take(database)
    database.write_now(holder.claim, conversation_id, ana, at(1))
    kept, news = database.write_now(customer_view.answer, turn, bot_says("Hello."), 1, at(2))
    assert not kept
    assert news is not None
    assert news.state["holder"] == "agent"
    assert "Hello." not in [message["text"] for message in news.messages]


def test_a_message_for_the_bot_is_told_from_one_that_changes_more(database: Database, ana: str) -> None:
    assert accept(database, "hello", "m1", 0)
    assert not accept(database, "hello", "m1", 1)
    assert accept(database, "are you there", "m2", 2)
    conversation_id = take(database, 2).conversation_id
    database.write_now(holder.claim, conversation_id, ana, at(3))
    assert not accept(database, "hello Ana", "m3", 4)


def test_a_page_is_brought_to_its_place_in_one_look(database: Database) -> None:
    assert database.read_now(customer_view.opened, "web", "maya", None, at(0)) is None
    conversation_id = write_in(database, "hello", "m1").conversation_id
    database.write_now(customer_view.answer, take(database), bot_says("Hello.", "Anything else?"), 1, at(1))
    behind = database.read_now(customer_view.opened, "web", "maya", 1, at(2))
    boastful = database.read_now(customer_view.opened, "web", "maya", 99, at(2))
    old_client = database.read_now(customer_view.opened, "web", "maya", None, at(2))
    assert behind is not None
    assert boastful is not None
    assert old_client is not None
    assert (behind.conversation_id, behind.state["last_seq"]) == (conversation_id, 3)
    assert (behind.after, boastful.after, old_client.after) == (1, 3, 1)
