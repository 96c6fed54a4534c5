import pytest

from actions.phrases import (
    agrees_plainly,
    drops_task,
    forbids,
    forbids_cancelling,
    further_number,
    gives_no_reason,
    goes_on,
    has_forgotten,
    has_second_thoughts,
    hesitates,
    is_slip,
    means_another,
    means_something_else,
    mistaken_numbers,
    number_picked,
    postcode_at_end,
    qualifies,
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


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "Yes please",
        "ok, go ahead",
        "sure",
        "yep that's right",
        "yes, of course",
        "y",
        "sounds good, thanks",
        "do it now",
    ],
)
def test_a_plain_yes_is_noticed(text: str) -> None:
    assert agrees_plainly(text)
    assert not qualifies(text)


@pytest.mark.parametrize(
    "text",
    [
        "yes wait",
        "yeah hang on",
        "ok but wait",
        "sure, one moment please",
        "yes hang on a minute",
        "correct, but only the mugs",
        "ok so only the mugs then",
        "ok just the mugs",
        "yes but 89 Alder Street",
        "ok not the trousers",
        "ok don’t cancel it",
        "sure dont exchange it",
        "yes, but why?",
        "ok, if it is free",
        "yes keep it",
        "ok no",
    ],
)
def test_a_yes_with_a_proviso_is_no_plain_one(text: str) -> None:
    assert qualifies(text)
    assert not agrees_plainly(text)


@pytest.mark.parametrize("text", ["yes just do it", "sure, why not", "yes, no problem", "ok only cancel it"])
def test_small_words_that_take_nothing_away_are_no_proviso(text: str) -> None:
    assert not qualifies(text)


@pytest.mark.parametrize(
    "text",
    [
        "yes wait",
        "yeah hang on",
        "ok but wait",
        "sure, one moment please",
        "yes hang on a minute",
        "wait for a moment please",
    ],
)
def test_hesitating_is_noticed_though_it_begins_with_a_yes(text: str) -> None:
    assert hesitates(text)


@pytest.mark.parametrize(
    "text",
    [
        "ok don't cancel it",
        "yes i'm sure i don't want to cancel",
        "ok don't return it",
        "sure dont exchange it",
        "ok don’t send it there",
        "better not start the return",
    ],
)
def test_the_opposite_of_what_was_asked_is_noticed(text: str) -> None:
    assert forbids(text)


@pytest.mark.parametrize(
    "text",
    ["why don't you cancel it", "i don't want it, cancel it", "if i don't return it", "yes, return it, never mind"],
)
def test_what_only_sounds_like_the_opposite_is_not(text: str) -> None:
    assert not forbids(text)


@pytest.mark.parametrize(
    "text",
    [
        "don't cancel it",
        "please do not cancel my order",
        "i don't want to cancel",
        "i dont want it cancelled",
        "never mind don't cancel it",
        "please don't just cancel it",
        "I'd rather not cancel",
        "do not ever cancel",
    ],
)
def test_forbidding_to_cancel_is_noticed(text: str) -> None:
    assert forbids_cancelling(text)


@pytest.mark.parametrize(
    "text",
    [
        "i dont want it cancel it",
        "i don't want it cancel it please",
        "I've never cancelled before, how do I cancel order 10457",
        "cancel 10457 if you do not mind, i never got a cancellation mail. 94107",
        "why don't you cancel it",
        "i do not need it, cancel please",
    ],
)
def test_a_wish_to_cancel_is_not_taken_for_its_opposite(text: str) -> None:
    assert not forbids_cancelling(text)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("I changed my mind about the picture frame too", True),
        ("I changed my mind about the lamp", True),
        ("ordered a mug by mistake as well", True),
        ("I changed my mind about the order", False),
        ("undo that too", False),
        ("wait, no", False),
    ],
)
def test_taking_back_something_else_is_told_from_what_was_done(text: str, other: bool) -> None:
    assert means_something_else(text) is other


@pytest.mark.parametrize(
    ("text", "mistaken"),
    [
        ("10421 oh wait 10412", {"10421"}),
        ("where is 10421, no sorry, it's 10412, 94107", {"10421"}),
        ("10421 I mean FD-10412", {"10421"}),
        ("it's 10399, not 10398", {"10398"}),
        ("sorry, it's #10412, not FD-10421", {"10421"}),
        ("10412 94107", set()),
        ("track 10412 and 10457", set()),
        ("10412, no 94107 is my zip", set()),
        ("where is 10412, 94107, sorry 10457", set()),
        ("10421, sorry, 10412", {"10421"}),
        ("10398 sorry, typo, 10412", {"10398"}),
        ("where is 10412, sorry, 94107", set()),
        ("10412 please, actually 10457 please too", set()),
        ("10412 rather 10457", set()),
        ('/inform{"order_number": "FD-10421, no, FD-10412"}', set()),
    ],
)
def test_a_number_that_the_message_puts_right_is_not_meant(text: str, mistaken: set[str]) -> None:
    assert mistaken_numbers(text) == mistaken


@pytest.mark.parametrize("text", ["no", "Nope.", "no thanks", "no reason", "Skip it please", "none", "-", "n/a"])
def test_a_reason_may_be_left_out(text: str) -> None:
    assert gives_no_reason(text)


@pytest.mark.parametrize("text", ["not my colour", "2 sizes too small", "it's too big", "none of them fit", "2", "?"])
def test_a_reason_may_begin_with_no_or_a_number(text: str) -> None:
    assert not gives_no_reason(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [("2", 2), ("option 2", 2), ("Number 3.", 3), ("#4", 4), ("2 sizes too small", None), ("60614", None)],
)
def test_a_button_is_picked_by_its_number(text: str, number: int | None) -> None:
    assert number_picked(text) == number


@pytest.mark.parametrize(
    ("text", "thought_again"),
    [
        ("oh wait 10288", True),
        ("no, it's FD-10288", True),
        ("oops, the order number is #10288.", True),
        ("wait let me look. 94108", False),
        ("no email at hand, zip 94107", False),
        ("no email at hand, 94107", False),
        ("wait, zip 94107", False),
        ("no, 94107 is my postcode", False),
        ("10288", False),
    ],
)
def test_second_thoughts_about_a_number_come_right_before_it(text: str, thought_again: bool) -> None:
    assert has_second_thoughts(text) is thought_again


@pytest.mark.parametrize(
    ("mistyped", "digits", "slip"),
    [
        ("10421", "10412", True),
        ("10413", "10412", True),
        ("10412", "10412", False),
        ("10412", "10457", False),
        ("10412", "94107", False),
    ],
)
def test_a_slip_of_the_finger_is_told_from_another_number(mistyped: str, digits: str, slip: bool) -> None:
    assert is_slip(mistyped, digits) is slip
