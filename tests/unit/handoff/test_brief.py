"""The brief says what happened, from facts, and nothing that did not."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from handoff import brief, holder, turns
from handoff.brief import BriefView
from handoff.database import Database
from handoff.schema import Conversation, OutboxItem
from tests.databases import new_sqlite_database
from tests.people import add_agent, at, bot_says, take, write_in


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(new_sqlite_database(tmp_path))
    yield database
    database.close()


def understood(intent: str, faq: str | None = None, frustration: float | None = None) -> dict[str, Any]:
    score = None if frustration is None else {"score": frustration, "frustrated": frustration > 0.7}
    return {"intent": {"name": intent, "confidence": 0.9}, "faq": faq, "entities": [], "frustration": score}


def exchange(database: Database, number: int, said: str, answered: str | None, **reply: Any) -> str:
    """Maya says something, and the bot answers."""
    accepted = write_in(database, said, f"m{number}", seconds=number)
    words = [answered] if answered else []
    turn = take(database, seconds=number)
    database.write_now(turns.answer, turn, bot_says(*words, **reply), at(number))
    return accepted.conversation_id


def brief_of(database: Database, conversation_id: str) -> BriefView:
    return database.read_now(lambda session: brief.brief(session, session.get_one(Conversation, conversation_id)))


def test_a_talk_that_went_wrong_is_told_in_two_sentences_and_its_facts(database: Database) -> None:
    exchange(
        database,
        1,
        "do you ship to Canada?",
        "We do.",
        understanding=understood("faq", "faq/international_shipping", 0.1),
    )
    exchange(database, 2, "where's 10412", "Which e-mail?", understanding=understood("track_order", None, 0.2))
    exchange(database, 3, "asdf qwer", "Sorry, once more?", understanding=understood("nlu_fallback", None, 0.5))
    evidence = [{"kind": "frustrated", "text": "Wrote in capitals."}]
    conversation_id = exchange(
        database,
        4,
        "THIS IS USELESS, mail me at maya@example.com",
        None,
        understanding=understood("complaint", None, 0.93),
        slots={"order_number": "FD-10412", "contact": "maya@example.com", "misses": 2, "code": "123456"},
        handoff={"reason": "frustrated", "evidence": evidence},
    )
    told = brief_of(database, conversation_id)
    assert told["summary"] == [
        "The customer wants to complain (order FD-10412).",
        "They are upset with how this is going (T-1001).",
    ]
    assert told["evidence"] == evidence
    assert told["tried"] == ["Answered a question about international shipping", "Took up: track order"]
    assert told["failed"] == ["Did not understand “asdf qwer”"]
    assert told["asked_and_answered"] == [
        {"question": "Order number", "answer": "FD-10412"},
        {"question": "E-mail or postcode on the order", "answer": "m•••@example.com"},
    ]
    assert told["slots"] == {"order_number": "FD-10412", "contact": "m•••@example.com"}
    assert [felt["score"] for felt in told["frustration"]] == [0.1, 0.2, 0.5, 0.93]


@pytest.mark.parametrize(
    ("said", "intent", "reason", "kind", "why"),
    [
        ("it gave me an electric shock", "report_damaged_item", "safety", "harm", "It may be about somebody's safety"),
        ("my lawyer will hear about this", "nlu_fallback", "legal", "law", "The customer speaks of legal steps"),
    ],
)
def test_what_is_grave_is_told_in_the_customers_words(
    database: Database, said: str, intent: str, reason: str, kind: str, why: str
) -> None:
    evidence = [{"kind": kind, "text": f"What was seen: “{said}”"}]
    handoff = {"reason": reason, "evidence": evidence}
    exchange(database, 1, said, None, understanding=understood(intent), handoff=handoff)
    conversation_id = write_in(database, "are you there", "m2", seconds=2).conversation_id
    told = brief_of(database, conversation_id)
    assert told["summary"] == [f"The customer wrote: “{said}”.", f"{why} (T-1001)."]
    assert told["reason_text"] == why
    assert told["failed"] == []


@pytest.mark.parametrize("intent", ["faq", "nlu_fallback"])
def test_an_injury_that_looked_like_a_question_was_not_answered(database: Database, intent: str) -> None:
    said = "my kettle caught fire and i burnt my hand"
    handoff = {"reason": "safety", "evidence": [{"kind": "harm", "text": f"Injury or danger: “{said}”"}]}
    conversation_id = exchange(
        database, 1, said, "Call for help first.", understanding=understood(intent, "faq/warranty"), handoff=handoff
    )
    assert brief_of(database, conversation_id)["tried"] == []


def test_a_question_that_the_bot_was_unsure_of_was_not_answered(database: Database) -> None:
    conversation_id = exchange(
        database, 1, "hm, a warranty", "Pardon?", understanding=understood("nlu_fallback", "faq/warranty")
    )
    assert brief_of(database, conversation_id)["tried"] == []


def test_what_was_missed_three_times_is_still_told_as_missed(database: Database) -> None:
    evidence = [{"kind": "misses", "text": "Not understood: “qwx”"}]
    handoff = {"reason": "not_understood", "evidence": evidence}
    conversation_id = exchange(database, 1, "qwx", None, understanding=understood("nlu_fallback"), handoff=handoff)
    assert brief_of(database, conversation_id)["failed"] == ["Did not understand “qwx”"]


@pytest.mark.parametrize(
    ("intent", "faq", "wish"),
    [
        ("track_refund", None, "wants to return something"),
        ("faq", "faq/refund_time", "wants to return something"),
        ("complaint", None, "wants to complain"),
    ],
)
def test_the_task_under_way_is_the_wish_whatever_was_asked_beside_it(
    database: Database, intent: str, faq: str | None, wish: str
) -> None:
    exchange(database, 1, "I want to return it", "Which order?", understanding=understood("return_item"))
    conversation_id = exchange(
        database, 2, "and my money", "Soon.", understanding=understood(intent, faq), slots={"task": "return_item"}
    )
    assert brief_of(database, conversation_id)["summary"][0] == f"The customer {wish}."


def test_the_bots_own_names_are_put_plainly(database: Database) -> None:
    noted = {"task": "report_damaged_item", "item": "wool-throw", "return_reason": "changed_mind"}
    conversation_id = exchange(database, 1, "it broke", "Oh.", slots={**noted, "order_number": "FD-10412"})
    told = brief_of(database, conversation_id)
    assert told["slots"] == {
        "task": "report damaged item",
        "item": "wool throw",
        "return_reason": "changed mind",
        "order_number": "FD-10412",
    }
    assert [answered["answer"] for answered in told["asked_and_answered"]] == ["FD-10412", "wool throw", "changed mind"]


def test_what_the_bot_forgot_after_the_handoff_is_still_known(database: Database) -> None:
    conversation_id = exchange(
        database, 1, "a person", None, slots={"order_number": "FD-10412"}, handoff={"reason": "asked", "evidence": []}
    )
    database.write_now(lambda session: setattr(session.get_one(Conversation, conversation_id), "slots", {}))
    assert brief_of(database, conversation_id)["slots"] == {"order_number": "FD-10412"}


def test_without_any_wish_the_last_words_speak(database: Database) -> None:
    conversation_id = exchange(database, 1, "hm, " + "very " * 60 + "odd", "Pardon?", understanding=understood("greet"))
    summary = brief_of(database, conversation_id)["summary"]
    assert summary[0].startswith("The customer's last words: “hm, very")
    assert len(summary[0]) < 170
    assert summary[1] == "Nobody has asked for a person in this case."


def test_a_reply_that_never_arrived_is_among_the_failures(database: Database) -> None:
    conversation_id = exchange(database, 1, "hello", "Hello Maya.")
    database.write_now(lambda session: session.execute(update(OutboxItem).values(state="dead")))
    assert brief_of(database, conversation_id)["failed"] == ["This did not reach the customer: “Hello Maya.”"]


def test_earlier_cases_are_told_latest_first_with_how_they_ended(database: Database) -> None:
    ana = database.write_now(add_agent, "Ana")
    for case, note in enumerate(["Sent a new label.", None, "Refunded."], start=1):
        conversation_id = exchange(database, case * 10, "a person", None, handoff={"reason": "asked", "evidence": []})
        claimed = database.write_now(holder.claim, conversation_id, ana, at(case * 10 + 1))
        database.write_now(holder.resolve, conversation_id, ana, claimed.epoch, note, at(case * 10 + 2))
    write_in(database, "hello again", "again", seconds=100)
    told = brief_of(database, conversation_id)
    assert [(case["case"], case["summary"]) for case in told["earlier"]] == [
        (3, "T-1003: They asked for a person. Refunded."),
        (2, "T-1002: They asked for a person."),
        (1, "T-1001: They asked for a person. Sent a new label."),
    ]
    assert told["tried"] == []


def test_why_there_are_no_orders_is_always_said(database: Database) -> None:
    conversation_id = exchange(database, 1, "hello", "Hello.")
    told = brief_of(database, conversation_id)
    assert "does not answer" in str(brief.with_orders(told, None)["orders_note"])
    assert "has not proved" in str(brief.with_orders(told, [])["orders_note"])


def test_times_are_those_of_the_facts(database: Database) -> None:
    ana = database.write_now(add_agent, "Ana")
    conversation_id = exchange(database, 1, "a person", None, handoff={"reason": "asked", "evidence": []})
    claimed = database.write_now(holder.claim, conversation_id, ana, at(2))
    database.write_now(holder.resolve, conversation_id, ana, claimed.epoch, None, at(3))
    write_in(database, "hello again", "again", seconds=100)
    (earlier,) = brief_of(database, conversation_id)["earlier"]
    assert datetime.fromisoformat(earlier["ended_at"]) - at(3) == timedelta(0)
    assert datetime.fromisoformat(earlier["ended_at"]).tzinfo == UTC
