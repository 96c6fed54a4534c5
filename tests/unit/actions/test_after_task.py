"""What is said of a thing just done: which words are about it, and which about something else."""

from actions.shop.counter import Counter
from tests.unit.actions.order_talk import OrderTalk

MAYA = "maya.lindqvist@example.com"
OMAR = "omar.haddad@example.com"
TOM = "tom.becker@example.com"


async def has_cancelled() -> OrderTalk:
    maya = OrderTalk()
    await maya.says(f"cancel 10457 {MAYA}", "cancel_order", order_number="FD-10457", email=MAYA)
    assert await maya.says("yes", "affirm") == ["utter_cancelled"]
    return maya


async def has_returned(what: str) -> OrderTalk:
    omar = OrderTalk()
    await omar.says(f"return {what} from 10288 {OMAR}", "return_item", order_number="FD-10288", email=OMAR)
    await omar.says("too big", return_reason="too_large")
    assert await omar.says("yes", "affirm") == ["utter_return_started"]
    return omar


async def has_exchanged() -> OrderTalk:
    tom = OrderTalk()
    await tom.says(f"exchange the shirt of 10180 {TOM}", "exchange_item", order_number="FD-10180", email=TOM)
    await tom.says("L", size="L")
    assert await tom.says("yes", "affirm") == ["utter_exchange_started"]
    return tom


async def test_the_thing_it_was_done_to_isnt_undone_for_being_named_again(shop_counter: Counter) -> None:
    omar = await has_returned("the throw")
    assert await omar.says("only the throw, not the trousers") == ["utter_return_already"]


async def test_the_other_thing_is_returned_when_this_one_was_not_meant(shop_counter: Counter) -> None:
    omar = await has_returned("the throw")
    assert await omar.says("the trousers, not the throw") == ["utter_undo_return_item", "utter_ask_return_reason"]


async def test_of_everything_one_thing_alone_does_not_undo_the_return(shop_counter: Counter) -> None:
    omar = await has_returned("everything")
    assert await omar.says("sorry, I meant just the throw") == ["utter_return_already"]


async def test_another_order_by_mistake_is_another_wish(shop_counter: Counter) -> None:
    maya = await has_cancelled()
    said = await maya.says("I ordered 10412 by mistake too", "cancel_order", order_number="FD-10412", confidence=0.3)
    assert said[0] == "utter_refused_shipped"
    assert maya.fact("number") == "FD-10412"


async def test_another_thing_by_mistake_takes_nothing_back(shop_counter: Counter) -> None:
    tom = await has_exchanged()
    assert await tom.says("I changed my mind about the picture frame too", "deny") == ["utter_all_right"]
    assert await tom.says("sorry, the apron was by mistake", "deny") == ["utter_all_right"]
    assert await tom.says("I changed my mind about the shirt", "deny") == ["utter_undo_exchange_item"]


async def test_what_another_task_did_is_not_taken_for_the_one_before(shop_counter: Counter) -> None:
    maya = await has_cancelled()
    said = await maya.says("10412 never came", "report_missing_package", order_number="FD-10412")
    assert said == ["utter_not_missing_yet"]
    assert await maya.says("oh, undo that", "deny") == ["utter_all_right"]


async def test_looking_at_another_order_keeps_what_was_done_last(shop_counter: Counter) -> None:
    maya = await has_cancelled()
    await maya.says("where is 10412", "track_order", order_number="FD-10412")
    assert await maya.says("wait, undo that", "deny") == ["utter_undo_cancel_order", "a person is offered"]


async def test_another_size_after_a_fresh_start_changes_the_exchange(shop_counter: Counter) -> None:
    tom = await has_exchanged()
    assert await tom.says("start over", "stop") == [None]
    assert "nothing more was changed" in tom.messages[0]["text"]
    await tom.says("exchange the shirt from 10180 for XL", "exchange_item", order_number="FD-10180", size="XL")
    assert tom.said == ["utter_confirm_exchange_size"]
    assert await tom.says("yes wait", "affirm", confidence=1.0) == ["utter_no_hurry", "utter_confirm_exchange_size"]
    assert await tom.says("yes", "affirm") == ["utter_exchange_size_changed"]
    assert tom.fact("size") == "XL"


async def test_the_same_size_once_more_is_under_way_already(shop_counter: Counter) -> None:
    tom = await has_exchanged()
    said = await tom.says("exchange the shirt from 10180 for L", "exchange_item", order_number="FD-10180", size="L")
    assert said == ["utter_exchange_already"]


async def test_a_fresh_start_before_anything_is_done_changed_nothing(shop_counter: Counter) -> None:
    assert await OrderTalk().says("start over", "stop") == ["utter_start_over"]


async def test_dont_cancel_is_answered_once(shop_counter: Counter) -> None:
    maya = OrderTalk()
    await maya.says("cancel 10457", "cancel_order", order_number="FD-10457")
    assert await maya.says("never mind don't cancel it", "cancel_order", confidence=1.0) == ["utter_not_cancelled"]
