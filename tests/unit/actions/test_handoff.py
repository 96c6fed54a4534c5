import pytest

from actions.handoff import ActionEscalate, ActionKeepGoing, ActionOfferHuman, ActionWelcomeBack
from tests.unit.actions.conversation_with_the_bot import Talk


def test_asking_hands_over_with_the_customers_words_and_without_a_promise() -> None:
    talk = Talk().maya("a human please", "talk_to_human").run(ActionEscalate())
    assert talk.handoffs == [
        {"reason": "asked", "evidence": [{"kind": "asked", "text": "The customer wrote: “a human please”"}]}
    ]
    assert talk.responses == []


def test_what_was_decided_before_is_handed_over_with_its_evidence() -> None:
    talk = Talk().maya("SLOW", "complaint").decided("frustrated", "Frustration 80%: “slow”", "Frustration 90%: “SLOW”")
    [handoff] = talk.run(ActionEscalate()).handoffs
    assert handoff["reason"] == "frustrated"
    assert [item["text"] for item in handoff["evidence"]] == ["Frustration 80%: “slow”", "Frustration 90%: “SLOW”"]


def test_handing_over_leaves_no_form_and_nothing_pending() -> None:
    talk = Talk(_person_offer="open", offer_reason="complaint", requested_slot="order_number")
    talk.form = "order_form"
    talk.maya("yes", "affirm").run(ActionEscalate())
    assert talk.form is None
    assert [talk.slots[name] for name in ("requested_slot", "_person_offer", "offer_reason", "_must_escalate")] == [
        None
    ] * 4
    assert talk.followups == ["action_listen"]


def test_harm_is_met_with_what_matters_first() -> None:
    talk = Talk().maya("the kettle burnt my son", "complaint").decided("safety", harm=True).run(ActionEscalate())
    assert talk.responses == ["utter_safety_first"]
    assert talk.handoffs[0]["reason"] == "safety"


def test_a_lawyer_is_no_emergency() -> None:
    talk = Talk().maya("my lawyer will call", "complaint").decided("legal").run(ActionEscalate())
    assert talk.responses == []
    assert talk.handoffs[0]["reason"] == "legal"


def test_yes_to_an_offer_carries_what_it_was_offered_for() -> None:
    talk = Talk(offer_reason="complaint").maya("awful service", "complaint").run(ActionOfferHuman())
    talk.maya("yes", "affirm").run(ActionEscalate())
    [handoff] = talk.handoffs
    assert handoff["reason"] == "complaint"
    assert handoff["evidence"] == [{"kind": "offer_accepted", "text": "Was offered a person and said yes."}]


def test_a_yes_that_the_decision_tells_of_is_told_once() -> None:
    talk = Talk(_person_offer="open", offer_reason="frustrated").maya("yes", "affirm").decided("asked")
    talk.slots["_decision"]["evidence"] = [{"kind": "accepted", "text": "Was offered a person and said yes."}]
    assert len(talk.run(ActionEscalate()).handoffs[0]["evidence"]) == 1


def test_a_sentence_as_offer_reason_is_what_the_agent_reads() -> None:
    why = "FD-10412 has shipped, and the customer wants it stopped."
    talk = Talk(offer_reason=why).maya("cancel it", "cancel_order").run(ActionOfferHuman())
    talk.maya("yes", "affirm").run(ActionEscalate())
    assert talk.handoffs[0]["reason"] == "complex"
    assert {"kind": "offer_reason", "text": why} in talk.handoffs[0]["evidence"]


def test_the_offers_yes_button_counts_as_yes() -> None:
    talk = Talk(offer_reason="complaint").maya("awful service", "complaint").run(ActionOfferHuman())
    talk.maya("/talk_to_human", "talk_to_human").decided("asked", "Pressed a button for a person.").run(
        ActionEscalate()
    )
    assert talk.handoffs[0]["reason"] == "complaint"


@pytest.mark.parametrize(
    ("reason", "response"),
    [
        ("complaint", "utter_person_offer_complaint"),
        (None, "utter_person_offer"),
        ("A sentence for the agent.", "utter_person_offer"),
    ],
)
def test_an_offer_is_worded_for_its_reason(reason: str | None, response: str) -> None:
    talk = Talk(offer_reason=reason).maya("hm", "complaint").run(ActionOfferHuman())
    assert talk.responses == [response]
    assert talk.slots["_person_offer"] == "open"


def test_after_a_no_the_next_occasion_only_reminds_and_the_one_after_may_ask() -> None:
    talk = Talk(offer_reason="complaint").maya("awful", "complaint").run(ActionOfferHuman())
    talk.maya("no", "deny").run(ActionKeepGoing())
    talk.maya("awful again", "complaint").run(ActionOfferHuman())
    talk.maya("awful still", "complaint").run(ActionOfferHuman())
    assert talk.responses == [
        "utter_person_offer_complaint",
        "utter_keep_going",
        "utter_person_reminder",
        "utter_person_offer",
    ]


def test_a_form_keeps_its_yes_to_itself() -> None:
    talk = Talk().maya("grr", "complaint")
    talk.form = "order_form"
    talk.run(ActionOfferHuman())
    assert talk.responses == ["utter_person_reminder"]
    assert talk.slots["_person_offer"] is None
    assert talk.followups == ["order_form"]


def test_what_was_just_offered_is_not_offered_again() -> None:
    talk = Talk(offer_reason="A sentence for the agent.").maya("it never came", "report_missing_package")
    talk.slots["_decision"] = {"outcome": "offered", "reason": "frustrated"}
    talk.run(ActionOfferHuman())
    assert talk.responses == []
    assert talk.slots["offer_reason"] == "A sentence for the agent."


def test_a_no_in_a_form_lets_the_form_go_on() -> None:
    talk = Talk(_person_offer="open", offer_reason="frustrated").maya("no", "deny")
    talk.form = "order_form"
    talk.run(ActionKeepGoing())
    assert talk.responses == ["utter_keep_going_in_form"]
    assert talk.followups == ["order_form"]
    assert talk.slots["_person_offer"] == "declined"


def test_after_a_no_nothing_else_is_said() -> None:
    talk = Talk().maya("no i dont want a person", "talk_to_human").run(ActionKeepGoing())
    assert (talk.responses, talk.followups) == (["utter_keep_going"], ["action_listen"])


def test_handed_back_the_bot_quotes_the_note() -> None:
    note = {"entity": "handback_note", "value": " Refund of $48\n is on its way. "}
    talk = Talk().maya("/agent_handed_back", "agent_handed_back", entities=[note]).run(ActionWelcomeBack())
    assert talk.responses == ["utter_welcome_back_with_note"]
    assert talk.said[0]["note"] == "Refund of $48 is on its way."
    assert talk.slots["handback_note"] == "Refund of $48 is on its way."


def test_handed_back_without_a_note_the_bot_invents_none() -> None:
    talk = Talk(handback_note="an older one").maya("/agent_handed_back", "agent_handed_back").run(ActionWelcomeBack())
    assert talk.responses == ["utter_welcome_back"]
    assert talk.slots["handback_note"] is None
