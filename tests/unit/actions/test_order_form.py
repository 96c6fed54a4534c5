"""How a task is talked through: corrections, switches, coming back, giving up."""

from pathlib import Path

import pytest
import yaml

from actions.answers import REASON_BUTTONS
from actions.shop.counter import Counter
from tests.unit.actions.order_talk import INTERRUPTED, OrderTalk

MAYA = "maya.lindqvist@example.com"
OMAR = "omar.haddad@example.com"
TOM = "tom.becker@example.com"


async def test_number_and_email_are_asked_for_in_turn(shop_counter: Counter) -> None:
    maya = OrderTalk()
    assert await maya.says("where's my order?", "track_order") == ["utter_ask_number"]
    assert await maya.says("10412", order_number="FD-10412") == ["utter_ask_contact"]
    assert await maya.says(MAYA, email=MAYA) == ["utter_order_shipped"]


async def test_both_facts_in_one_message_are_enough(shop_counter: Counter) -> None:
    maya = OrderTalk()
    said = await maya.says(f"where's 10412, {MAYA}", "track_order", order_number="FD-10412", email=MAYA)
    assert said == ["utter_order_shipped"]


async def test_five_digits_are_the_postcode_when_that_was_asked(shop_counter: Counter) -> None:
    maya = OrderTalk()
    await maya.says("track 10412", "track_order", order_number="FD-10412")
    assert await maya.says("94107", order_number="FD-94107", postcode="94107") == ["utter_order_shipped"]
    assert maya.slots["order_number"] == "FD-10412"


async def test_a_new_email_changes_only_the_email(shop_counter: Counter) -> None:
    maya = OrderTalk()
    await maya.says("track 10412", "track_order", order_number="FD-10412")
    assert await maya.says("maya@example.com", email="maya@example.com") == ["utter_no_match"]
    assert await maya.says(f"sorry, {MAYA}", email=MAYA) == ["utter_order_shipped"]


async def test_a_new_number_is_tried_with_the_email_given_before(shop_counter: Counter) -> None:
    maya = OrderTalk()
    await maya.says("track 10414", "track_order", order_number="FD-10414")
    await maya.says(MAYA, email=MAYA)
    assert await maya.says("10412 I meant", order_number="FD-10412") == ["utter_order_shipped"]


async def test_five_digits_may_be_the_number_that_was_off(shop_counter: Counter) -> None:
    maya = OrderTalk()
    await maya.says("track 10414", "track_order", order_number="FD-10414")
    assert await maya.says(MAYA, email=MAYA) == ["utter_no_match"]
    said = await maya.says("10412", order_number="FD-10412", postcode="10412")
    assert said == ["utter_order_shipped"]
    assert maya.slots["order_number"] == "FD-10412"


async def test_the_number_may_be_put_right_before_the_email_comes(shop_counter: Counter) -> None:
    maya = OrderTalk()
    await maya.says("track 10414", "track_order", order_number="FD-10414")
    assert await maya.says("oh 10412", order_number="FD-10412", postcode="10412") == ["utter_ask_contact"]
    assert await maya.says(MAYA, email=MAYA) == ["utter_order_shipped"]


async def test_digits_alike_the_number_put_it_right_and_count_as_no_wrong_try(shop_counter: Counter) -> None:
    maya = OrderTalk()
    await maya.says("track 10421", "track_order", order_number="FD-10421")
    assert await maya.says("10412", order_number="FD-10412", postcode="10412") == ["utter_ask_contact"]
    assert maya.slots["order_number"] == "FD-10412"
    assert maya.slots.get("_contact_tries") is None


async def test_digits_unlike_the_number_are_a_wrong_postcode(shop_counter: Counter) -> None:
    maya = OrderTalk()
    await maya.says("track 10412", "track_order", order_number="FD-10412")
    assert await maya.says("97205", order_number="FD-97205", postcode="97205") == ["utter_no_match"]
    assert maya.slots["order_number"] == "FD-10412"


