"""Which things a message means, and which it says it doesn't."""

import pytest

from actions.heard import all_but, excepts, named_items, sizes_by_item
from actions.shop.counter import Counter

TROUSERS, THROW = "corduroy-trousers", "wool-throw"


@pytest.mark.parametrize(
    ("text", "named", "excepted", "left"),
    [
        ("the throw", [THROW], [], None),
        ("the throw and the trousers", [TROUSERS, THROW], [], None),
        ("ok but not the trousers", [], [TROUSERS], THROW),
        ("only the throw, not the trousers", [THROW], [TROUSERS], None),
        ("not the trousers, the throw", [THROW], [TROUSERS], None),
        ("not the corduroy trousers the throw", [THROW], [TROUSERS], None),
        ("not the throw or the trousers", [], [TROUSERS, THROW], None),
        ("everything except for my throw", [], [THROW], TROUSERS),
        ("all but the throw please", [], [THROW], TROUSERS),
        ("everything without the trousers", [], [TROUSERS], THROW),
        ("the throw instead of the trousers", [THROW], [TROUSERS], None),
        ("i want to keep the trousers", [], [TROUSERS], THROW),
        ("don’t send back the trousers", [], [TROUSERS], THROW),
        ("it is not warm, the throw", [THROW], [], None),
        ("send it without the throw", [THROW], [], None),
        ("not only the throw, the trousers too", [TROUSERS, THROW], [], None),
        ("not what I ordered", [], [], None),
    ],
)
async def test_a_thing_after_a_not_is_not_meant(
    shop_counter: Counter, text: str, named: list[str], excepted: list[str], left: str | None
) -> None:
    order = await shop_counter.shop.order("FD-10288")
    assert order is not None
    assert sorted(named_items(text, order.items)) == sorted(named)
    assert sorted(excepts(text, order.items)) == sorted(excepted)
    assert all_but(text, order.items) == left


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("trousers to M, throw to L", {TROUSERS: "M", THROW: "L"}),
        ("the throw to L and the corduroy trousers to M", {TROUSERS: "M", THROW: "L"}),
        ("trousers and throw to M and L", {THROW: "M"}),
        ("M for the trousers, L for the throw", {}),
        ("trousers from L to M", None),
        ("trousers and throw to M", None),
    ],
)
async def test_each_of_several_sizes_belongs_to_the_thing_named_before_it(
    shop_counter: Counter, text: str, sizes: dict[str, str] | None
) -> None:
    order = await shop_counter.shop.order("FD-10288")
    assert order is not None
    found = [{"entity": "size", "value": text[at], "start": at} for at in range(len(text)) if text[at] in "ML"]
    assert sizes_by_item({"text": text, "entities": found}, order.items) == sizes
