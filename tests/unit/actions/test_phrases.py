import pytest

from actions.phrases import (
    drops_task,
    further_number,
    goes_on,
    has_forgotten,
    means_another,
    postcode_at_end,
    starts_over,
)


@pytest.mark.parametrize(
    "text",
    [
        "forget it, what are your opening hours?",
        "never mind, where is 10412?",
        "Nevermind do you have gift cards",
        "ok forget about it. where's my parcel",
        "no stop, where is 10412",
        "oh, drop that - can I get an invoice",
    ],
)
def test_leaving_a_task_for_something_else_is_noticed(text: str) -> None:
    assert drops_task(text)


@pytest.mark.parametrize(
    "text",
    [
        "forget it",
        "never mind!",
        "stop the delivery please",
        "leave it at the door, please",
        "I will never mind the wait",
        "don't forget it, please send both",
        "/stop",
    ],
)
def test_what_only_sounds_like_leaving_does_not_leave(text: str) -> None:
    assert not drops_task(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("track 10412 and 10457", "FD-10457"),
        ("10412 & FD-10457", "FD-10457"),
        ("orders 10412, and also order #10457 please", "FD-10457"),
        ("10412 94107", None),
        ("10412, 94107", None),
        ("10412 and zip 94107", None),
        ("10412 and 94107-1234", None),
    ],
)
def test_a_second_order_is_told_from_a_postcode(text: str, number: str | None) -> None:
    assert further_number(text) == number


@pytest.mark.parametrize(
    ("text", "postcode"),
    [
        ("track 10457 and cancel it, 94107", "94107"),
        ("where is 10412, and cancel my order, 94107.", "94107"),
        ("track 10412 and send the invoice, my zip is 94107", "94107"),
        ("where is FD-10412 and can I get the invoice? postcode 94107", "94107"),
        ("track 10412 and cancel 10457", None),
        ("track 10412, and cancel order 10457", None),
        ("track 10412, cancel FD-10457", None),
        ("where is 10412 and the other one, 10457", None),
        ("cancel it, 94107", None),
    ],
)
def test_five_digits_set_apart_at_the_end_are_the_postcode(text: str, postcode: str | None) -> None:
    assert postcode_at_end(text) == postcode


def test_a_button_is_no_sentence() -> None:
    assert not means_another('/inform{"change": "other"}')
    assert not goes_on('/inform{"order_number": "no"}')


@pytest.mark.parametrize("text", ["start over", "can we start again?", "let's go from the beginning", "Restart"])
def test_starting_over_is_noticed(text: str) -> None:
    assert starts_over(text)


@pytest.mark.parametrize(
    "text",
    [
        "forgot it",
        "i forgot",
        "I've forgotten",
        "i forgot my email",
        "I can't remember",
        "i can’t remember which email i used",
        "no idea",
        "sorry, i don't know my zip code",
        "i don't have it",
        "I don't have the order number right now",
        "idk",
    ],
)
def test_a_fact_that_is_not_at_hand_is_noticed(text: str) -> None:
    assert has_forgotten(text)


@pytest.mark.parametrize(
    "text",
    [
        "forget it",
        "oh, forget it",
        "i forgot my password",
        "i forgot to add a gift note",
        "i forgot, maybe 94107",
        "i don't know what size i want",
        "no",
        "it is the email",
    ],
)
def test_forgetting_something_else_is_not_taken_for_it(text: str) -> None:
    assert not has_forgotten(text)
