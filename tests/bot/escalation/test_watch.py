import pytest
from talk import Talk


def test_a_calm_message_changes_nothing() -> None:
    talk = Talk().maya("do you have a size guide", "faq", frustration=0.1)
    assert all(talk.slot(name) is None for name in ("_must_escalate", "_decision", "_person_offer"))
    assert talk.said == [None]


def test_a_message_nobody_judged_for_frustration_is_calm() -> None:
    assert Talk().maya("do you have a size guide", "faq").outcome == "answered"


def test_the_first_frustrated_message_is_offered_a_person_before_it_is_answered() -> None:
    talk = Talk().maya("this is taking forever", "track_order", frustration=0.8)
    assert talk.said == ["utter_person_offer_frustrated"]
    assert (talk.slot("_must_escalate"), talk.slot("_person_offer")) == (None, "open")


def test_the_second_frustrated_message_goes_to_a_person_with_both_as_evidence() -> None:
    talk = Talk().maya("this is taking forever", frustration=0.8).bot("utter_faq")
    talk.maya("calm again", frustration=0.1).bot("utter_faq")
    talk.maya("useless, all of you", frustration=0.93)
    assert talk.slot("_must_escalate") == "frustrated"
    assert talk.evidence == ["Frustration 93%: “useless, all of you”", "Frustrated before: “this is taking forever”"]
    assert talk.said == ["utter_person_offer_frustrated", None, None]


def test_after_a_no_nobody_is_asked_again_for_a_while() -> None:
    talk = Talk().maya("slow!", frustration=0.8).bot("utter_faq")
    talk.maya("no", "deny").bot("action_keep_going")
    for _ in range(4):
        assert talk.maya("still slow!", frustration=0.9).outcome == "answered"
        assert talk.slot("_decision")["score"] >= 3
        talk.bot("utter_faq")
    assert talk.maya("STILL slow!", frustration=0.9).outcome == "escalated"


def test_after_a_no_the_dialogue_is_told_for_how_long_it_counts() -> None:
    talk = Talk().maya("slow!", frustration=0.8).bot("utter_faq").maya("no", "deny").bot("action_keep_going")
    counted = [talk.maya("qwx").bot("action_clarify").slot("_quiet") for _ in range(5)]
    assert counted == [4, 3, 2, 1, None]


def test_after_a_no_what_is_serious_still_goes_to_a_person() -> None:
    talk = Talk().maya("slow!", frustration=0.8).bot("utter_faq").maya("no", "deny").bot("action_keep_going")
    assert talk.maya("and the lamp caught fire").slot("_must_escalate") == "safety"


@pytest.mark.parametrize(
    ("words", "reason", "harm"),
    [("the kettle burnt my son", "safety", True), ("you'll hear from my lawyer", "legal", False)],
)
def test_harm_and_law_go_to_a_person_at_once(words: str, reason: str, harm: bool) -> None:
    talk = Talk().maya(words, "report_damaged_item")
    assert talk.slot("_must_escalate") == reason
    assert talk.slot("_decision")["harm"] is harm
    assert words in talk.evidence[0]


def test_asking_for_a_person_is_decided_before_any_form_may_answer() -> None:
    talk = Talk().in_form().maya("a human please", "talk_to_human")
    assert talk.slot("_must_escalate") == "asked"


def test_a_pressed_button_is_named_in_the_evidence_rather_than_its_payload() -> None:
    talk = Talk().maya("/talk_to_human", "talk_to_human")
    assert talk.evidence == ["Pressed a button for a person."]


def test_not_wanting_a_person_is_no_ask_whatever_the_model_thinks() -> None:
    assert Talk().maya("no I don't want a person", "talk_to_human", confidence=0.95).outcome == "answered"


def test_whoever_wants_no_person_is_not_offered_one_in_the_same_breath() -> None:
    talk = Talk().maya("I don't want a person!", "talk_to_human", frustration=0.9)
    assert (talk.outcome, talk.said) == ("answered", [None])


