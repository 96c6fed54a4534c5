"""Every task, over the seeded orders: what it does, what it refuses, and that nothing happens twice."""

import copy
from decimal import Decimal
from pathlib import Path

import pytest

from actions.shop.counter import Counter
from actions.shop.model import OrderState, Problem
from tests.unit.actions.order_talk import OrderTalk, mailed_code

MAYA = "maya.lindqvist@example.com"
OMAR = "omar.haddad@example.com"
PRIYA = "priya.raman@example.com"
TOM = "tom.becker@example.com"

OWNERS = {
    "FD-10412": MAYA,
    "FD-10457": MAYA,
    "FD-10288": OMAR,
    "FD-09731": OMAR,
    "FD-10301": OMAR,
    "FD-10399": PRIYA,
    "FD-10420": PRIYA,
    "FD-10180": TOM,
}


async def asks(talk: OrderTalk, task: str, number: str, text: str = "please") -> list[str]:
    """Both facts and the wish in one message."""
    return await talk.says(text, task, order_number=number, email=OWNERS[number])


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("FD-10412", ["utter_order_shipped"]),
        ("FD-10457", ["utter_order_processing"]),
        ("FD-10288", ["utter_order_delivered"]),
        ("FD-09731", ["utter_order_delivered"]),
        ("FD-10301", ["utter_order_cancelled"]),
        ("FD-10399", ["utter_order_delivered"]),
        ("FD-10420", ["utter_order_late", "a person is offered"]),
        ("FD-10180", ["utter_order_delivered"]),
    ],
)
async def test_every_seeded_order_can_be_tracked(shop_counter: Counter, number: str, said: list[str]) -> None:
    talk = OrderTalk()
    assert await asks(talk, "track_order", number) == said
    assert talk.fact("number") == number


@pytest.mark.parametrize(
    ("task", "number", "said"),
    [
        ("cancel_order", "FD-10412", ["utter_refused_shipped", "a person is offered"]),
        ("cancel_order", "FD-10288", ["utter_refused_delivered"]),
        ("cancel_order", "FD-10301", ["utter_already_cancelled_paid"]),
        ("change_order", "FD-10412", ["utter_refused_shipped", "a person is offered"]),
        ("change_order", "FD-10301", ["utter_refused_cancelled"]),
        ("change_shipping_address", "FD-10420", ["utter_refused_shipped", "a person is offered"]),
        ("report_missing_package", "FD-10457", ["utter_refused_not_shipped"]),
        ("report_missing_package", "FD-10412", ["utter_not_missing_yet"]),
        ("report_damaged_item", "FD-10301", ["utter_refused_cancelled"]),
        ("return_item", "FD-10412", ["utter_refused_not_delivered"]),
        ("return_item", "FD-09731", ["utter_refused_too_late"]),
        ("return_item", "FD-10399", ["utter_return_already"]),
        ("get_refund", "FD-10420", ["utter_refused_late"]),
        ("exchange_item", "FD-09731", ["utter_refused_too_late"]),
        ("exchange_item", "FD-10412", ["utter_refused_not_delivered"]),
        ("get_refund", "FD-10457", ["utter_refund_by_cancelling"]),
        ("get_refund", "FD-10301", ["utter_refund_paid"]),
        ("get_refund", "FD-10399", ["utter_refund_on_its_way"]),
        ("get_refund", "FD-09731", ["utter_refused_too_late"]),
        ("track_refund", "FD-10301", ["utter_refund_paid"]),
        ("track_refund", "FD-10399", ["utter_refund_on_its_way"]),
        ("track_refund", "FD-10288", ["utter_no_refund"]),
        ("get_invoice", "FD-10180", ["utter_invoice"]),
    ],
)
async def test_what_needs_no_further_question(shop_counter: Counter, task: str, number: str, said: list[str]) -> None:
    assert await asks(OrderTalk(), task, number) == said


async def test_cancelling_happens_after_yes_and_once(shop_counter: Counter) -> None:
    maya = OrderTalk()
    assert await asks(maya, "cancel_order", "FD-10457") == ["utter_confirm_cancel_order"]
    assert await maya.presses("affirm") == ["utter_cancelled"]
    assert maya.fact("amount") == "$130.00"
    assert await maya.says("cancel it", "cancel_order") == ["utter_already_cancelled_refunding"]
    order = await shop_counter.shop.order("FD-10457")
    assert order is not None
    assert order.state is OrderState.CANCELLED
    assert len(order.refunds) == 1


