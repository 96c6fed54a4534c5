import pytest
from talk import Talk


def test_a_calm_message_changes_nothing() -> None:
    talk = Talk().maya("where is my order", "track_order", frustration=0.1)
    assert all(talk.slot(name) is None for name in ("_must_escalate", "_decision", "_person_offer"))
    assert talk.said == [None]


def test_a_message_nobody_judged_for_frustration_is_calm() -> None:
    talk = Talk().maya("where is my order", "track_order")
    assert talk.slot("_must_escalate") is None
    assert talk.said == [None]


def test_the_first_frustrated_message_hears_that_a_person_is_there() -> None:
    talk = Talk().maya("this is taking forever", "track_order", frustration=0.8)
    assert talk.said == ["utter_frustration"]
    assert talk.slot("_must_escalate") is None


def test_the_second_frustrated_message_goes_to_a_person_with_both_as_evidence() -> None:
    talk = Talk().maya("this is taking forever", frustration=0.8).bot("utter_faq")
    talk.maya("calm again", frustration=0.1).bot("utter_faq")
    talk.maya("useless, all of you", frustration=0.93)
    assert talk.slot("_must_escalate") == "frustrated"
    assert talk.evidence == ["Frustration 80%: “this is taking forever”", "Frustration 93%: “useless, all of you”"]
    assert talk.said == ["utter_frustration", None, None]


def test_declining_a_person_starts_the_count_of_frustration_again() -> None:
    talk = Talk().maya("slow!", frustration=0.8).bot("utter_faq")
    talk.maya("no", "deny").bot("action_keep_going")
    talk.maya("still slow!", frustration=0.9)
    assert talk.slot("_must_escalate") is None


@pytest.mark.parametrize(("words", "harm"), [("the kettle burnt my son", True), ("you'll hear from my lawyer", False)])
def test_harm_and_law_go_to_a_person_at_once(words: str, harm: bool) -> None:
    talk = Talk().maya(words, "report_damaged_item")
    assert talk.slot("_must_escalate") == "safety"
    assert talk.slot("_decision")["harm"] is harm
    assert talk.evidence == [f"The customer wrote: “{words}”"]


def test_asking_for_a_person_is_decided_before_any_form_may_answer() -> None:
    talk = Talk().in_form().maya("a human please", "talk_to_human")
    assert talk.slot("_must_escalate") == "asked"


def test_a_pressed_button_is_named_in_the_evidence_rather_than_its_payload() -> None:
    talk = Talk().maya("/talk_to_human", "talk_to_human")
    assert talk.evidence == ["Pressed a button for a person."]


def test_a_wild_guess_at_asking_is_left_to_the_rules() -> None:
    talk = Talk().maya("humming bird", "talk_to_human", confidence=0.3)
    assert talk.slot("_must_escalate") is None


def test_a_decision_does_not_outlive_its_message() -> None:
    talk = Talk().maya("a human please", "talk_to_human").bot("action_listen").maya("thanks", "thank")
    assert talk.slot("_must_escalate") is None
    assert talk.slot("_decision") is None


@pytest.mark.parametrize(
    ("intent", "offer"), [("affirm", "open"), ("deny", "open"), ("talk_to_human", "open"), ("track_order", None)]
)
def test_an_offer_stays_open_only_while_it_is_answered(intent: str, offer: str | None) -> None:
    talk = Talk(_person_offer="open").maya("hm", intent)
    assert talk.slot("_person_offer") == offer


def test_a_lapsed_offer_takes_its_reason_along() -> None:
    talk = Talk(_person_offer="open", offer_reason="complaint").maya("where is my order", "track_order")
    assert talk.slot("offer_reason") is None


def test_a_reason_without_an_offer_is_kept_for_the_agent() -> None:
    talk = Talk(offer_reason="Outside our rules.").maya("thanks", "thank")
    assert talk.slot("offer_reason") == "Outside our rules."


def test_what_an_agent_wrote_in_the_note_rings_no_alarm() -> None:
    note = '/agent_handed_back{"handback_note": "Your lawyer has our answer."}'
    talk = Talk().maya(note, "agent_handed_back")
    assert talk.slot("_must_escalate") is None
