"""Sending an order somewhere else, while it hasn't left."""

from dataclasses import replace
from typing import Any

from actions.heard import Heard, five_digits
from actions.postal_address import parse_address, postcode_put_right
from actions.shop import rules
from actions.shop.model import Order
from actions.shop.rules import Refusal
from actions.task import Task
from actions.turn import Turn, before_this_message


class ChangeShippingAddress(Task):
    task = "change_shipping_address"

    def refusal(self, order: Order) -> Refusal | None:
        return rules.check_open(order)

    def steps(self, order: Order, turn: Turn) -> list[str]:
        return ["new_address", "confirmed", "_code"]

    async def facts(self, turn: Turn, order: Order) -> dict[str, Any]:
        return {"number": order.number, "address": turn.text_slot("new_address")}

    async def perform(self, turn: Turn, order: Order) -> None:
        address = parse_address(turn.text_slot("new_address"))
        if address is None:
            raise ValueError("the form lets only addresses through")
        receipt = await turn.counter.shop.change_address(order.number, address, key=turn.key)
        said = "utter_address_already" if receipt.already else "utter_address_changed"
        turn.say(said, number=order.number, address=str(address))


def puts_postcode_right(turn: Turn, heard: Heard, requested: str | None) -> bool:
    """ "No, 89502" to an address read back: whether that is its ZIP; if so the address is to be agreed to again."""
    task, told = ChangeShippingAddress.task, turn.slot("new_address")
    if not told or requested not in {"confirmed", "_code"} or before_this_message(turn.tracker, "task") != task:
        return False
    address, postcode = parse_address(str(told)), postcode_put_right(heard.text)
    # Asked for the code, digits and not a word are that, cut short.
    if address is None or postcode is None or (requested == "_code" and five_digits(heard.text)):
        return False
    turn.remember("task", task)
    turn.remember("new_address", str(replace(address, postcode=postcode)))
    turn.forget("confirmed", "_misses")
    return True