async def test_what_an_order_is_worth_counts_only_while_it_is_in_hand(shop_counter: Counter) -> None:
    talk = OrderTalk()
    await asks(talk, "cancel_order", "FD-10457")
    assert talk.slots["_order_value"] > 0
    await talk.says("yes", "affirm")
    assert talk.slots["_order_value"] is None


async def test_no_leaves_the_order_as_it_was(shop_counter: Counter) -> None:
    maya = OrderTalk()
    await asks(maya, "cancel_order", "FD-10457")
    assert await maya.presses("deny") == ["utter_left_as_it_was"]
    order = await shop_counter.shop.order("FD-10457")
    assert order is not None
    assert order.state is OrderState.PROCESSING


@pytest.mark.parametrize(
    ("number", "wish", "said"),
    [
        ("FD-10457", ("cancel_order", "please"), "utter_cancelled"),
        ("FD-10457", ("change_order", "remove the mugs"), "utter_item_removed"),
        ("FD-10288", ("report_damaged_item", "the throw is torn"), "utter_problem_reported"),
        ("FD-10420", ("report_missing_package", "it never came"), "utter_missing_reported"),
    ],
)
async def test_a_turn_run_again_says_the_same_and_does_nothing_more(
    shop_counter: Counter, number: str, wish: tuple[str, str], said: str
) -> None:
    talk = OrderTalk()
    await asks(talk, wish[0], number, wish[1])
    before_the_crash = copy.deepcopy(talk)
    for run in (talk, before_the_crash):
        assert (await run.says("yes", "affirm", message_id="m_yes"))[0] == said
    assert talk.messages == before_the_crash.messages
    order = await shop_counter.shop.order(number)
    assert order is not None
    assert len(order.refunds) <= 1


async def test_a_size_is_changed_before_shipping(shop_counter: Counter) -> None:
    maya = OrderTalk()
    assert await asks(maya, "change_order", "FD-10457") == ["utter_ask_item_change_order"]
    assert await maya.says("the cardigan") == ["utter_ask_change"]
    assert await maya.says("a different size") == ["utter_ask_size"]
    assert await maya.says("L", size="L") == ["utter_confirm_change_order"]
    assert await maya.presses("affirm") == ["utter_size_changed"]
    order = await shop_counter.shop.order("FD-10457")
    assert order is not None
    assert order.items[0].size == "L"


async def test_an_item_is_taken_out_but_never_the_last(shop_counter: Counter) -> None:
    maya = OrderTalk()
    assert await asks(maya, "change_order", "FD-10457", "remove the mugs") == ["utter_confirm_change_order"]
    assert await maya.presses("affirm") == ["utter_item_removed"]
    assert maya.fact("amount") == "$36.00"
    assert await maya.says("remove the cardigan", "change_order") == ["utter_confirm_change_order"]
    assert await maya.presses("affirm") == ["utter_refused_last_item"]


async def test_another_kind_of_change_is_for_a_person(shop_counter: Counter) -> None:
    maya = OrderTalk()
    await asks(maya, "change_order", "FD-10457", "change the cardigan")
    assert await maya.presses("inform", change="other") == ["a person is offered"]


async def test_an_address_change_needs_the_mailed_code(shop_counter: Counter, tmp_path: Path) -> None:
    maya = OrderTalk()
    assert await asks(maya, "change_shipping_address", "FD-10457") == ["utter_ask_new_address"]
    said = await maya.says("12 Elm Street, Oakland, CA 94601", postcode="94601")
    assert said == ["utter_confirm_change_shipping_address"]
    assert await maya.presses("affirm") == ["utter_ask_code"]
    assert maya.fact("email") == "m•••@example.com"
    assert await maya.says("000000" if mailed_code(tmp_path) != "000000" else "111111") == [
        "utter_code_wrong",
        "utter_ask_code_again",
    ]
    assert await maya.says(mailed_code(tmp_path)) == ["utter_address_changed"]
    order = await shop_counter.shop.order("FD-10457")
    assert order is not None
    assert order.address.city == "Oakland"