@pytest.mark.parametrize("words", ["wait let me look. {}", "no email at hand, zip {}?", "no, {} is my zip"])
async def test_a_postcode_with_a_slip_is_no_order_number(shop_counter: Counter, words: str) -> None:
    maya = OrderTalk()
    await maya.says("track 10412", "track_order", order_number="FD-10412")
    said = await maya.says(words.format("94108"), order_number="FD-94108", postcode="94108")
    assert said == ["utter_no_match"]
    assert maya.slots["order_number"] == "FD-10412"


async def test_another_number_after_second_thoughts_puts_it_right(shop_counter: Counter) -> None:
    omar = OrderTalk()
    await omar.says("where is 10301", "track_order", order_number="FD-10301")
    said = await omar.says("oh wait 10288", order_number="FD-10288", postcode="10288")
    assert said == ["utter_ask_contact"]
    assert omar.slots["order_number"] == "FD-10288"


async def test_the_postcode_of_the_order_is_tried_first_however_alike_it_is_to_the_number(
    shop_counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def verify(sender_id: str, number: str, contact: str) -> bool:
        tried.append((number, contact))
        return contact == "10413"

    tried: list[tuple[str, str]] = []
    monkeypatch.setattr(shop_counter.sessions, "verify", verify)
    maya = OrderTalk()
    await maya.says("track 10412", "track_order", order_number="FD-10412")
    await maya.says("10413", order_number="FD-10413", postcode="10413")
    assert tried == [("FD-10412", "10413")]
    assert maya.slots["order_number"] == "FD-10412"


async def test_five_digits_that_are_called_the_number_are_no_postcode(shop_counter: Counter) -> None:
    maya = OrderTalk()
    await maya.says("track 10414", "track_order", order_number="FD-10414")
    said = await maya.says("sorry, I meant 10412", order_number="FD-10412", postcode="10412")
    assert said == ["utter_ask_contact"]
    assert await maya.says("my zip is 94107", order_number="FD-94107", postcode="94107") == ["utter_order_shipped"]


async def test_number_and_postcode_without_a_wish_show_the_order(shop_counter: Counter) -> None:
    maya = OrderTalk()
    assert await maya.says("10412", order_number="FD-10412") == ["utter_which_task"]
    said = await maya.says("94107", order_number="FD-94107", postcode="94107")
    assert said == ["utter_order_shipped"]
    assert maya.slots["order_number"] == "FD-10412"


async def test_a_question_beside_the_wish_is_answered_first(shop_counter: Counter) -> None:
    maya = OrderTalk()
    said = await maya.says(
        "where is 10412 and what's your return policy?",
        "track_order",
        requests={"track_order": "where is 10412", "faq/return_policy": "what's your return policy"},
        order_number="FD-10412",
    )
    assert said == ["utter_faq/return_policy", "utter_ask_contact"]


async def test_a_second_wish_in_a_message_is_done_after_the_first(shop_counter: Counter) -> None:
    maya = OrderTalk()
    said = await maya.says(
        f"where is 10412 and can I get the invoice? {MAYA}",
        "get_invoice",
        requests={"track_order": "where is 10412", "get_invoice": "can I get the invoice"},
        order_number="FD-10412",
        email=MAYA,
    )
    assert said == ["utter_order_shipped", "utter_next_task", "utter_invoice"]


async def test_a_second_wish_may_be_about_another_order(shop_counter: Counter) -> None:
    maya = OrderTalk()
    requests = {"cancel_order": "I want to cancel 10457", "track_order": "where is 10412"}
    said = await maya.says(
        "I want to cancel 10457 and where is 10412?", "cancel_order", None, requests, order_number="FD-10457"
    )
    assert said == ["utter_ask_contact"]
    await maya.says("94107", order_number="FD-94107", postcode="94107")
    assert await maya.says("yes", "affirm") == ["utter_cancelled", "utter_next_task", "utter_order_shipped"]
    assert maya.fact("number") == "FD-10412"


async def test_one_wish_in_two_wordings_is_done_once(shop_counter: Counter) -> None:
    omar = OrderTalk()
    said = await omar.says(
        f"I want to send the throw of 10288 back and I want a refund, {OMAR}",
        "return_item",
        requests={"return_item": "I want to send the throw of 10288 back", "get_refund": "I want a refund"},
        order_number="FD-10288",
        email=OMAR,
    )
    assert said == ["utter_ask_return_reason"]
    assert omar.slots.get("_paused_task") is None


async def test_another_size_of_what_has_not_shipped_is_a_change(shop_counter: Counter) -> None:
    maya = OrderTalk()
    text = f"swap the cardigan of 10457 for an L, {MAYA}"
    said = await maya.says(text, "exchange_item", order_number="FD-10457", email=MAYA, size="L")
    assert said == ["utter_confirm_change_order"]
    assert await maya.says("yes", "affirm") == ["utter_size_changed"]


async def test_an_unclear_answer_to_which_item_is_asked_in_other_words(shop_counter: Counter) -> None:
    omar = OrderTalk()
    await omar.says(f"return 10288 {OMAR}", "return_item", order_number="FD-10288", email=OMAR)
    assert await omar.says("yes", "affirm") == ["utter_ask_item_again"]


async def test_three_wrong_emails_end_with_the_offer_of_a_person(shop_counter: Counter) -> None:
    maya = OrderTalk()
    await maya.says("cancel 10457", "cancel_order", order_number="FD-10457")
    assert await maya.says("a@b.example", email="a@b.example") == ["utter_no_match"]
    assert await maya.says("c@d.example", email="c@d.example") == ["utter_no_match"]
    assert await maya.says("e@f.example", email="e@f.example") == ["utter_cannot_match", "a person is offered"]
    assert (await shop_counter.shop.order("FD-10457")).state == "processing"  # type: ignore[union-attr]


async def test_after_three_wrong_emails_the_right_one_still_works(shop_counter: Counter) -> None:
    maya = OrderTalk()
    await maya.says("track 10412", "track_order", order_number="FD-10412")
    for wrong in ("a@b.example", "c@d.example", "e@f.example"):
        await maya.says(wrong, email=wrong)
    assert await maya.says(f"10412 {MAYA}", "track_order", email=MAYA) == ["utter_order_shipped"]


async def test_not_answering_three_times_ends_with_the_offer_of_a_person(shop_counter: Counter) -> None:
    maya = OrderTalk()
    await maya.says("cancel my order", "cancel_order")
    assert await maya.says("I don't know") == ["utter_ask_number_again"]
    assert await maya.says("no idea", "deny") == ["utter_ask_number_again"]
    assert await maya.says("really not", "deny") == ["utter_cannot_match", "a person is offered"]


async def test_giving_up_on_the_confirmation_changes_nothing(shop_counter: Counter) -> None:
    maya = OrderTalk()
    await maya.says(f"cancel 10457 {MAYA}", "cancel_order", order_number="FD-10457", email=MAYA)
    await maya.says("the mugs are blue")
    await maya.says("and round")
    assert await maya.says("and nice") == ["utter_stuck", "a person is offered"]
    assert (await shop_counter.shop.order("FD-10457")).state == "processing"  # type: ignore[union-attr]


async def test_a_question_about_the_shop_is_answered_and_the_form_asks_again(shop_counter: Counter) -> None:
    omar = OrderTalk()
    await omar.says("return 10288", "return_item", order_number="FD-10288")
    assert await omar.says("what's your return policy?", "faq") == [INTERRUPTED, "utter_ask_contact"]
    assert await omar.says(OMAR, email=OMAR) == ["utter_ask_item_return_item"]


async def test_never_mind_stops_and_changes_nothing(shop_counter: Counter) -> None:
    maya = OrderTalk()
    await maya.says(f"cancel 10457 {MAYA}", "cancel_order", order_number="FD-10457", email=MAYA)
    assert await maya.says("never mind", "stop") == ["utter_stopped"]
    assert not maya.in_form
    assert (await shop_counter.shop.order("FD-10457")).state == "processing"  # type: ignore[union-attr]


async def test_changed_my_mind_is_a_reason_when_reasons_were_asked_for(shop_counter: Counter) -> None:
    omar = OrderTalk()
    await omar.says(f"return the throw of 10288 {OMAR}", "return_item", order_number="FD-10288", email=OMAR)
    assert await omar.says("changed my mind", "stop", return_reason="changed_mind") == ["utter_confirm_return_item"]


async def test_looking_at_another_order_comes_back_to_the_return(shop_counter: Counter) -> None:
    omar = OrderTalk()
    await omar.says(f"return the throw of 10288 {OMAR}", "return_item", order_number="FD-10288", email=OMAR)
    said = await omar.says("where is 10301?", "track_order", order_number="FD-10301")
    assert said == ["utter_order_cancelled", "utter_back_to_task", "utter_ask_return_reason"]
    assert await omar.says("too big", return_reason="too_large") == ["utter_confirm_return_item"]
    assert omar.fact("number") == "FD-10288"
    assert omar.fact("items") == "the Wool throw in moss"


async def test_switching_to_another_wish_keeps_what_was_said(shop_counter: Counter) -> None:
    tom = OrderTalk()
    await tom.says(f"return the shirt of 10180 {TOM}", "return_item", order_number="FD-10180", email=TOM)
    assert await tom.says("actually exchange it", "exchange_item") == ["utter_ask_size"]
    assert tom.fact("item") == "Oxford shirt in white, size M"


async def test_broken_is_an_answer_to_why_and_not_another_wish(shop_counter: Counter) -> None:
    omar = OrderTalk()
    await omar.says(f"return the throw of 10288 {OMAR}", "return_item", order_number="FD-10288", email=OMAR)
    said = await omar.says("it arrived broken", "report_damaged_item", return_reason="damaged")
    assert said == ["utter_confirm_return_item"]


async def test_another_item_corrects_the_one_said_before(shop_counter: Counter) -> None:
    omar = OrderTalk()
    await omar.says(f"return the throw of 10288 {OMAR}", "return_item", order_number="FD-10288", email=OMAR)
    await omar.says("too big", return_reason="too_large")
    assert await omar.says("no, the trousers", "deny") == ["utter_confirm_return_item"]
    assert omar.fact("items") == "the Corduroy trousers in rust, size L"


async def test_another_order_asks_again_which_item(shop_counter: Counter) -> None:
    maya = OrderTalk()
    await maya.says(f"cancel 10457 {MAYA}", "cancel_order", order_number="FD-10457", email=MAYA)
    said = await maya.says("no wait, 10412", order_number="FD-10412")
    assert said == ["utter_refused_shipped", "a person is offered"]


async def test_the_order_just_shown_is_remembered(shop_counter: Counter) -> None:
    omar = OrderTalk()
    await omar.says(f"where is 10288 {OMAR}", "track_order", order_number="FD-10288", email=OMAR)
    assert await omar.says("and can I return it?", "return_item") == ["utter_ask_item_return_item"]


async def test_a_bare_size_is_not_taken_for_a_yes(shop_counter: Counter) -> None:
    tom = OrderTalk()
    await tom.says(f"exchange 10180 {TOM}", "exchange_item", order_number="FD-10180", email=TOM)
    await tom.presses("inform", size="L")
    assert await tom.says("s", "affirm", size="S") == ["utter_confirm_exchange_item"]
    assert tom.fact("size") == "S"


async def test_an_address_in_the_wish_is_not_asked_for_again(shop_counter: Counter) -> None:
    maya = OrderTalk()
    text = "change the address of 10457 to 88 Alder Street, Portland, OR 97205"
    await maya.says(text, "change_shipping_address", order_number="FD-10457", postcode="97205")
    assert await maya.says("94107", postcode="94107") == ["utter_confirm_change_shipping_address"]
    assert maya.fact("address") == "88 Alder Street, Portland, OR 97205"


async def test_a_person_taking_over_mid_task_leaves_nothing_behind(shop_counter: Counter) -> None:
    omar = OrderTalk()
    await omar.says(f"return the throw of 10288 {OMAR}", "return_item", order_number="FD-10288", email=OMAR)
    await omar.says("too big", return_reason="too_large")
    omar.in_form, omar.slots["requested_slot"] = False, None
    assert await omar.says("I want a refund", "get_refund") == ["utter_ask_item_get_refund"]


async def test_what_was_wished_for_one_order_is_wished_for_the_one_that_was_meant(shop_counter: Counter) -> None:
    maya = OrderTalk()
    wish = "send 10412 to 88 Alder Street, Portland, OR 97205"
    said = await maya.says(wish, "change_shipping_address", order_number="FD-10412", email=MAYA, postcode="97205")
    assert said == ["utter_refused_shipped", "a person is offered"]
    said = await maya.says("sorry, 10457 I meant", order_number="FD-10457", postcode="10457")
    assert said == ["utter_confirm_change_shipping_address"]
    assert maya.fact("address") == "88 Alder Street, Portland, OR 97205"


async def test_a_second_order_is_nobodys_postcode(shop_counter: Counter) -> None:
    maya = OrderTalk()
    said = await maya.says("track 10412 and 10457", "track_order", order_number="FD-10412", postcode="10457")
    assert said == ["utter_ask_contact"]
    said = await maya.says("94107", order_number="FD-94107", postcode="94107")
    assert said == ["utter_order_shipped", "utter_next_task", "utter_order_processing"]


async def test_the_label_of_another_item_is_a_new_return(shop_counter: Counter) -> None:
    omar = OrderTalk()
    await omar.says(f"return the throw of 10288 {OMAR}", "return_item", order_number="FD-10288", email=OMAR)
    await omar.presses("inform", return_reason="other")
    await omar.presses("affirm")
    assert await omar.says("where is my label?", "track_order") == ["utter_return_already"]
    assert await omar.says("I need a label for the trousers", "return_item") == ["utter_ask_return_reason"]


async def test_the_postcode_beside_two_wishes_for_one_order_is_no_second_order(shop_counter: Counter) -> None:
    maya = OrderTalk()
    requests = {"track_order": "track 10457", "cancel_order": "cancel it, 94107"}
    text = "track 10457 and cancel it, 94107"
    said = await maya.says(text, "cancel_order", None, requests, order_number="FD-10457", postcode="94107")
    assert said == ["utter_order_processing", "utter_next_task", "utter_confirm_cancel_order"]
    assert maya.fact("number") == "FD-10457"


async def test_asking_where_the_label_will_be_does_not_throw_the_return_away(shop_counter: Counter) -> None:
    omar = OrderTalk()
    await omar.says(f"return the throw of 10288 {OMAR}", "return_item", order_number="FD-10288", email=OMAR)
    await omar.says("too big", return_reason="too_large")
    said = await omar.says("where do I get the label, I never got a label", "return_item")
    assert said == ["utter_confirm_return_item"]
    assert await omar.says("yes", "affirm") == ["utter_return_started"]


@pytest.mark.parametrize(
    ("words", "intent", "other"),
    [
        ("forgot it", "stop", "The postcode will do, too"),
        ("i forgot my email", "faq", "The postcode will do, too"),
        ("no idea", "nlu_fallback", "The postcode will do, too"),
        ("i can't remember my zip", "inform", "The e-mail address you ordered with will do, too"),
    ],
)
async def test_who_forgot_one_proof_is_asked_for_the_other_then_offered_a_person(
    shop_counter: Counter, words: str, intent: str, other: str
) -> None:
    maya = OrderTalk()
    await maya.says("track 10412", "track_order", order_number="FD-10412")
    assert await maya.says(words, intent) == [None]
    assert other in maya.messages[0]["text"]
    assert await maya.says("i forgot", "stop") == [None]
    assert maya.buttons == ["Talk to a person"]
    assert await maya.says("94107", order_number="FD-94107", postcode="94107") == ["utter_order_shipped"]


async def test_who_has_no_number_at_hand_is_offered_a_person(shop_counter: Counter) -> None:
    maya = OrderTalk()
    await maya.says("where's my order?", "track_order")
    assert await maya.says("i forgot it", "stop") == ["utter_ask_number_again"]


async def test_forget_it_still_ends_the_task(shop_counter: Counter) -> None:
    maya = OrderTalk()
    await maya.says("track 10412", "track_order", order_number="FD-10412")
    assert await maya.says("forget it", "stop") == ["utter_stopped"]


async def test_the_size_of_one_item_is_not_the_next_ones(shop_counter: Counter) -> None:
    maya = OrderTalk()
    wish = "make the cardigan an S"
    said = await maya.says(wish, "change_order", order_number="FD-10457", email=MAYA, size="S")
    assert said == ["utter_confirm_change_order"]
    assert await maya.says("no, the mugs") == ["utter_ask_change"]
    assert maya.slots["size"] is None
    assert await maya.presses("inform", change="size") == ["utter_item_has_no_sizes"]
    assert await maya.says("L", size="L") == ["utter_item_has_no_sizes"]
    assert await maya.presses("inform", change="remove") == ["utter_confirm_change_order"]
    assert maya.fact("what") == "take the 2 × Stoneware mug out and give you $36.00 back"


async def test_an_address_that_comes_before_the_proof_is_kept(shop_counter: Counter) -> None:
    maya = OrderTalk()
    await maya.says("send 10457 somewhere else", "change_shipping_address", order_number="FD-10457")
    lines = "88 Alder Street\nPortland, OR 97205"
    assert await maya.says(lines, order_number="FD-97205", postcode="97205") == ["utter_ask_contact"]
    said = await maya.says("94107", order_number="FD-94107", postcode="94107")
    assert said == ["utter_confirm_change_shipping_address"]
    assert maya.fact("address") == "88 Alder Street, Portland, OR 97205"


async def test_lines_of_an_address_are_no_misses(shop_counter: Counter) -> None:
    maya = OrderTalk()
    await maya.says("send it elsewhere", "change_shipping_address", order_number="FD-10457", email=MAYA)
    for line in ("88 Alder Street", "Apt 4", "Portland", "OR"):
        assert await maya.says(line) == ["utter_ask_rest_of_address"]
    said = await maya.says("97205", order_number="FD-97205", postcode="97205")
    assert said == ["utter_confirm_change_shipping_address"]
    assert maya.fact("address") == "88 Alder Street Apt 4, Portland, OR 97205"


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("how long does shipping take", "faq"),
        ("thanks", "thank"),
        ("this is taking forever", "complaint"),
    ],
)
async def test_what_is_said_beside_a_begun_address_is_heard(shop_counter: Counter, words: str, intent: str) -> None:
    maya = OrderTalk()
    await maya.says("send it elsewhere", "change_shipping_address", order_number="FD-10457", email=MAYA)
    assert await maya.says("88 Alder Street") == ["utter_ask_rest_of_address"]
    assert (await maya.says(words, intent))[0] == INTERRUPTED


