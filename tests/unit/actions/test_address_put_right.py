"""A new address is put right where it is read back: its ZIP alone, or the whole of it."""

from pathlib import Path

import pytest

from actions.postal_address import postcode_put_right
from actions.shop.counter import Counter
from tests.unit.actions.order_talk import OrderTalk, mailed_code

MAYA = "maya.lindqvist@example.com"
TOM = "tom.becker@example.com"


async def address_read_back() -> OrderTalk:
    maya = OrderTalk()
    wish = f"send 10457 to 9 Pine Rd, Reno, NV 89501 {MAYA}"
    said = await maya.says(wish, "change_shipping_address", order_number="FD-10457", email=MAYA)
    assert said == ["utter_confirm_change_shipping_address"]
    return maya


async def says_digits(maya: OrderTalk, words: str, digits: str, intent: str = "inform") -> list[str]:
    return await maya.says(words, intent, confidence=1.0, order_number=f"FD-{digits}", postcode=digits)


@pytest.mark.parametrize("words", ["no, 89502", "no wait 89502", "89502", "sorry, the zip is 89502"])
@pytest.mark.parametrize("intent", ["inform", "deny", "stop", "track_order", "nlu_fallback"])
async def test_digits_alone_are_the_zip_of_the_address_just_read_back(
    shop_counter: Counter, words: str, intent: str
) -> None:
    maya = await address_read_back()
    assert await says_digits(maya, words, "89502", intent) == ["utter_confirm_change_shipping_address"]
    assert maya.fact("address") == "9 Pine Rd, Reno, NV 89502"
    assert maya.slots["order_number"] == "FD-10457"


async def test_a_zip_put_right_at_the_code_is_read_back_and_needs_a_yes(shop_counter: Counter, tmp_path: Path) -> None:
    maya = await address_read_back()
    assert await maya.presses("affirm") == ["utter_ask_code"]
    said = await says_digits(maya, "no wait, 89502", "89502", "deny")
    assert said == ["utter_confirm_change_shipping_address"]
    assert await maya.presses("affirm") == ["utter_ask_code_again"]
    assert await maya.says(mailed_code(tmp_path)) == ["utter_address_changed"]
    order = await shop_counter.shop.order("FD-10457")
    assert order is not None
    assert order.address.postcode == "89502"


async def test_another_address_at_the_code_is_read_back(shop_counter: Counter) -> None:
    maya = await address_read_back()
    await maya.presses("affirm")
    said = await maya.says("no, 19 Pine Rd, Reno, NV 89502", "deny", postcode="89502")
    assert said == ["utter_confirm_change_shipping_address"]
    assert maya.fact("address") == "19 Pine Rd, Reno, NV 89502"


async def test_five_digits_at_the_code_are_a_code_cut_short(shop_counter: Counter) -> None:
    maya = await address_read_back()
    await maya.presses("affirm")
    assert await says_digits(maya, "89502", "89502") == ["utter_ask_code_again"]
    assert maya.slots["new_address"] == "9 Pine Rd, Reno, NV 89501"
    assert maya.slots["order_number"] == "FD-10457"


async def test_five_digits_are_no_order_while_the_address_is_asked_for(shop_counter: Counter) -> None:
    maya = OrderTalk()
    await maya.says("another address", "change_shipping_address", order_number="FD-10457", email=MAYA)
    assert await says_digits(maya, "no, 89502", "89502") == ["utter_ask_new_address"]
    assert maya.slots["order_number"] == "FD-10457"


async def test_an_order_named_as_such_is_no_zip(shop_counter: Counter) -> None:
    maya = await address_read_back()
    assert await maya.says("no, order 10412", order_number="FD-10412") == [
        "utter_refused_shipped",
        "a person is offered",
    ]


async def test_a_street_alone_is_asked_to_be_told_whole(shop_counter: Counter) -> None:
    maya = await address_read_back()
    assert await maya.says("no, 19 Pine Rd", "deny", confidence=1.0) == ["utter_whole_address"]
    assert await maya.says("19 Pine Rd, Reno, NV 89502") == ["utter_confirm_change_shipping_address"]
    assert maya.fact("address") == "19 Pine Rd, Reno, NV 89502"


async def test_no_address_is_put_right_where_another_thing_is_confirmed(shop_counter: Counter) -> None:
    tom = OrderTalk()
    await tom.says("exchange the shirt for an L", "exchange_item", order_number="FD-10180", email=TOM, size="L")
    await says_digits(tom, "no, 10412", "10412")
    assert tom.slots["order_number"] == "FD-10412"


@pytest.mark.parametrize(
    "text",
    [
        "no, 89502",
        "89502.",
        "it's 89502",
        "oops I meant 89502 please",
        "zip code should be 89502",
        "hold on, 89502-1234",
    ],
)
def test_a_zip_alone_puts_an_address_right(text: str) -> None:
    assert postcode_put_right(text) == "89502"


@pytest.mark.parametrize(
    "text", ["no", "order 89502", "no, FD-89502", "895021", "track 89502", "is it 89502?", "89502 and 10412", "/inform"]
)
def test_what_says_more_than_a_zip_puts_no_address_right(text: str) -> None:
    assert postcode_put_right(text) is None