def test_not_getting_to_a_person_is_an_ask() -> None:
    assert Talk().maya("why can i not speak to a person", "talk_to_human").slot("_must_escalate") == "asked"


def test_a_wild_guess_at_asking_is_left_to_the_rules() -> None:
    assert Talk().maya("humming bird", "talk_to_human", confidence=0.3).outcome == "answered"


def test_a_decision_does_not_outlive_its_message() -> None:
    talk = Talk().maya("a human please", "talk_to_human").bot("action_listen").maya("thanks", "thank")
    assert talk.slot("_must_escalate") is None
    assert talk.slot("_decision") is None


@pytest.mark.parametrize(
    ("intent", "offer"), [("affirm", "open"), ("deny", "open"), ("talk_to_human", "open"), ("track_order", None)]
)
def test_an_offer_stays_open_only_while_it_is_answered(intent: str, offer: str | None) -> None:
    assert Talk(_person_offer="open").maya("hm", intent).slot("_person_offer") == offer


def test_a_lapsed_offer_takes_its_reason_along() -> None:
    talk = Talk(_person_offer="open", offer_reason="complaint").maya("where is my order", "track_order")
    assert talk.slot("offer_reason") is None


def test_a_reason_without_an_offer_is_kept_for_the_agent() -> None:
    talk = Talk(offer_reason="Outside our rules.").maya("thanks", "thank")
    assert talk.slot("offer_reason") == "Outside our rules."


def test_yes_to_an_offer_takes_its_evidence_along() -> None:
    talk = Talk().maya("this is taking forever", frustration=0.8).bot("utter_faq").maya("yes", "affirm")
    assert talk.outcome == "escalated"
    assert talk.evidence == ["Frustration 80%: “this is taking forever”", "Was offered a person and said yes."]


def test_yes_means_the_offer_while_a_form_waits_for_something_else() -> None:
    talk = Talk().maya("this is taking forever", frustration=0.8).in_form("order_number").maya("yes", "affirm")
    assert talk.outcome == "escalated"


def test_yes_means_the_form_when_that_asked_for_a_yes() -> None:
    talk = Talk().maya("this is taking forever", frustration=0.8).in_form("confirmed").maya("yes", "affirm")
    assert talk.outcome == "answered"
    assert talk.slot("_person_offer") is None


def test_in_a_form_a_person_is_named_without_a_question() -> None:
    talk = Talk().in_form().maya("how long does this take", frustration=0.8)
    assert talk.said == ["utter_person_reminder"]
    assert talk.slot("_person_offer") is None


@pytest.mark.parametrize(
    ("asks_for", "said", "intent", "entity"),
    [
        ("return_reason", "dont like it", "complaint", None),
        ("confirmed", "just do it", "affirm", None),
        ("item", "actually leave it", "stop", None),
        ("contact", "maya@example.com, hurry", "inform", "email"),
        ("item", "the stupid throw", "inform", "item"),
        ("item", "the throw", "inform", None),
    ],
)
def test_an_answer_to_a_form_is_no_sign_of_frustration(
    asks_for: str, said: str, intent: str, entity: str | None
) -> None:
    entities = [{"entity": entity, "value": said}] if entity else []
    talk = Talk().maya("wait how long till i get my money", "faq", frustration=0.7).bot("utter_faq")
    talk.in_form(asks_for).maya(said, intent, frustration=0.65, entities=entities).bot("order_form")
    assert talk.slot("_decision") is None
    assert talk.said[-1] is None
    talk.set(requested_slot=None).maya("so slow", frustration=0.7)
    assert talk.evidence[1:] == ["Frustrated before: “wait how long till i get my money”"]


def test_a_question_beside_a_form_still_shows_its_mood() -> None:
    talk = Talk().in_form("return_reason").maya("why is this so slow", "faq", frustration=0.8)
    assert talk.said == ["utter_person_reminder"]