async def test_an_ok_between_its_lines_does_not_spoil_an_address(shop_counter: Counter) -> None:
    maya = OrderTalk()
    await maya.says("send it elsewhere", "change_shipping_address", order_number="FD-10457", email=MAYA)
    for line, intent in (("88 Alder Street", "inform"), ("ok", "affirm"), ("Portland, OR", "nlu_fallback")):
        assert await maya.says(line, intent) == ["utter_ask_rest_of_address"]
    said = await maya.says("97205", order_number="FD-97205", postcode="97205")
    assert said == ["utter_confirm_change_shipping_address"]
    assert maya.fact("address") == "88 Alder Street, Portland, OR 97205"


@pytest.mark.parametrize(("last", "intent"), [("97205", "inform"), ("Portland, OR 97205", "faq")])
async def test_an_address_that_cannot_be_read_though_it_has_its_zip_is_asked_for_anew(
    shop_counter: Counter, last: str, intent: str
) -> None:
    maya = OrderTalk()
    await maya.says("send it elsewhere", "change_shipping_address", order_number="FD-10457", email=MAYA)
    for line in ("88 Alder Street", "the one by the river: Portland"):
        assert await maya.says(line) == ["utter_ask_rest_of_address"]
    said = await maya.says(last, intent, order_number="FD-97205", postcode="97205")
    assert said == ["utter_address_unclear", "utter_ask_new_address"]
    said = await maya.says("88 Alder Street, Portland, OR 97205", postcode="97205")
    assert said == ["utter_confirm_change_shipping_address"]


