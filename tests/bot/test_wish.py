"""What a message wants is read without its numbers and addresses."""

import pytest

from bot.wish import wish_in


@pytest.mark.parametrize(
    ("written", "wish"),
    [
        ("refund 10457, 94107", "refund my order"),
        ("can I change my order 10457? my zip is 94107", "can I change my order?"),
        ("cancel order number #10457 please", "cancel my order please"),
        ("the throw in 10288 has a hole, omar@example.com", "the throw in my order has a hole"),
        ("order 10457, email maya@example.com, cancel", "my order, cancel"),
        ("track 10412 and 10457", "track my order"),
        ("where is fd 10288 now", "where is my order now"),
    ],
)
def test_facts_are_left_out_of_a_wish(written: str, wish: str) -> None:
    assert wish_in(written) == wish


@pytest.mark.parametrize(
    "written",
    [
        "10412",
        "FD-10412 and maya@example.com",
        "my email is tom@example.com",
        "sorry, I meant 10412",
        "no wait, it was 10412 not 10421",
        "where is my parcel?",
        "",
    ],
)
def test_a_message_of_facts_or_of_none_stays_as_it_is(written: str) -> None:
    assert wish_in(written) == written
