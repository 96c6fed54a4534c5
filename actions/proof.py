"""Proving that an order is the customer's: its number and the e-mail or postcode it was placed with."""

from actions.heard import five_digits
from actions.phrases import has_second_thoughts, is_slip
from actions.turn import Turn, before_this_message


async def prove(turn: Turn) -> None:
    """Try number and contact together. A corrected number is tried with the contact given before."""
    number = turn.slot("order_number")
    corrected = number != before_this_message(turn.tracker, "order_number")
    contact = turn.slot("contact") or (turn.slot("_last_contact") if corrected else None)
    if not number or not contact or await turn.order():
        return
    earlier = turn.slot("_last_contact")
    turn.forget("contact")
    proved = await turn.counter.sessions.verify(turn.sender_id, number, contact)
    if proved or (earlier and await _one_was_the_number(turn, contact, earlier)):
        turn.forget("_last_contact", "_contact_tries")
        turn.tell_proved()
    elif not earlier and not corrected and _puts_number_right(turn, number, contact):
        turn.remember("order_number", f"FD-{contact}")
    else:
        turn.remember("_last_contact", contact)
        turn.remember("_contact_tries", (turn.slot("_contact_tries") or 0) + 1)


def _puts_number_right(turn: Turn, number: str, contact: str) -> bool:
    """Whether five digits that are not the order's postcode are its number, mistyped before: 10412 after 10421."""
    if not five_digits(contact):
        return False
    second_thoughts = has_second_thoughts(str(turn.tracker.latest_message.get("text") or ""))
    return second_thoughts or is_slip(number.removeprefix("FD-"), contact)


async def _one_was_the_number(turn: Turn, contact: str, earlier: str) -> bool:
    """Five digits are also how customers correct the order number: try them as that with the other answer."""
    for number, other in ((contact, earlier), (earlier, contact)):
        if five_digits(number) and await turn.counter.sessions.verify(turn.sender_id, f"FD-{number}", other):
            turn.remember("order_number", f"FD-{number}")
            return True
    return False
