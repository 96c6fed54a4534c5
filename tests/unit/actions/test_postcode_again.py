"""The postcode that has just proved an order, said once more."""

from actions.shop.counter import Counter
from tests.unit.actions.order_talk import OrderTalk


async def test_the_postcode_that_proved_an_order_is_no_other_orders_number(shop_counter: Counter) -> None:
    maya = OrderTalk()
    await maya.says("where is 10457", "track_order", order_number="FD-10457")
    postcode = {"order_number": "FD-94107", "postcode": "94107"}
    assert await maya.says("94107", **postcode) == ["utter_order_processing"]
    assert await maya.says("94107", **postcode) == ["utter_which_task"]
    assert maya.fact("number") == "FD-10457"
    assert maya.slots["order_number"] == "FD-10457"


async def test_other_digits_after_it_are_another_order(shop_counter: Counter) -> None:
    maya = OrderTalk()
    await maya.says("where is 10457", "track_order", order_number="FD-10457", postcode="94107")
    assert await maya.says("10412", order_number="FD-10412", postcode="10412") == ["utter_order_shipped"]