@pytest.mark.parametrize("address", ["418 Connecticut Street, San Francisco, CA", "88 Alder Street, Portland, OR"])
@pytest.mark.parametrize("postcode", ["94107", "97205"])
async def test_an_address_said_to_prove_an_order_is_no_new_one(
    shop_counter: Counter, address: str, postcode: str
) -> None:
    maya = OrderTalk()
    await maya.says("cancel 10457", "cancel_order", order_number="FD-10457")
    await maya.says(f"{address} {postcode}", order_number=f"FD-{postcode}", postcode=postcode)
    assert maya.slots.get("new_address") is None


async def test_an_address_that_comes_with_the_wish_for_it_is_kept(shop_counter: Counter) -> None:
    maya = OrderTalk()
    await maya.says("where is 10457", "track_order", order_number="FD-10457")
    wish = "send it to 88 Alder Street, Portland, OR 97205"
    await maya.says(wish, "change_shipping_address", order_number="FD-97205", postcode="97205")
    assert maya.slots["new_address"] == "88 Alder Street, Portland, OR 97205"
    said = await maya.says("94107", order_number="FD-94107", postcode="94107")
    assert said == ["utter_confirm_change_shipping_address"]


@pytest.mark.parametrize(
    ("answer", "intent", "reason"),
    [
        ("no", "deny", "other"),
        ("skip", "stop", "other"),
        ("none", "deny", "other"),
        ("-", "nlu_fallback", "other"),
        ("2", "inform", "too_large"),
        ("option 5", "nlu_fallback", "changed_mind"),
    ],
)
async def test_a_return_needs_no_reason_and_takes_a_buttons_number(
    shop_counter: Counter, answer: str, intent: str, reason: str
) -> None:
    omar = OrderTalk()
    await omar.says("return the throw", "return_item", order_number="FD-10288", email=OMAR)
    assert await omar.says(answer, intent) == ["utter_confirm_return_item"]
    assert omar.slots["return_reason"] == reason


async def test_a_number_that_no_button_has_is_asked_about(shop_counter: Counter) -> None:
    omar = OrderTalk()
    await omar.says("return the throw", "return_item", order_number="FD-10288", email=OMAR)
    assert await omar.says("9") == ["utter_any_reason", "utter_ask_return_reason"]
    assert await omar.says("it itches") == ["utter_confirm_return_item"]


def test_the_reasons_are_numbered_as_their_buttons_are() -> None:
    written = yaml.safe_load(Path("data/returns/return_item.yml").read_text())
    buttons = written["responses"]["utter_ask_return_reason"][0]["buttons"]
    assert [button["payload"] for button in buttons] == [
        f'/inform{{"return_reason": "{reason}"}}' for reason in REASON_BUTTONS
    ]


async def test_calling_off_the_exchange_ends_it(shop_counter: Counter) -> None:
    tom = OrderTalk()
    await tom.says("exchange the shirt", "exchange_item", order_number="FD-10180", email=TOM)
    assert await tom.says("cancel the exchange", "exchange_item") == ["utter_stopped"]
    assert tom.slots["task"] is None
