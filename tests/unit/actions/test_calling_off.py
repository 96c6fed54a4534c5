"""What was begun is called off: by a bare "cancel", or by its name."""

import pytest

from actions.calling_off import calls_off, says_only_cancel
from actions.shop.counter import Counter
from tests.unit.actions.order_talk import OrderTalk

MAYA = "maya.lindqvist@example.com"
OMAR = "omar.haddad@example.com"
TOM = "tom.becker@example.com"


@pytest.mark.parametrize(
    "text", ["cancel", "Cancel!", "cancel it", "no cancel", "cancel that please", "ok please cancel now", "nvm, cancel"]
)
def test_a_bare_cancel_says_not_what(text: str) -> None:
    assert says_only_cancel(text)


@pytest.mark.parametrize(
    "text",
    [
        "cancel?",
        "can I cancel it",
        "I want to cancel it",
        "don't cancel",
        "cancel everything",
        "cancel 10457",
        "/cancel",
    ],
)
def test_to_cancel_something_or_to_ask_about_it_is_no_bare_cancel(text: str) -> None:
    assert not says_only_cancel(text)


@pytest.mark.parametrize(
    ("text", "task", "called_off"),
    [
        ("never mind the exchange", "exchange_item", True),
        ("nevermind my return then", "return_item", True),
        ("never mind the exchange, I'd rather return it", "exchange_item", False),
    ],
)
def test_what_is_never_minded_is_called_off(text: str, task: str, called_off: bool) -> None:
    assert calls_off(text, task) is called_off


@pytest.mark.parametrize("words", ["cancel", "cancel it", "no cancel", "Cancel that please"])
@pytest.mark.parametrize("intent", ["cancel_order", "inform"])
async def test_a_bare_cancel_ends_what_was_begun_and_no_order(shop_counter: Counter, words: str, intent: str) -> None:
    omar = OrderTalk()
    await omar.says("return the throw", "return_item", order_number="FD-10288", email=OMAR)
    assert await omar.says(words, intent, confidence=1.0) == ["utter_stopped"]
    assert (omar.in_form, omar.slots["task"]) == (False, None)


async def test_a_bare_cancel_at_the_proof_begins_no_cancelling(shop_counter: Counter) -> None:
    maya = OrderTalk()
    await maya.says("where is 10457", "track_order", order_number="FD-10457")
    assert await maya.says("cancel", "cancel_order", confidence=1.0) == ["utter_stopped"]
    assert await maya.says("cancel", "cancel_order", confidence=1.0) == ["utter_ask_contact"]


@pytest.mark.parametrize("words", ["cancel my order", "cancel the whole order", "I want to cancel it"])
async def test_to_cancel_the_order_in_the_middle_of_something_else_begins_that(
    shop_counter: Counter, words: str
) -> None:
    maya = OrderTalk()
    await maya.says("another address", "change_shipping_address", order_number="FD-10457", email=MAYA)
    assert await maya.says(words, "cancel_order", confidence=1.0) == ["utter_confirm_cancel_order"]


async def test_never_mind_the_exchange_asks_nothing_more_about_it(shop_counter: Counter) -> None:
    tom = OrderTalk()
    await tom.says("exchange the shirt", "exchange_item", order_number="FD-10180", email=TOM)
    assert await tom.says("never mind the exchange", "exchange_item", confidence=1.0) == ["utter_stopped"]
    assert tom.slots["task"] is None


@pytest.mark.parametrize(
    ("text", "task", "called_off"),
    [
        ("cancel the exchange", "exchange_item", True),
        ("ok stop my return please", "return_item", True),
        ("drop the address change", "change_shipping_address", True),
        ("actually, I want to cancel this return now, thanks", "return_item", True),
        ("can you please call off the swap", "exchange_item", True),
        ("don't cancel the exchange", "exchange_item", False),
        ("don't drop my change", "change_order", False),
        ("how do I cancel the exchange?", "exchange_item", False),
        ("can I cancel the exchange", "exchange_item", False),
        ("can you cancel the exchange?", "exchange_item", False),
        ("where can I drop the return off?", "return_item", False),
        ("forget the return, I want to exchange it instead", "return_item", False),
        ("yes, but can I still cancel the return later?", "return_item", False),
        ("/stop the return", "return_item", False),
        ("cancel the order", "return_item", False),
        ("cancel the exchange", "return_item", False),
        ("cancel the order", "cancel_order", False),
        ("stop, where's the return label", "return_item", False),
        ("exchange the shirt", "exchange_item", False),
    ],
)
def test_the_task_under_way_is_called_off_by_its_name(text: str, task: str, called_off: bool) -> None:
    assert calls_off(text, task) is called_off