async def test_a_new_code_replaces_the_old_one(shop_counter: Counter, tmp_path: Path) -> None:
    tom = OrderTalk()
    await asks(tom, "get_refund", "FD-10180", "refund the shirt")
    await tom.presses("inform", return_reason="too_small")
    assert await tom.presses("affirm") == ["utter_ask_code"]
    first = mailed_code(tmp_path)
    assert await tom.presses("inform", code="again") == ["utter_ask_code"]
    second = mailed_code(tmp_path)
    if first != second:
        assert (await tom.says(first))[0] == "utter_code_wrong"
    assert await tom.says(f"it's {second}") == ["utter_refund_started"]
    assert tom.fact("amount") == "$72.00"


async def test_a_late_parcel_is_reported_missing_once(shop_counter: Counter) -> None:
    priya = OrderTalk()
    assert await asks(priya, "report_missing_package", "FD-10420") == ["utter_confirm_report_missing_package"]
    assert await priya.presses("affirm") == ["utter_missing_reported", "a person is offered"]
    assert await priya.says("it never came", "report_missing_package") == ["utter_confirm_report_missing_package"]
    assert await priya.presses("affirm") == ["utter_missing_already_reported", "a person is offered"]
    assert priya.fact("reference") == "PR-10420-1"


@pytest.mark.parametrize("task", ["report_damaged_item", "report_wrong_item"])
async def test_what_is_wrong_with_an_item_is_reported(shop_counter: Counter, task: str) -> None:
    omar = OrderTalk()
    assert await asks(omar, task, "FD-10288") == [f"utter_ask_item_{task}"]
    assert await omar.says("both of them") == [f"utter_confirm_{task}"]
    assert await omar.presses("affirm") == ["utter_problem_reported", "a person is offered"]


@pytest.mark.parametrize(
    ("text", "confirmation"),
    [
        ("my throw came with a hole. money back", "utter_confirm_report_damaged_item"),
        ("something wrong with the throw, it's torn", "utter_confirm_report_damaged_item"),
        ("a throw with a hole came instead", "utter_confirm_report_wrong_item"),
        ("wrong item, and the throw is ripped", "utter_confirm_report_wrong_item"),
        ("I didn't order the throw, and it's torn", "utter_confirm_report_wrong_item"),
        ("the throw isn't the whole set", "utter_confirm_report_wrong_item"),
    ],
)
async def test_plain_words_of_damage_report_damage(shop_counter: Counter, text: str, confirmation: str) -> None:
    omar = OrderTalk()
    assert await asks(omar, "report_wrong_item", "FD-10288", text) == [confirmation]


async def test_words_of_damage_count_where_the_order_is_proved_afterwards(shop_counter: Counter) -> None:
    omar = OrderTalk()
    await omar.says("the throw of 10288 has a hole", "report_wrong_item", order_number="FD-10288")
    assert await omar.says(OMAR, email=OMAR) == ["utter_confirm_report_damaged_item"]


async def test_the_remedy_that_is_wished_for_is_noted(shop_counter: Counter) -> None:
    omar = OrderTalk()
    await asks(omar, "report_damaged_item", "FD-10288", "the throw came torn, please replace it")
    money_back = await omar.says("or rather my money back", "get_refund")
    assert money_back == ["utter_remedy_noted", "utter_confirm_report_damaged_item"]
    assert await omar.presses("affirm") == ["utter_problem_reported_with_wish", "a person is offered"]
    assert omar.fact("remedy") == "the money back"
    assert "The customer would like the money back." in omar.slots["offer_reason"]
    assert await omar.says("I want a replacement", "report_damaged_item") == ["utter_report_waits"]


async def test_the_remedy_is_kept_in_the_report(shop_counter: Counter) -> None:
    omar = OrderTalk()
    await asks(omar, "report_damaged_item", "FD-10288", "the throw came torn, I want a replacement")
    await omar.presses("affirm")
    report = await shop_counter.shop.report_problem("FD-10288", Problem.DAMAGED, ["wool-throw"], key="later")
    assert (report.already, report.detail) == (True, "Wool throw in moss; would like a new one")


async def test_a_remedy_for_what_is_reported_already_goes_to_the_person(shop_counter: Counter) -> None:
    await shop_counter.shop.report_problem("FD-10288", Problem.DAMAGED, ["wool-throw"], key="before")
    omar = OrderTalk()
    await asks(omar, "report_damaged_item", "FD-10288", "the throw came torn, I want a replacement")
    reported, stands, offered = await omar.presses("affirm")
    assert (reported, offered) == ("utter_problem_already_reported", "a person is offered")
    assert stands is None
    assert omar.messages[-1]["text"] == (
        "The report stays as it is; a person decides about it, and I'd tell them you'd like a new one."
    )
    assert "The customer would like a new one." in omar.slots["offer_reason"]


