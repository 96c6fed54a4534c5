"""Nothing about an order is said before its number and its e-mail or postcode match."""

from actions.shop.counter import Counter
from actions.tasks import TASKS
from tests.unit.actions.order_talk import OrderTalk

MAYA = "maya.lindqvist@example.com"
BEN = "ben@elsewhere.example"


async def test_no_such_order_and_wrong_email_get_the_same_words(shop_counter: Counter) -> None:
    real, made_up = OrderTalk("c_a.1"), OrderTalk("c_b.1")
    for talk, number in ((real, "FD-10412"), (made_up, "FD-99999")):
        await talk.says("track", "track_order", order_number=number)
        await talk.says(BEN, email=BEN)
    assert real.messages == made_up.messages


async def test_every_task_tells_a_stranger_nothing(shop_counter: Counter) -> None:
    for task in TASKS:
        stranger = OrderTalk(f"c_{task}.1")
        assert await stranger.says("please", task, order_number="FD-10412", email=BEN) == ["utter_no_match"]
        assert stranger.messages == [{**stranger.messages[0], "response": "utter_no_match", "buttons": []}]


async def test_an_email_alone_lists_no_orders(shop_counter: Counter) -> None:
    maya = OrderTalk()
    assert await maya.says(f"which orders does {MAYA} have", email=MAYA) == ["utter_which_task_without_number"]
    assert await maya.says("where is my order", "track_order") == ["utter_ask_number"]
    assert maya.buttons == []


async def test_a_proved_customer_sees_only_their_own_orders(shop_counter: Counter) -> None:
    maya = OrderTalk()
    await maya.says("track", "track_order", order_number="FD-10412", email=MAYA)
    assert await maya.says("and 10457?", "track_order", order_number="FD-10457") == ["utter_order_processing"]
    assert await maya.says("and 10288?", "track_order", order_number="FD-10288") == ["utter_ask_contact"]


async def test_the_gateway_hears_of_each_proof_and_of_nothing_less(shop_counter: Counter) -> None:
    maya = OrderTalk()
    await maya.says("track", "track_order", order_number="FD-10412", email=BEN)
    assert maya.proofs == 0
    await maya.says(MAYA, email=MAYA)
    await maya.says("and 10457?", "track_order", order_number="FD-10457")
    assert maya.proofs == 1


async def test_a_proof_is_worth_nothing_in_another_conversation(shop_counter: Counter) -> None:
    maya, stranger = OrderTalk("c_maya.1"), OrderTalk("c_stranger.1")
    await maya.says("track", "track_order", order_number="FD-10412", email=MAYA)
    assert await stranger.says("track", "track_order", order_number="FD-10412") == ["utter_ask_contact"]


async def test_a_verified_looking_slot_unlocks_nothing(shop_counter: Counter) -> None:
    stranger = OrderTalk()
    stranger.slots.update(verified=True, confirmed=True, contact=None)
    said = await stranger.says("cancel", "cancel_order", order_number="FD-10457")
    assert said == ["utter_ask_contact"]
