"""Whatever the words, the hour, who is there and what breaks: an ask ends in exactly one receipt, written with what it says."""

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from handoff import figures, holder, tickets, turn_leases, turns
from handoff.conversations import locked
from handoff.database import Database
from handoff.explicit_ask import asks_for_person
from handoff.schema import Agent
from handoff.summaries import latest_ticket
from handoff.transcript import messages
from tests.people import add_agent, at, bot_says, take, write_in
from tests.shop_hours import rules_with_hours

RECEIPTS = {"connected", "queued", "ticket", "failed"}
HEARD = [
    text
    for text in (Path(__file__).parents[2] / "unit/handoff/explicit_ask/tuning_asks.txt")
    .read_text("utf-8")
    .splitlines()
    if asks_for_person(text)
]
AT_NIGHT, AT_NOON = 0, 8 * 3600  # 4 am and noon on a Monday in Portland


@pytest.fixture
def portland(database_url: str, tmp_path: Path) -> Iterator[Database]:
    """A desk with opening hours and with Ana."""
    database = Database(database_url, rules=rules_with_hours(tmp_path))
    database.write_now(add_agent, "Ana")
    yield database
    database.close()


def handle(database: Database, turn: turn_leases.Turn, seconds: float) -> None:
    """What the dispatcher does with an ask, at the tests' own time."""
    if turn.holder == "queue":
        database.write_now(turns.give_to_queue, turn, at(seconds))
        return
    try:
        database.write_now(turns.hand_to_queue, turn, "asked", [], "customer", at(seconds))
    except OperationalError:
        database.write_now(turns.tell_failed, turn, at(seconds + 5), at(seconds))


def says(database: Database, customer: str, words: str, seconds: float) -> str:
    """Returns the conversation's id."""
    return write_in(database, words, secrets.token_hex(8), seconds, address=customer).conversation_id


def bring_to(database: Database, customer: str, state: str, seconds: float) -> None:
    """The conversation as it is before the ask: new, with the bot, already in the queue, or closed by Ana."""
    if state == "new":
        return
    conversation_id = says(database, customer, "hello", seconds)
    turn = take(database, seconds)
    if state == "bot":
        database.write_now(turns.answer, turn, bot_says("Hello."), at(seconds))
        return
    database.write_now(turns.hand_to_queue, turn, "asked", [], "customer", at(seconds))
    if state == "closed":
        held = database.write_now(holder.claim, conversation_id, "a_ana", at(seconds))
        database.write_now(holder.resolve, conversation_id, "a_ana", held.epoch, None, at(seconds))


def receipts_after(database: Database, conversation_id: str, seq: int) -> list[dict[str, Any]]:
    said = [message for message in database.read_now(messages, conversation_id) if message["seq"] > seq]
    handoffs = [message["handoff"] for message in said if message["author"] == "system" and message["handoff"]]
    return [handoff for handoff in handoffs if handoff["state"] in RECEIPTS]


@settings(max_examples=15)
@given(
    words=st.sampled_from(HEARD),
    state=st.sampled_from(["new", "bot", "queue", "closed"]),
    night=st.booleans(),
    present=st.booleans(),
    broken=st.booleans(),
)
def test_every_ask_ends_in_exactly_one_receipt(
    portland: Database, words: str, state: str, night: bool, present: bool, broken: bool
) -> None:
    customer, seconds = secrets.token_hex(8), AT_NIGHT if night else AT_NOON
    portland.write_now(lambda session: session.execute(update(Agent).values(present=present)))
    bring_to(portland, customer, state, seconds)

    accepted = write_in(portland, words, secrets.token_hex(8), seconds + 1, address=customer)
    turn = take(portland, seconds + 1)
    error = OperationalError("INSERT INTO ticket", {}, Exception("disk full"))
    with patch.object(tickets, "write", side_effect=error) if broken else patch.object(tickets, "write", tickets.write):
        handle(portland, turn, seconds + 1)

    [receipt] = receipts_after(portland, accepted.conversation_id, accepted.seq)
    ticket = portland.read_now(lambda s: latest_ticket(s, locked(s, accepted.conversation_id)))
    if broken and state != "queue":
        assert receipt["state"] == "failed"
        assert portland.read_now(figures.measure, at(seconds + 2)).asks_without_receipt == 0
        assert_written_next_time(portland, accepted.conversation_id, accepted.seq, seconds + 10)
        return
    assert ticket is not None
    assert ticket.state == "queued"
    assert receipt["state"] == ("ticket" if night and not present else "queued")
    assert receipt["ticket"] == tickets.number(ticket)
    assert portland.read_now(figures.measure, at(seconds + 2)).asks_without_receipt == 0


def assert_written_next_time(database: Database, conversation_id: str, seq: int, later: float) -> None:
    """The ask still waits, and once tickets can be written again it gets one and says so."""
    turn = take(database, later)
    assert (turn.conversation_id, turn.seq) == (conversation_id, seq)
    handle(database, turn, later)
    assert len(receipts_after(database, conversation_id, seq)) == 2


def test_an_ask_taken_by_an_agent_is_told_that_she_is_there(portland: Database) -> None:
    conversation_id = says(portland, "maya", "a human please", AT_NOON)
    handle(portland, take(portland, AT_NOON), AT_NOON)
    portland.write_now(holder.claim, conversation_id, "a_ana", at(AT_NOON + 5))
    states = [receipt["state"] for receipt in receipts_after(portland, conversation_id, 1)]
    assert states == ["queued", "connected"]


def test_a_receipt_that_is_not_committed_is_not_said(portland: Database) -> None:
    conversation_id = says(portland, "maya", "a human please", AT_NOON)
    turn = take(portland, AT_NOON)

    def breaks_off(session: Any) -> None:
        turns.hand_to_queue(session, turn, "asked", [], "customer", at(AT_NOON))
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        portland.write_now(breaks_off)
    assert receipts_after(portland, conversation_id, 1) == []
    assert portland.read_now(lambda s: locked(s, conversation_id).holder) == "bot"