async def test_the_remedy_is_noted_before_the_order_is_proved(shop_counter: Counter) -> None:
    omar = OrderTalk()
    await omar.says("the throw of 10288 came torn", "report_damaged_item", order_number="FD-10288")
    said = await omar.says("I want a replacement", "report_damaged_item")
    assert said == ["utter_remedy_noted", "utter_ask_contact"]
    assert await omar.says(OMAR, email=OMAR) == ["utter_confirm_report_damaged_item"]
    await omar.presses("affirm")
    assert omar.fact("remedy") == "a new one"


async def test_the_size_that_somebody_has_is_not_exchanged_for_once_it_is_proved(shop_counter: Counter) -> None:
    omar = OrderTalk()
    wish = "exchange the trousers of 10288 for L, and the throw"
    assert await omar.says(wish, "exchange_item", order_number="FD-10288", size="L") == ["utter_ask_contact"]
    said = await omar.says("60614", order_number="FD-60614", postcode="60614")
    assert said == ["utter_same_size", "utter_ask_size"]
    assert await omar.says("M", size="M") == ["utter_confirm_exchange_item"]


async def test_an_unproved_orders_total_is_told_with_its_status(shop_counter: Counter) -> None:
    maya = OrderTalk()
    said = await maya.says("how much was order 10457", "follow_up", order_number="FD-10457")
    assert said == ["utter_ask_contact"]
    assert await maya.says("94107", order_number="FD-94107", postcode="94107") == ["utter_order_processing"]
    assert maya.fact("total") == "$130.00"
    assert await maya.says("how much did 10412 cost", "follow_up", order_number="FD-10412") == ["utter_price"]
    assert maya.fact("total") == "$110.00"


async def test_an_invoice_is_always_the_same_one(shop_counter: Counter) -> None:
    omar = OrderTalk()
    await asks(omar, "get_invoice", "FD-10288")
    first = omar.links
    assert await omar.says("the invoice again please", "get_invoice") == ["utter_invoice"]
    assert omar.links == first
    assert len(first[0].rsplit("/", 1)[1]) >= 43  # 256 bits


async def test_a_return_gets_a_number_and_a_label_and_only_one(shop_counter: Counter) -> None:
    omar = OrderTalk()
    assert await asks(omar, "return_item", "FD-10288") == ["utter_ask_item_return_item"]
    assert omar.buttons == ["Corduroy trousers in rust, size L", "Wool throw in moss"]
    assert await omar.presses("inform", item="wool-throw") == ["utter_ask_return_reason"]
    assert await omar.presses("inform", return_reason="changed_mind") == ["utter_confirm_return_item"]
    assert await omar.presses("affirm") == ["utter_return_started"]
    assert omar.fact("reference") == "RT-10288-1"
    label = omar.links
    assert await omar.says("return the throw", "return_item") == ["utter_return_already"]
    assert omar.fact("reference") == "RT-10288-1"
    assert omar.links == label


async def test_a_reason_in_other_words_is_taken(shop_counter: Counter) -> None:
    omar = OrderTalk()
    assert await asks(omar, "return_item", "FD-10288", "return the trousers and the throw") == [
        "utter_ask_return_reason"
    ]
    assert await omar.says("it clashes with my sofa") == ["utter_confirm_return_item"]
    assert omar.fact("amount") == "$209.00"


async def test_a_final_sale_item_stays_and_the_rest_may_go(shop_counter: Counter) -> None:
    tom = OrderTalk()
    assert await asks(tom, "return_item", "FD-10180", "return the apron") == ["utter_refused_final_sale"]
    assert tom.fact("final") == "the Canvas apron in clay"
    assert await tom.says("the shirt then", "return_item") == ["utter_ask_return_reason"]


