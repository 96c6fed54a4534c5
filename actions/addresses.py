"""Sending an order somewhere else, while it hasn't left."""

from typing import Any

from actions.postal_address import parse_address
from actions.shop import rules
from actions.shop.model import Order
from actions.shop.rules import Refusal
from actions.task import Task
from actions.turn import Turn


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