def test_an_outcry_is_heard_in_a_form_too() -> None:
    talk = Talk().in_form("return_reason").maya("because you are all useless", "complaint", frustration=0.93)
    assert talk.said == ["utter_person_reminder"]


def test_what_an_agent_wrote_in_the_note_rings_no_alarm() -> None:
    note = '/agent_handed_back{"handback_note": "Your lawyer has our answer."}'
    assert Talk().maya(note, "agent_handed_back").outcome == "answered"


def faq(name: str) -> dict[str, object]:
    return {"response_selector": {"faq": {"response": {"intent_response_key": f"faq/{name}"}}}}


def test_a_question_asked_again_in_other_words_is_noticed() -> None:
    talk = Talk().maya("do you ship to New Zealand", "faq", **faq("international_shipping")).bot("utter_faq")
    talk.maya("I mean can you ship something to New Zealand", "faq", **faq("international_shipping"))
    assert talk.outcome == "offered"
    assert talk.evidence == ["Asked before, and answered: “do you ship to New Zealand”"]


def test_from_one_order_to_another_and_back_nothing_is_asked_again() -> None:
    talk = Talk()
    for number in ("FD-10412", "FD-10457", "FD-10412"):
        order = {"entity": "order_number", "value": number}
        talk.maya(f"where is {number[3:]}", "track_order", entities=[order]).bot("order_form", "action_track_order")
    assert talk.said == [None, None, None]


def test_two_questions_on_one_topic_are_no_repetition() -> None:
    talk = Talk().maya("which credit cards do you take", "faq", **faq("payment_methods")).bot("utter_faq")
    assert talk.maya("is bitcoin possible", "faq", **faq("payment_methods")).outcome == "answered"


def test_a_question_that_was_not_understood_is_no_repetition_but_a_miss() -> None:
    talk = Talk().maya("qwx", "nlu_fallback").bot("action_clarify").maya("qwx", "nlu_fallback")
    assert talk.slot("_decision")["features"] == {"misses": 2}
    assert talk.outcome == "offered"
    assert talk.bot("action_clarify").maya("qwx!", "nlu_fallback").slot("_must_escalate") == "not_understood"


def test_three_misses_are_three_lines_for_the_agent_also_when_they_read_alike() -> None:
    talk = Talk()
    for _ in range(3):
        talk.maya("/nlu_fallback", "nlu_fallback").bot("action_clarify")
    assert talk.evidence == ["Not understood: “/nlu_fallback”"] * 3


def test_jokers_do_not_fill_the_queue() -> None:
    talk = Talk()
    for joke in ("sing", "dance", "juggle", "jump"):
        assert talk.maya(joke, "out_of_scope").bot("action_decline").outcome != "escalated"


def test_an_expensive_order_counts_when_something_is_wrong_with_it() -> None:
    talk = Talk(_order_value=950.0).maya("one chair is broken", "report_damaged_item")
    assert talk.outcome == "offered"
    assert "$950 are at stake." in talk.evidence


def test_an_expensive_order_alone_needs_nobody() -> None:
    assert Talk(_order_value=950.0).maya("do you gift wrap", "faq").outcome == "answered"


@pytest.mark.parametrize(
    "wish", ["where is my order?", "what payment methods do you take", "can I exchange it", "can I cancel my order"]
)
def test_an_everyday_wish_about_an_expensive_order_needs_nobody(wish: str) -> None:
    assert Talk(_order_value=450.0).maya(wish, "faq").outcome == "answered"


def test_a_decision_against_a_person_is_kept_with_what_it_saw() -> None:
    talk = Talk().maya("the mug is chipped", "report_damaged_item", frustration=0.2)
    decision = talk.slot("_decision")
    assert (decision["outcome"], decision["score"], decision["points"]) == ("answered", 1.0, {"problems": 1.0})
    assert decision["features"] == {"problems": 1, "simmering": 0.2}
