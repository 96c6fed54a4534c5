import pytest

from actions.handoff import ActionEscalate, ActionKeepGoing
from actions.watch import ActionWatchOver
from tests.unit.actions.conversation_with_the_bot import Talk


def test_a_calm_message_changes_nothing() -> None:
    talk = Talk().maya("where is my order", "track_order", frustration=0.1).run(ActionWatchOver())
    assert talk.slots == Talk().slots
    assert talk.said == []


def test_a_message_nobody_judged_for_frustration_is_calm() -> None:
    talk = Talk().maya("where is my order", "track_order").run(ActionWatchOver())
    assert talk.slots["_must_escalate"] is None
    assert talk.said == []


def test_the_first_frustrated_message_hears_that_a_person_is_there() -> None:
    talk = Talk().maya("this is taking forever", "track_order", frustration=0.8).run(ActionWatchOver())
    assert talk.responses == ["utter_frustration"]
    assert talk.slots["_must_escalate"] is None


def test_the_second_frustrated_message_goes_to_a_person_with_both_as_evidence() -> None:
    talk = Talk().maya("this is taking forever", frustration=0.8).run(ActionWatchOver()).bot("utter_faq")
    talk.maya("calm again", frustration=0.1).run(ActionWatchOver()).bot("utter_faq")
    talk.maya("useless, all of you", frustration=0.93).run(ActionWatchOver())
    assert talk.slots["_must_escalate"] == "frustrated"
    talk.run(ActionEscalate())
    [handoff] = talk.handoffs
    assert handoff["reason"] == "frustrated"
    assert [item["text"] for item in handoff["evidence"]] == [
        "Frustration 80%: “this is taking forever”",
        "Frustration 93%: “useless, all of you”",
    ]


def test_the_second_frustrated_message_is_not_offered_what_it_gets_anyway() -> None:
    talk = Talk().maya("slow!", frustration=0.8).run(ActionWatchOver()).bot("utter_faq")
    talk.maya("SLOW!", frustration=0.9).run(ActionWatchOver())
    assert talk.responses == ["utter_frustration"]


def test_declining_a_person_starts_the_count_of_frustration_again() -> None:
    talk = Talk().maya("slow!", frustration=0.8).run(ActionWatchOver()).bot("utter_faq")
    talk.maya("no", "deny").run(ActionKeepGoing())
    talk.maya("still slow!", frustration=0.9).run(ActionWatchOver())
    assert talk.slots["_must_escalate"] is None


@pytest.mark.parametrize("words", ["the kettle burnt my son", "you'll hear from my lawyer"])
def test_harm_and_law_go_to_a_person_at_once(words: str) -> None:
    talk = Talk().maya(words, "report_damaged_item").run(ActionWatchOver())
    assert talk.slots["_must_escalate"] == "safety"


def test_asking_for_a_person_is_decided_before_any_form_may_answer() -> None:
    talk = Talk().maya("a human please", "talk_to_human")
    talk.form = "order_form"
    assert talk.run(ActionWatchOver()).slots["_must_escalate"] == "asked"


def test_a_wild_guess_at_asking_is_left_to_the_rules() -> None:
    talk = Talk().maya("humming bird", "talk_to_human", confidence=0.3).run(ActionWatchOver())
    assert talk.slots["_must_escalate"] is None


def test_a_decision_does_not_outlive_its_message() -> None:
    talk = Talk(_must_escalate="asked").maya("thanks", "thank").run(ActionWatchOver())
    assert talk.slots["_must_escalate"] is None


@pytest.mark.parametrize(
    ("intent", "offer"), [("affirm", "open"), ("deny", "open"), ("talk_to_human", "open"), ("track_order", None)]
)
def test_an_offer_stays_open_only_while_it_is_answered(intent: str, offer: str | None) -> None:
    talk = Talk(_person_offer="open").maya("hm", intent).run(ActionWatchOver())
    assert talk.slots["_person_offer"] == offer


def test_a_lapsed_offer_takes_its_reason_along() -> None:
    talk = Talk(_person_offer="open", offer_reason="complaint").maya("where is my order", "track_order")
    assert talk.run(ActionWatchOver()).slots["offer_reason"] is None


def test_a_reason_without_an_offer_is_kept_for_the_agent() -> None:
    talk = Talk(offer_reason="Outside our rules.").maya("thanks", "thank").run(ActionWatchOver())
    assert talk.slots["offer_reason"] == "Outside our rules."


def test_what_an_agent_wrote_in_the_note_rings_no_alarm() -> None:
    note = '/agent_handed_back{"handback_note": "Your lawyer has our answer."}'
    talk = Talk().maya(note, "agent_handed_back").run(ActionWatchOver())
    assert talk.slots["_must_escalate"] is None
