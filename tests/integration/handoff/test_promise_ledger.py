"""The ledger of promises: made in a receipt or by an agent, reminded of, broken, kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handoff import conversations, desk_rules, figures, holder, promises, replies, turns
from handoff.database import Database
from handoff.promises import PromiseError, PromiseView
from handoff.schema import Promise
from tests.integration.handoff.queueing import asks, conversation
from tests.people import add_agent, at, take, write_in
from tests.shop_hours import rules_with_hours

HOUR = 3600


@pytest.fixture
def portland(database_url: str, tmp_path: Path) -> Iterator[Database]:
    """A desk with opening hours. The tests' noon is 4 am on a Monday in Portland: closed until 8, an answer by 10."""
    database = Database(database_url, rules=rules_with_hours(tmp_path))
    yield database
    database.close()


def listed(database: Database, seconds: float) -> list[PromiseView]:
    return database.read_now(promises.listed, at(seconds))


def promise(database: Database, conversation_id: str, agent_id: str, key: str, due: float, made: float = 0) -> bool:
    def work(session: Session) -> bool:
        held = conversations.locked(session, conversation_id)
        return promises.make(session, held, None, agent_id, key, "call you back", at(due), at(made))[1]

    return database.write_now(work)


def test_a_receipt_that_promises_an_answer_is_in_the_ledger(portland: Database) -> None:
    maya = asks(portland, "maya")
    [promised] = listed(portland, 60)
    assert (promised["conversation_id"], promised["kind"], promised["text"]) == (maya, "answer", "An answer")
    assert (promised["due_at"], promised["state"], promised["ticket"]) == ("2026-03-02T18:00:00.000Z", "open", "T-1001")
    assert promised["agent"] is None


def test_the_desk_is_reminded_once_and_alarmed_once(portland: Database) -> None:
    maya = asks(portland, "maya")
    assert not portland.read_now(promises.any_news, at(5 * HOUR))
    soon = at(5.6 * HOUR)
    assert portland.read_now(promises.any_news, soon)
    assert portland.write_now(promises.remind, soon) == [maya]
    assert portland.write_now(promises.remind, soon) == []
    assert listed(portland, 5.6 * HOUR)[0]["state"] == "soon"
    late = at(6 * HOUR + 1)
    assert portland.write_now(promises.note_broken, late) == [maya]
    assert portland.write_now(promises.note_broken, late) == []
    assert not portland.read_now(promises.any_news, late)
    assert listed(portland, 6 * HOUR + 1)[0]["state"] == "broken"


@pytest.mark.parametrize(("answered", "state", "broken"), [(5, "kept", 0), (7, "kept_late", 1)])
def test_an_answer_keeps_the_promise_and_a_late_one_stays_broken_in_the_figures(
    portland: Database, answered: int, state: str, broken: int
) -> None:
    maya = asks(portland, "maya")
    ana = portland.write_now(add_agent, "Ana")
    portland.write_now(promises.note_broken, at(answered * HOUR))
    portland.write_now(holder.claim, maya, ana, at(answered * HOUR))
    portland.write_now(replies.say, maya, ana, "r1", "Good morning.", at(answered * HOUR))
    assert listed(portland, 8 * HOUR) == []
    [promised] = portland.read_now(promises.of_conversation, maya, at(8 * HOUR))
    assert promised["state"] == state
    counts = portland.read_now(figures.measure, at(8 * HOUR)).promises
    assert (counts.open, counts.overdue, counts.kept, counts.broken) == (0, 0, 1, broken)


def test_a_customer_who_leaves_the_queue_needs_no_answer(portland: Database) -> None:
    maya = asks(portland, "maya")
    write_in(portland, "never mind, found it", "m2", 1)
    portland.write_now(turns.give_to_queue, take(portland, 1), at(1))
    [promised] = portland.read_now(promises.of_conversation, maya, at(8 * HOUR))
    assert promised["state"] == "released"


@pytest.mark.parametrize("state", ["kept", "released"])
def test_a_promised_answer_is_not_settled_by_hand_while_the_customer_waits_for_it(
    portland: Database, state: str
) -> None:
    asks(portland, "maya")
    [promised] = listed(portland, 60)
    with pytest.raises(PromiseError, match="Answer them"):
        portland.write_now(lambda s: promises.settle(s, promises.find(s, promised["id"]), state, at(60)))
    assert listed(portland, 60)[0]["state"] == "open"


def test_writing_on_while_closed_is_the_same_promise(portland: Database) -> None:
    asks(portland, "maya")
    write_in(portland, "it's about my scarf", "m2", 1)
    portland.write_now(turns.give_to_queue, take(portland, 1), at(1))
    assert len(listed(portland, 2)) == 1


def test_an_agents_promise_outlives_the_talk_until_somebody_keeps_it(database: Database, ana: str) -> None:
    maya = asks(database, "maya")
    held = database.write_now(holder.claim, maya, ana, at(1))
    assert promise(database, maya, ana, "p1", due=HOUR)
    assert not promise(database, maya, ana, "p1", due=HOUR), "the same id is the same promise"
    database.write_now(replies.say, maya, ana, "r1", "Talk to you later.", at(2))
    database.write_now(holder.resolve, maya, ana, held.epoch, None, at(3))
    [promised] = listed(database, 4)
    assert (promised["text"], promised["agent"]) == ("call you back", {"id": ana, "name": "Ana"})

    def keep(session: Session) -> None:
        promises.settle(session, promises.find(session, "p1"), "kept", at(5))
        promises.settle(session, promises.find(session, "p1"), "kept", at(6))

    database.write_now(keep)
    assert listed(database, 7) == []
    assert database.read_now(lambda s: s.scalars(select(Promise.ended_at)).one()) == at(5)


def test_what_is_settled_stays_settled(database: Database, ana: str) -> None:
    maya = asks(database, "maya")
    promise(database, maya, ana, "p1", due=HOUR)

    def change(session: Session, state: str) -> None:
        promises.settle(session, promises.find(session, "p1"), state, at(5))

    database.write_now(change, "released")
    with pytest.raises(PromiseError, match="released already"):
        database.write_now(change, "kept")


@pytest.mark.parametrize("due", [-1, 0, 91 * 24 * HOUR])
def test_a_promise_is_due_in_a_future_that_somebody_will_see(database: Database, ana: str, due: float) -> None:
    maya = asks(database, "maya")
    with pytest.raises(PromiseError, match="within 90 days"):
        promise(database, maya, ana, "p1", due=due)
    assert conversation(database, maya).holder == "queue"


def test_the_list_is_sorted_by_what_is_due_first(database: Database, ana: str) -> None:
    maya, omar = asks(database, "maya"), asks(database, "omar", 1)
    promise(database, maya, ana, "p1", due=2 * HOUR)
    promise(database, omar, ana, "p2", due=HOUR)
    assert [one["id"] for one in listed(database, 60)] == ["p2", "p1"]


def test_a_promise_is_told_in_the_shops_own_time_or_else_in_utc(portland: Database, database_url: str) -> None:
    assert portland.read_now(promises.in_words, at(HOUR)) == "by 5 am on Monday 2 March, Portland time"
    shipped = Database(database_url, rules=desk_rules.read(desk_rules.DEFAULT_FILE))
    assert shipped.read_now(promises.in_words, at(HOUR)) == "by 5 am on Monday 2 March, Portland time"
    shipped.close()
    plain = Database(database_url)
    assert plain.read_now(promises.in_words, at(HOUR)) == "by 13:00 on Monday 2 March, UTC"
    plain.close()
