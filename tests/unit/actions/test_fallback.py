from actions.fallback import ActionClarify, ActionDecline, ActionDefaultFallback
from actions.handoff import ActionEscalate, ActionOfferHuman
from tests.unit.actions.conversation_with_the_bot import Talk

RANKING = [
    {"name": "nlu_fallback", "confidence": 0.4},
    {"name": "return_item", "confidence": 0.22},
    {"name": "thank", "confidence": 0.2},
    {"name": "exchange_item", "confidence": 0.18},
    {"name": "faq", "confidence": 0.5},
]
RETURNS = {"name": "return_policy", "question": "What is your return policy?", "confidence": 0.2}


def buttons(talk: Talk) -> list[tuple[str, str]]:
    return [(button["title"], button["payload"]) for button in talk.said[-1]["buttons"]]


def test_the_first_miss_asks_again_and_suggests_the_likeliest() -> None:
    talk = Talk().maya("bring back shoe", "nlu_fallback", intent_ranking=RANKING, faq_alternatives=[RETURNS])
    talk.run(ActionClarify())
    assert talk.responses == ["utter_did_you_mean"]
    assert buttons(talk) == [
        ("Return something", "/return_item"),
        ("What is your return policy?", "/faq/return_policy"),
        ("Exchange for another size or colour", "/exchange_item"),
    ]


def test_without_a_likely_meaning_nothing_is_suggested() -> None:
    talk = Talk().maya("qwx", "nlu_fallback", intent_ranking=[{"name": "return_item", "confidence": 0.02}])
    assert talk.run(ActionClarify()).responses == ["utter_not_understood"]


def test_rasas_own_answer_ranking_serves_when_there_are_no_alternatives() -> None:
    ranking = [{"intent_response_key": "faq/price_match", "confidence": 0.8}]
    selector = {"faq": {"ranking": ranking}}
    talk = Talk().maya("cheaper?", "nlu_fallback", intent_ranking=RANKING, response_selector=selector)
    assert ("Price match", "/faq/price_match") in buttons(talk.run(ActionClarify()))


def test_a_long_question_is_shortened_to_fit_a_button() -> None:
    question = "How many days after the delivery of a parcel may something be sent back to you?"
    alternatives = [{"name": "return_policy", "question": question, "confidence": 0.3}]
    talk = Talk().maya("back?", "nlu_fallback", faq_alternatives=alternatives).run(ActionClarify())
    [(title, _)] = buttons(talk)
    assert len(title) <= 60
    assert title.endswith("…")


def test_the_second_miss_in_a_row_offers_a_person() -> None:
    talk = Talk().maya("qwx", "nlu_fallback").run(ActionClarify())
    talk.maya("qwx qwx", "nlu_fallback").run(ActionClarify())
    assert talk.followups == ["action_listen", "action_offer_human"]
    assert talk.slots["offer_reason"] == "not_understood"
    assert talk.run(ActionOfferHuman()).responses[-1] == "utter_person_offer_not_understood"


def test_the_third_miss_in_a_row_hands_over_with_all_three_as_evidence() -> None:
    talk = Talk().maya("qwx", "nlu_fallback").run(ActionClarify())
    talk.maya("qwx 2", "nlu_fallback").run(ActionDefaultFallback()).run(ActionOfferHuman())
    talk.maya("qwx 3", "nlu_fallback").offer_lapsed().run(ActionClarify())
    assert talk.followups[-1] == "action_escalate"
    talk.run(ActionEscalate())
    [handoff] = talk.handoffs
    assert handoff["reason"] == "not_understood"
    assert [item["text"] for item in handoff["evidence"]] == [
        "Not understood: “qwx”",
        "Not understood: “qwx 2”",
        "Not understood: “qwx 3”",
    ]


def test_yes_after_two_misses_hands_over_with_both() -> None:
    talk = Talk().maya("qwx", "nlu_fallback").run(ActionClarify())
    talk.maya("qwx 2", "nlu_fallback").run(ActionClarify()).run(ActionOfferHuman())
    talk.maya("yes", "affirm").run(ActionEscalate())
    [handoff] = talk.handoffs
    assert handoff["reason"] == "not_understood"
    assert [item["text"] for item in handoff["evidence"]][:2] == ["Not understood: “qwx”", "Not understood: “qwx 2”"]


