"""Decisions about handing over: kept with the turn, judged by agents, replayed under other rules, forgotten."""

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from handoff import decisions, erasing, holder, turns, verdicts
from handoff.bot_reply import BotPart, BotReply
from handoff.database import Database
from handoff.escalation_rules import Rules
from handoff.outbound import Choice
from handoff.payloads import OFFERED_PERSON_PAYLOAD
from handoff.schema import Conversation, Decision
from handoff.transcript import messages
from tests.integration.handoff.queueing import asks
from tests.people import at, take, write_in

OFFER = BotPart("Would you like a person to take this over?", [Choice("Yes, a person please", OFFERED_PERSON_PAYLOAD)])
RULES: dict[str, Any] = tomllib.loads(
    (Path(__file__).parents[3] / "data/handoff/escalation.toml").read_text(encoding="utf-8")
)


def decided(outcome: str, reason: str | None = "frustrated", **seen: Any) -> dict[str, Any]:
    judged = {"rules": "abc", "score": 3.5, "features": {"frustration": 0.8}, "points": {"frustration": 3.5}}
    return judged | {"outcome": outcome, "reason": reason, "evidence": [{"kind": "frustration", "text": "So."}]} | seen


def turn(database: Database, decision: dict[str, Any] | None, key: str = "m1", address: str = "maya") -> str:
    """Maya writes, and the bot answers with this decision; returns the conversation's id."""
    write_in(database, "this again", key, address=address)
    taken = take(database)
    handoff = None
    if decision and decision["outcome"] == "escalated":
        handoff = {"reason": decision["reason"], "evidence": decision["evidence"]}
    reply = BotReply([BotPart("Here is what I know.")], handoff=handoff, decision=decision)
    assert database.write_now(turns.answer, taken, reply, at(1))
    return taken.conversation_id


def kept(database: Database) -> list[Decision]:
    return database.read_now(lambda session: list(session.scalars(select(Decision).order_by(Decision.id))))


def test_a_decision_is_kept_with_what_it_saw_also_one_against_a_person(database: Database) -> None:
    conversation_id = turn(database, decided("answered"))
    [row] = kept(database)
    assert (row.conversation_id, row.case_no, row.seq, row.outcome) == (conversation_id, 1, 1, "answered")
    assert (row.rules, row.score, row.features, row.points) == ("abc", 3.5, {"frustration": 0.8}, {"frustration": 3.5})
    assert row.ticket_id is None


def test_nothing_is_kept_of_a_message_in_which_nothing_was_seen(database: Database) -> None:
    turn(database, None)
    assert kept(database) == []


def test_a_handoff_knows_the_decision_that_it_came_of(database: Database) -> None:
    turn(database, decided("escalated"))
    [row] = kept(database)
    assert row.ticket_id is not None


def test_a_decision_of_a_bot_that_was_overtaken_is_dropped_with_its_words(database: Database, ana: str) -> None:
    write_in(database, "hello", "m1")
    taken = take(database)
    database.write_now(holder.claim, taken.conversation_id, ana, at(1))
    assert not database.write_now(turns.answer, taken, BotReply([], decision=decided("offered")), at(2))
    assert kept(database) == []


def test_an_ask_in_so_many_words_is_a_decision_too(database: Database) -> None:
    write_in(database, "a human please", "m1")
    taken = take(database)
    database.write_now(turns.hand_to_queue, taken, "asked", [{"kind": "asked", "text": "So."}], "customer", at(1))
    [row] = kept(database)
    assert (row.rules, row.outcome, row.reason, row.features) == (None, "escalated", "asked", {"asked": 1.0})


def in_queue(database: Database, outcome: str) -> list[str]:
    """Maya waits for a person and writes once more; the bot makes this of it. Returns what she reads then."""
    conversation_id = turn(database, decided("escalated"))
    before = write_in(database, "so much for fast", "m2", seconds=2)
    handoff = {"reason": "frustrated", "evidence": []} if outcome == "escalated" else None
    reply = BotReply([OFFER], handoff=handoff, decision=decided(outcome, score=8.0, features={"frustration": 0.9}))
    assert database.write_now(turns.answer, take(database, 2), reply, at(3))
    return [line["text"] for line in database.read_now(messages, conversation_id, before.seq)]


@pytest.mark.parametrize("outcome", ["answered", "offered", "escalated"])
def test_what_was_seen_of_a_customer_in_the_queue_is_kept_and_no_person_is_offered_again(
    database: Database, outcome: str
) -> None:
    heard = in_queue(database, outcome)
    first, row = kept(database)
    assert (row.outcome, row.seq, row.score, row.features) == ("queued", 4, 8.0, {"frustration": 0.9})
    assert row.ticket_id == first.ticket_id
    assert OFFER.text not in heard


