"""What is kept of a turn: the rules' decision as it was, or what the dialogue did without them."""

from typing import Any

from rasa.shared.core.events import SlotSet
from talk import RULES

from bot.escalation.outcome import decision_of_turn

LATE = {"rules": RULES.version, "score": 1.0, "features": {"problems": 1}, "points": {"problems": 1.0}, "evidence": []}
ANSWERED = LATE | {"outcome": "answered", "reason": "complex"}
HANDOFF = {
    "custom": {"handoff": {"reason": "not_understood", "evidence": [{"kind": "misses", "text": "Not understood"}]}}
}


def kept(
    decided: dict[str, Any] | None, *slots: SlotSet, parts: tuple[dict[str, Any], ...] = ()
) -> dict[str, Any] | None:
    return decision_of_turn([SlotSet("_decision", decided), *slots], list(parts))


def test_the_rules_own_decision_keeps_their_version() -> None:
    decision = kept(ANSWERED)
    assert decision is not None
    assert (decision["rules"], decision["outcome"]) == (RULES.version, "answered")


def test_an_offer_that_a_task_made_is_not_the_rules() -> None:
    decision = kept(ANSWERED, SlotSet("_person_offer", "open"))
    assert decision is not None
    assert (decision["rules"], decision["outcome"]) == (None, "offered")


def test_a_person_whom_the_dialogue_fetched_is_not_the_rules() -> None:
    decision = kept(ANSWERED, parts=(HANDOFF,))
    assert decision is not None
    assert (decision["rules"], decision["outcome"], decision["reason"]) == (None, "escalated", "not_understood")


def test_what_the_rules_escalated_judges_alike_under_the_same_rules() -> None:
    seen = {"law": 1.0}
    judged = RULES.judge(seen)
    decision = kept(LATE | {"features": seen, "outcome": judged.outcome, "reason": judged.reason}, parts=(HANDOFF,))
    assert decision is not None
    assert (decision["rules"], RULES.judge(decision["features"]).outcome) == (RULES.version, decision["outcome"])


def test_a_turn_in_which_nothing_pointed_to_a_person_leaves_nothing() -> None:
    assert kept(None) is None