async def test_medium_is_exchanged_for_large_out_of_the_stock(shop_counter: Counter) -> None:
    tom = OrderTalk()
    assert await asks(tom, "exchange_item", "FD-10180") == ["utter_ask_size"]
    assert tom.buttons == ["S", "L", "XL"]
    assert await tom.says("M", size="M") == ["utter_same_size", "utter_ask_size"]
    assert await tom.says("xs", size="XS") == ["utter_size_not_there", "utter_ask_size"]
    assert await tom.says("a large then", size="L") == ["utter_confirm_exchange_item"]
    assert await tom.presses("affirm") == ["utter_exchange_started"]
    assert await tom.says("and return it", "return_item") == ["utter_exchange_already"]


async def exchanges_the_trousers() -> OrderTalk:
    """Omar has changed the trousers of FD-10288 for an M; RT-10288-1 is their number."""
    omar = OrderTalk()
    await asks(omar, "exchange_item", "FD-10288", "swap the trousers")
    await omar.says("M", size="M")
    assert await omar.presses("affirm") == ["utter_exchange_started"]
    return omar


async def test_the_refund_agreed_to_is_the_refund_booked(shop_counter: Counter, tmp_path: Path) -> None:
    omar = await exchanges_the_trousers()
    await omar.says("i want a refund", "get_refund")
    await omar.says("both")
    assert await omar.says("too big", return_reason="too_large") == [None, "utter_confirm_get_refund"]
    assert omar.messages[0]["text"] == (
        "There's already an exchange for the Corduroy trousers in rust, size L (RT-10288-1), "
        "so this is for the Wool throw in moss only."
    )
    assert (omar.fact("items"), omar.fact("amount")) == ("the Wool throw in moss", "$120.00")
    await omar.presses("affirm")
    assert await omar.says(mailed_code(tmp_path)) == ["utter_refund_started"]
    assert (omar.fact("items"), omar.fact("amount")) == ("the Wool throw in moss", "$120.00")
    assert omar.fact("reference") == "RT-10288-2"
    order = await shop_counter.shop.order("FD-10288")
    assert order is not None
    assert [refund.amount for refund in order.refunds] == [Decimal(120)]


async def test_a_return_of_both_leaves_out_what_is_being_exchanged(shop_counter: Counter) -> None:
    omar = await exchanges_the_trousers()
    await omar.says("return the trousers and the throw", "return_item")
    assert await omar.presses("inform", return_reason="changed_mind") == [None, "utter_confirm_return_item"]
    before_the_crash = copy.deepcopy(omar)
    for run in (omar, before_the_crash):
        assert await run.says("yes", "affirm", message_id="m_yes") == ["utter_return_started"]
        assert (run.fact("items"), run.fact("amount")) == ("the Wool throw in moss", "$120.00")
        assert run.fact("reference") == "RT-10288-2"


@pytest.mark.parametrize("task", ["return_item", "get_refund"])
async def test_of_all_that_is_under_way_each_number_is_said(shop_counter: Counter, task: str) -> None:
    omar = await exchanges_the_trousers()
    await omar.says("return the throw", "return_item")
    await omar.presses("inform", return_reason="changed_mind")
    await omar.presses("affirm")
    await omar.says("send both of them back", task)
    assert omar.messages[0]["text"] == (
        "All of that is under way already: there's an exchange for the Corduroy trousers in rust, size L (RT-10288-1) "
        "and a return for the Wool throw in moss (RT-10288-2)."
    )


async def test_money_for_what_is_being_exchanged_is_for_a_person(shop_counter: Counter) -> None:
    omar = await exchanges_the_trousers()
    assert await omar.says("refund the trousers", "get_refund") == ["utter_exchange_already", "a person is offered"]


async def test_what_has_no_sizes_cannot_be_exchanged(shop_counter: Counter) -> None:
    assert await asks(OrderTalk(), "exchange_item", "FD-10288", "swap the throw") == ["utter_refused_no_sizes"]


async def test_a_refund_of_a_return_is_tracked(shop_counter: Counter) -> None:
    omar = OrderTalk()
    await asks(omar, "return_item", "FD-10288", "return the throw, changed my mind")
    await omar.presses("inform", return_reason="changed_mind")
    await omar.presses("affirm")
    assert await omar.says("where is my refund", "track_refund") == ["utter_refund_waiting_for_parcel"]


async def test_a_complaint_is_heard_and_a_person_offered(shop_counter: Counter) -> None:
    maya = OrderTalk()
    assert await maya.says("this is a disgrace", "complaint") == ["utter_complaint_heard", "a person is offered"]
    assert maya.slots["offer_reason"] == "complaint"