def test_what_was_seen_in_the_queue_decided_nothing_and_is_neither_counted_nor_replayed(database: Database) -> None:
    in_queue(database, "escalated")
    found = database.read_now(decisions.calibration, at(-60))
    assert (found["all"]["decided"], found["offers"]) == (1, 0)
    replayed = database.read_now(decisions.replay, other_rules(frustration=8.0), at(-60))
    assert replayed.decisions == 1


def test_erasing_a_conversation_erases_its_decisions(database: Database) -> None:
    conversation_id = turn(database, decided("escalated"))
    database.write_now(erasing.erase, conversation_id, at(5))
    assert kept(database) == []


def test_decisions_are_forgotten_after_a_year(database: Database) -> None:
    turn(database, decided("answered"))
    a_year = decisions.KEPT_FOR.total_seconds()
    assert database.write_now(decisions.forget_old, at(a_year)) == 0
    assert database.write_now(decisions.forget_old, at(a_year + 60)) == 1
    assert kept(database) == []


def judge(database: Database, conversation_id: str, needed: bool) -> None:
    database.write_now(lambda s: verdicts.judge(s, s.get_one(Conversation, conversation_id), needed))


def test_calibration_counts_verdicts_by_reason_and_by_score(database: Database) -> None:
    angry = turn(database, decided("escalated", score=7.0), "a", "maya")
    calm = turn(
        database, decided("escalated", "policy", score=7.5, features={"exception": 1, "accepted": 1}), "b", "omar"
    )
    turn(database, decided("escalated", score=9.0), "c", "priya")
    turn(database, decided("offered"), "d", "tom")
    judge(database, angry, True)
    judge(database, calm, False)

    found = database.read_now(decisions.calibration, at(-60))

    assert found["all"] == {"decided": 3, "needed": 1, "not_needed": 1}
    assert found["reasons"] == [
        {"reason": "frustrated", "decided": 2, "needed": 1, "not_needed": 0},
        {"reason": "policy", "decided": 1, "needed": 0, "not_needed": 1},
    ]
    bands = {(band["low"], band["high"]): band for band in found["scores"]}
    assert (bands[7.0, 9.0]["decided"], bands[7.0, 9.0]["needed"], bands[9.0, None]["decided"]) == (2, 1, 1)
    assert (found["offers"], found["offers_taken"]) == (1, 1)


def test_handoffs_that_nobody_decided_on_are_not_counted(database: Database, ana: str) -> None:
    asks(database, "maya")
    write_in(database, "hello", "n1", 1, "noor")
    database.write_now(turns.hand_to_queue, take(database, 1), "bot_error", [], "system", at(1))
    otis = turn(database, decided("answered"), "o1", "otis")
    database.write_now(holder.claim, otis, ana, at(2))
    assert database.read_now(decisions.calibration, at(-60))["reasons"] == [
        {"reason": "asked", "decided": 1, "needed": 0, "not_needed": 0}
    ]


def test_calibration_looks_back_no_further_than_asked(database: Database) -> None:
    turn(database, decided("escalated"))
    assert database.read_now(decisions.calibration, at(60))["all"]["decided"] == 0


def other_rules(**points: float) -> Rules:
    signs = {
        name: entry | {"points": points.get(name, entry.get("points", 0.0))} for name, entry in RULES["signs"].items()
    }
    return Rules.from_table(RULES | {"signs": signs})


def test_replaying_under_the_same_rules_changes_nothing(database: Database) -> None:
    turn(database, decided("offered"))
    found = database.read_now(decisions.replay, Rules.from_table(RULES), at(-60))
    assert (found.decisions, found.sooner, found.spared) == (1, [], [])


@pytest.mark.parametrize(("points", "after"), [(8.0, "escalated"), (1.0, "answered")])
def test_replaying_under_other_rules_names_who_would_have_fared_otherwise(
    database: Database, points: float, after: str
) -> None:
    conversation_id = turn(database, decided("offered"))
    found = database.read_now(decisions.replay, other_rules(frustration=points), at(-60))
    [change] = found.sooner if after == "escalated" else found.spared
    assert (change.conversation_id, change.before, change.after) == (conversation_id, "offered", after)
    assert len(found.sooner) + len(found.spared) == 1


def test_a_replay_knows_what_agents_found(database: Database) -> None:
    conversation_id = turn(
        database, decided("escalated", score=7.0, features={"frustration": 0.9, "frustrated_before": 1})
    )
    judge(database, conversation_id, False)
    found = database.read_now(decisions.replay, other_rules(frustrated_before=0.5), at(-60))
    assert [change.needed for change in found.spared] == [False]


def test_what_no_rule_decided_is_not_replayed(database: Database) -> None:
    turn(database, decided("offered", rules=None, features={}, score=0.0))
    assert (
        database.read_now(decisions.replay, Rules.from_table(RULES), at(-timedelta(days=1).total_seconds())).decisions
        == 0
    )