def test_misses_that_were_told_already_are_not_told_twice() -> None:
    talk = Talk().maya("qwx", "nlu_fallback").bot("action_clarify").maya("qwx 2", "nlu_fallback").bot("action_clarify")
    talk.maya("qwx 3", "nlu_fallback").decided("not_understood")
    told = [{"kind": "misses", "text": f"Not understood: “{words}”"} for words in ("qwx", "qwx 2", "qwx 3")]
    talk.slots["_decision"]["evidence"] = told
    assert talk.run(ActionEscalate()).handoffs[0]["evidence"] == told


def test_an_understood_message_starts_the_count_again() -> None:
    talk = Talk().maya("qwx", "nlu_fallback").run(ActionClarify())
    talk.maya("hi", "greet").bot("utter_greet")
    talk.maya("qwx", "nlu_fallback").run(ActionClarify())
    assert talk.responses == ["utter_not_understood", "utter_not_understood"]


def test_in_a_form_the_form_asks_again_and_no_buttons_lead_away() -> None:
    talk = Talk()
    talk.form = "order_form"
    talk.maya("qwx", "nlu_fallback", intent_ranking=RANKING).run(ActionClarify())
    assert talk.responses == ["utter_not_understood_in_form"]
    assert talk.followups == ["order_form"]


def test_a_second_miss_in_a_form_names_the_person_without_a_yes_or_no_question() -> None:
    talk = Talk()
    talk.form = "order_form"
    talk.maya("qwx", "nlu_fallback").run(ActionClarify()).maya("qwx", "nlu_fallback").run(ActionClarify())
    assert talk.responses[-1] == "utter_not_understood_in_form_again"
    assert talk.slots["_person_offer"] is None


def test_a_third_miss_in_a_form_hands_over() -> None:
    talk = Talk()
    talk.form = "order_form"
    for _ in range(3):
        talk.maya("qwx", "nlu_fallback").run(ActionClarify())
    assert talk.followups[-1] == "action_escalate"


def test_while_a_no_to_a_person_counts_the_third_miss_fetches_none() -> None:
    talk = Talk(_quiet=2)
    for words in ("qwx", "qwx 2", "qwx 3"):
        talk.maya(words, "nlu_fallback").run(ActionClarify())
    assert talk.followups == ["action_listen", "action_offer_human", "action_offer_human"]
    assert talk.run(ActionOfferHuman()).responses[-1] == "utter_person_reminder"


def test_in_a_form_too_a_no_to_a_person_counts() -> None:
    talk = Talk(_quiet=1)
    talk.form = "order_form"
    for words in ("qwx", "qwx 2", "qwx 3"):
        talk.maya(words, "nlu_fallback").run(ActionClarify())
    assert talk.followups == ["order_form"] * 3
    assert talk.responses[-1] == "utter_not_understood_in_form_again"


def test_what_no_shop_can_help_with_is_declined() -> None:
    talk = Talk().maya("tell me a joke", "out_of_scope").run(ActionDecline())
    assert talk.responses == ["utter_out_of_scope"]
    assert talk.followups == ["action_listen"]


def test_what_names_an_order_may_be_about_that_order_in_whatever_language() -> None:
    entities = [{"entity": "order_number", "value": "FD-10412"}]
    talk = Talk().maya("zamowienie 10412 gdzie", "out_of_scope", entities=entities).run(ActionDecline())
    assert (talk.responses, talk.followups) == (["utter_which_task"], ["action_listen"])
    assert talk.said[-1]["number"] == "FD-10412"


def test_every_second_decline_in_a_row_offers_a_person_and_none_fetches_one() -> None:
    talk = Talk()
    for joke in ("tell me a joke", "sing", "dance", "juggle"):
        talk.maya(joke, "out_of_scope").run(ActionDecline())
    assert talk.followups == ["action_listen", "action_offer_human"] * 2


def test_yes_after_two_declines_tells_the_agent_why() -> None:
    talk = Talk().maya("tell me a joke", "out_of_scope").run(ActionDecline())
    talk.maya("sing", "out_of_scope").run(ActionDecline()).run(ActionOfferHuman())
    talk.maya("yes", "affirm").run(ActionEscalate())
    assert talk.handoffs[0]["reason"] == "complex"
    assert "twice" in talk.handoffs[0]["evidence"][0]["text"]


def test_in_a_form_the_second_decline_names_the_person() -> None:
    talk = Talk()
    talk.form = "order_form"
    talk.maya("sing", "out_of_scope").run(ActionDecline()).maya("dance", "out_of_scope").run(ActionDecline())
    assert talk.responses == ["utter_out_of_scope_in_task", "utter_not_understood_in_form_again"]
    assert talk.followups == ["order_form", "order_form"]
