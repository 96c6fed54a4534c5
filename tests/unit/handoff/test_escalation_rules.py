"""The authors' rules: what they decide, and what is said of a mistake in them."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.escalation_rules import SIGNS, SINCE_NO, SINCE_OFFER, Rules, RulesError

ROOT = Path(__file__).parents[3]
SHIPPED = tomllib.loads((ROOT / "data/handoff/escalation.toml").read_text(encoding="utf-8"))


def table(**signs: dict[str, Any]) -> dict[str, Any]:
    thresholds = {"offer": 3, "escalate": 6, "quiet_after_offer": 1, "quiet_after_no": 2}
    return {
        "thresholds": thresholds,
        "signs": {name: {"reason": "complex", "words": "So."} | of for name, of in signs.items()},
    }


def rules(**signs: dict[str, Any]) -> Rules:
    return Rules.from_table(table(**signs))


def test_the_rules_that_are_shipped_know_every_sign() -> None:
    shipped = Rules.from_table(SHIPPED)
    assert {sign.name for sign in shipped.signs} == set(SIGNS)


def test_points_add_up_and_the_weightiest_sign_names_the_reason() -> None:
    judged = rules(problems={"points": 1, "at_most": 4}, exception={"points": 2, "reason": "policy"}).judge(
        {"problems": 1, "exception": 1}
    )
    assert (judged.score, judged.outcome, judged.reason) == (3.0, "offered", "policy")
    assert judged.points == {"exception": 2.0, "problems": 1.0}


def test_a_number_counts_by_the_unit_up_to_a_limit_or_once_from_a_level_on() -> None:
    by_unit = rules(misses={"points": 2, "at_most": 3})
    assert [by_unit.judge({"misses": n}).score for n in (1, 2, 5)] == [2.0, 4.0, 6.0]
    by_level = rules(order_value={"points": 2, "at_least": 400})
    assert [by_level.judge({"order_value": dollars}).score for dollars in (399, 400, 4000)] == [0.0, 2.0, 2.0]


def test_a_serious_sign_needs_no_points_and_heeds_no_no() -> None:
    judged = rules(harm={"at_once": True, "reason": "safety"}, exception={"points": 9}).judge(
        {"harm": 1, "exception": 1, SINCE_NO: 1}
    )
    assert (judged.outcome, judged.reason) == ("escalated", "safety")


def test_after_a_no_neither_an_offer_nor_a_high_score_counts_for_a_while() -> None:
    angry = rules(frustration={"points": 9})
    assert [angry.judge({"frustration": 1, SINCE_NO: ago}).outcome for ago in (1, 2, 3)] == [
        "answered",
        "answered",
        "escalated",
    ]


def test_an_offer_passed_over_is_not_repeated_at_once() -> None:
    asking = rules(exception={"points": 3})
    assert [asking.judge({"exception": 1, SINCE_OFFER: ago}).outcome for ago in (1, 2)] == ["answered", "offered"]


def test_a_sign_that_the_rules_leave_out_counts_nothing() -> None:
    judged = rules(harm={"at_once": True}).judge({"exception": 1})
    assert (judged.outcome, judged.points, judged.reason) == ("answered", {}, None)


def test_the_version_changes_with_the_content_only() -> None:
    assert rules(harm={"at_once": True}).version == rules(harm={"at_once": True}).version
    assert rules(misses={"points": 1}).version != rules(misses={"points": 2}).version


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        ({"threshold": {}}, "the file: 'threshold' means nothing here"),
        ({"thresholds": {"offer": 7, "escalate": 6, "quiet_after_offer": 1, "quiet_after_no": 1}}, "must not be above"),
        ({"thresholds": {"offer": 3, "escalate": 6, "quiet_after_offer": 1}}, "quiet_after_no must be a whole number"),
        (
            {"thresholds": {"offer": "3", "escalate": 6, "quiet_after_offer": 1, "quiet_after_no": 1}},
            "offer must be a number",
        ),
        ({"signs": {"anger": {"points": 1, "reason": "complex", "words": "So."}}}, "signs.anger: no such sign"),
        ({"signs": {"harm": 3}}, "signs.harm: must be a table"),
        ({"signs": {"harm": {"reason": "complex", "words": "So."}}}, "give it points"),
        ({"signs": {"harm": {"points": -1, "reason": "complex", "words": "So."}}}, "points must be a number"),
        ({"signs": {"harm": {"points": 1, "reason": "boredom", "words": "So."}}}, "reason must be one of"),
        ({"signs": {"harm": {"points": 1, "reason": "complex"}}}, "words must be a sentence"),
        (
            {"signs": {"harm": {"points": 1, "reason": "complex", "words": "{who}"}}},
            "may speak of {n} and {quote} only",
        ),
        ({"signs": {"harm": {"points": 1, "reason": "complex", "words": "So.", "most": 1}}}, "'most' means nothing"),
        ({"signs": {"harm": {"at_once": 1, "reason": "complex", "words": "So."}}}, "at_once must be true or false"),
    ],
)
def test_a_mistake_is_named_in_one_line(mistake: dict[str, Any], words: str) -> None:
    with pytest.raises(RulesError) as raised:
        Rules.from_table(table(exception={"points": 1}) | mistake)
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)


@given(st.dictionaries(st.sampled_from([*SIGNS, SINCE_NO, SINCE_OFFER]), st.floats(0, 10_000)))
def test_more_of_a_sign_never_makes_a_person_less_likely(features: dict[str, float]) -> None:
    shipped = Rules.from_table(SHIPPED)
    before = shipped.judge(features)
    more = shipped.judge({name: value + 1 if name in SIGNS else value for name, value in features.items()})
    order = ("answered", "offered", "escalated")
    assert order.index(more.outcome) >= order.index(before.outcome)
