"""What counts as a yes to something that can't be undone, and what is done with the rest."""

import pytest

from actions.shop.counter import Counter
from actions.shop.model import OrderState
from tests.unit.actions.order_talk import OrderTalk

MAYA = "maya.lindqvist@example.com"
OMAR = "omar.haddad@example.com"
TOM = "tom.becker@example.com"
ADDRESS = "88 Alder Street, Portland, OR 97205"


async def asked_to_cancel() -> OrderTalk:
    maya = OrderTalk()
    said = await maya.says(f"cancel 10457 {MAYA}", "cancel_order", order_number="FD-10457", email=MAYA)
    assert said == ["utter_confirm_cancel_order"]
    return maya


async def asked_to_return_everything() -> OrderTalk:
    omar = OrderTalk()
    wish = f"return everything from 10288 {OMAR}"
    await omar.says(wish, "return_item", order_number="FD-10288", email=OMAR)
    assert await omar.says("too big", return_reason="too_large") == ["utter_confirm_return_item"]
    return omar


async def state_of_10457(shop_counter: Counter) -> OrderState:
    order = await shop_counter.shop.order("FD-10457")
    assert order is not None
    return order.state


@pytest.mark.parametrize("words", ["yes wait", "yeah hang on", "ok but wait", "sure, one moment please"])
async def test_a_yes_that_waits_cancels_nothing(shop_counter: Counter, words: str) -> None:
    maya = await asked_to_cancel()
    assert await maya.says(words, "affirm", confidence=1.0) == ["utter_no_hurry", "utter_confirm_cancel_order"]
    assert await state_of_10457(shop_counter) is OrderState.PROCESSING
    assert await maya.says("yes", "affirm") == ["utter_cancelled"]


@pytest.mark.parametrize("words", ["correct, but only the mugs", "ok so only the mugs then"])
async def test_a_yes_to_one_thing_of_an_order_says_how_to_take_that_out(shop_counter: Counter, words: str) -> None:
    maya = await asked_to_cancel()
    assert await maya.says(words, "affirm", confidence=1.0) == [None, "utter_confirm_cancel_order"]
    assert 'say "remove the Stoneware mug"' in maya.messages[0]["text"]
    assert await state_of_10457(shop_counter) is OrderState.PROCESSING


@pytest.mark.parametrize("words", ["yes but why", "ok, if I get the money first", "yes, not now"])
async def test_a_yes_with_a_proviso_is_asked_again(shop_counter: Counter, words: str) -> None:
    maya = await asked_to_cancel()
    assert await maya.says(words, "affirm", confidence=1.0) == ["utter_confirm_cancel_order"]
    assert await state_of_10457(shop_counter) is OrderState.PROCESSING


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("ok don't cancel it", "cancel_order"),
        ("sure, don't cancel it", "affirm"),
        ("yes i'm sure i don't want to cancel", "cancel_order"),
        ("never mind don't cancel it", "cancel_order"),
    ],
)
async def test_a_yes_to_not_cancelling_cancels_nothing(shop_counter: Counter, words: str, intent: str) -> None:
    maya = await asked_to_cancel()
    assert await maya.says(words, intent, confidence=1.0) == ["utter_left_as_it_was"]
    assert await state_of_10457(shop_counter) is OrderState.PROCESSING


@pytest.mark.parametrize("words", ["ok don't return it", "sure, but don't send it back"])
async def test_a_yes_to_not_returning_books_no_return(shop_counter: Counter, words: str) -> None:
    omar = await asked_to_return_everything()
    assert await omar.says(words, "return_item", confidence=1.0) == ["utter_left_as_it_was"]


async def test_a_yes_to_not_exchanging_books_no_exchange(shop_counter: Counter) -> None:
    tom = OrderTalk()
    await tom.says(f"exchange the shirt of 10180 {TOM}", "exchange_item", order_number="FD-10180", email=TOM)
    assert await tom.says("L", size="L") == ["utter_confirm_exchange_item"]
    assert await tom.says("sure don't exchange it", "exchange_item", confidence=1.0) == ["utter_left_as_it_was"]


async def test_a_yes_to_half_an_address_sends_no_code(shop_counter: Counter) -> None:
    maya = OrderTalk()
    wish = f"send 10457 to {ADDRESS} {MAYA}"
    said = await maya.says(wish, "change_shipping_address", order_number="FD-10457", email=MAYA)
    assert said == ["utter_confirm_change_shipping_address"]
    assert await maya.says("yes but 89 Alder Street", "affirm", confidence=1.0) == ["utter_whole_address"]
    assert maya.slots["new_address"] is None
    assert await maya.says("hm") == ["utter_ask_new_address"]


async def test_a_question_about_not_sending_it_back_ends_no_return(shop_counter: Counter) -> None:
    omar = await asked_to_return_everything()
    said = await omar.says("what happens if I don't send it back?", "faq", confidence=0.5)
    assert said[-1] == "utter_confirm_return_item"


@pytest.mark.parametrize(
    ("words", "intent", "confidence", "is_yes"),
    [
        ("yes please, go ahead", "affirm", 0.0, True),
        ("yes, cancel everything", "cancel_order", 0.6, True),
        ("yes, cancel everything", "cancel_order", 0.3, False),
        ("let's", "affirm", 0.9, True),
        ("let's", "affirm", 0.7, False),
        ("cancel it", "cancel_order", 1.0, False),
    ],
)
async def test_what_is_more_than_a_plain_yes_has_to_be_sure(
    shop_counter: Counter, words: str, intent: str, confidence: float, is_yes: bool
) -> None:
    maya = await asked_to_cancel()
    said = await maya.says(words, intent, confidence=confidence)
    assert said == ["utter_cancelled" if is_yes else "utter_confirm_cancel_order"]


async def test_a_yes_to_all_but_one_thing_is_about_the_other(shop_counter: Counter) -> None:
    omar = await asked_to_return_everything()
    assert await omar.says("ok but not the trousers", confidence=0.9) == ["utter_confirm_return_item"]
    assert omar.fact("items") == "the Wool throw in moss"
    assert await omar.says("yes", "affirm") == ["utter_return_started"]


async def test_everything_except_one_thing_is_the_other_at_once(shop_counter: Counter) -> None:
    omar = OrderTalk()
    wish = f"return everything except the trousers from 10288 {OMAR}"
    await omar.says(wish, "return_item", order_number="FD-10288", email=OMAR)
    await omar.says("too big", return_reason="too_large")
    assert omar.fact("items") == "the Wool throw in moss"
