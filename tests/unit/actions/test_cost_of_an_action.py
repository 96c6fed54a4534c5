"""What the shop is asked while a customer talks about an order."""

from sqlalchemy import event

from actions.shop.counter import Counter
from tests.unit.actions.order_talk import OrderTalk

MAYA = "maya.lindqvist@example.com"


async def test_the_form_and_the_task_each_look_the_order_up_once(shop_counter: Counter) -> None:
    maya = OrderTalk()
    await maya.says(f"where's 10412, {MAYA}", "track_order", order_number="FD-10412", email=MAYA)
    asked: list[str] = []
    event.listen(
        shop_counter.database.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_rest: asked.append(statement),
    )
    assert await maya.says("any news on 10412?", "track_order", order_number="FD-10412") == ["utter_order_shipped"]
    reads = [statement for statement in asked if statement.startswith("SELECT")]
    assert len([read for read in reads if "FROM orders" in read]) == 2
    assert len(reads) == 4  # and as often, whether they have proved that it is theirs
