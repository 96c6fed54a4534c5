"""A task is what a customer came to do with one order. `order_form` collects what it needs; its action does it."""

from abc import abstractmethod
from typing import Any, ClassVar

from rasa_sdk.events import FollowupAction

from actions.heard import ALL_ITEMS
from actions.shop.model import Item, Order
from actions.shop.rules import Refusal
from actions.shop.shop import RefusedError
from actions.shop_action import ShopAction
from actions.turn import Turn
from actions.words import day, the

COLLECTED = ("item", "return_reason", "size", "change", "new_address", "remedy", "confirmed", "_code", "_code_sent")
"""Slots that belong to one task. The order number stays, so that "and can I return it?" needs no number."""

KEPT_WHILE_PAUSED = (
    "task",
    "order_number",
    "item",
    "return_reason",
    "size",
    "change",
    "new_address",
    "remedy",
    "confirmed",
    "_code_sent",
)
BOOKKEEPING = ("contact", "_last_contact", "_contact_tries", "_misses")


class Task(ShopAction):
    """Subclasses name the `task` (its intent), the `steps` after the order is known, and `perform`."""

    task: ClassVar[str]
    takes_several: ClassVar[bool] = False
    """Whether "all of it" is an answer to which item."""
    looks_only: ClassVar[bool] = False
    """Only tells something: a task it interrupts is taken up again afterwards."""

    def name(self) -> str:
        return f"action_{self.task}"

    def items(self, order: Order) -> list[Item]:
        """What the customer may choose from."""
        return list(order.items)

    def chosen(self, turn: Turn, order: Order) -> list[Item]:
        """The items in the slot, all of them for `ALL_ITEMS`, or the only one there is."""
        items, chosen = self.items(order), turn.slot("item")
        if chosen == ALL_ITEMS or (chosen is None and len(items) == 1):
            return items
        return [item for item in items if item.sku == chosen]

    def item_step(self, order: Order) -> list[str]:
        """Nobody is asked to choose from one."""
        return ["item"] if len(self.items(order)) > 1 else []

    def say_left_out(self, turn: Turn, order: Order) -> None:
        """Say why something can't be chosen, before the customer chooses."""

    def say_under_way(self, turn: Turn, order: Order) -> None:
        """Say what of the wish is being done already, before the customer agrees to the rest."""

    def refusal(self, order: Order) -> Refusal | None:
        """Why the shop's rules forbid this for the order as a whole."""
        return None

    def item_refusal(self, item: Item) -> Refusal | None:
        """Why the rules forbid this for one item of an order that they allow it for."""
        return None

    def any_refusal(self, turn: Turn, order: Order) -> Refusal | None:
        """Why it can't be done for the order, or for the item that the customer named."""
        named = order.item(str(turn.slot("item")))
        return self.refusal(order) or (self.item_refusal(named) if named else None)

    def steps(self, order: Order, turn: Turn) -> list[str]:
        """The slots this task still needs once the order is known to be the customer's."""
        return []

    def confirmation(self, turn: Turn, order: Order) -> str:
        """The response that says what will be done and asks whether the customer agrees."""
        return f"utter_confirm_{self.task}"

    async def facts(self, turn: Turn, order: Order) -> dict[str, Any]:
        """What the confirmation says before the customer agrees."""
        return {}

    @abstractmethod
    async def perform(self, turn: Turn, order: Order) -> None:
        """Do it, and say what came of it. May raise `RefusedError`."""

    async def act(self, turn: Turn) -> None:
        order = await turn.order()
        if order is None:
            turn.say("utter_cannot_match")
            turn.offer_person("The order number and the e-mail or postcode did not match after several tries.")
        else:
            await self._do(turn, order)
        self._finish(turn)

    async def _do(self, turn: Turn, order: Order) -> None:
        try:
            if refusal := self.any_refusal(turn, order):
                raise RefusedError(refusal)
            if turn.slot("confirmed") is False:
                turn.say("utter_left_as_it_was")
            elif any(turn.slot(step) is None for step in self.steps(order, turn)):
                turn.say("utter_stuck")
                turn.offer_person(f"The bot could not get what it needed about {order.number} ({self.task}).")
            elif "_code" in self.steps(order, turn) and not await self._spend_code(turn, order):
                turn.say("utter_code_failed")
                turn.offer_person(f"The one-time code for {order.number} was not right.")
            else:
                await self.perform(turn, order)
                self._remember_done(turn, order)
        except RefusedError as refused:
            say_refusal(turn, order, refused.reason)

    def _remember_done(self, turn: Turn, order: Order) -> None:
        """What the customer agreed to and may put right, or take back, with their next words (actions/after_task.py)."""
        before = turn.slot("_last_done") or {}
        if turn.slot("confirmed"):
            chosen = [item.sku for item in self.chosen(turn, order)]
            item = chosen[0] if len(chosen) == 1 else None
            done = {"task": self.task, "number": order.number, "item": item}
            done |= {name: turn.slot(name) for name in ("size", "change")}
            turn.remember("_last_done", done)
        elif not self.looks_only and (before.get("task"), before.get("number")) != (self.task, order.number):
            # "Undo that" would mean this by now, and of this there is nothing to undo.
            turn.forget("_last_done")

    async def _spend_code(self, turn: Turn, order: Order) -> bool:
        code = turn.text_slot("_code")
        return await turn.counter.codes.spend(turn.sender_id, order.number, self.task, code, key=turn.key)

    def _finish(self, turn: Turn) -> None:
        """Clear the task's slots; go on with the task that this one interrupted, or that was asked for along with it."""
        paused = turn.slot("_paused_task")
        turn.remember("_last_task", self.task)
        turn.forget("task", "_order_value", *COLLECTED, *BOOKKEEPING)
        if any(event["event"] == "followup" for event in turn.events):
            turn.forget("_paused_task")
        elif paused:
            interrupted = "confirmed" in paused
            # The form is about to read this message's numbers again, and may take a postcode for the order's.
            turn.remember("_paused_task", {"order_number": turn.slot("order_number"), **paused})
            turn.say("utter_back_to_task" if interrupted else "utter_next_task", what=TITLES[paused["task"]])
            turn.events.append(FollowupAction("order_form"))


TITLES = {
    "track_order": "the order you asked about",
    "track_refund": "the refund you asked about",
    "get_invoice": "your invoice",
    "cancel_order": "cancelling your order",
    "change_order": "changing your order",
    "change_shipping_address": "the new address",
    "report_missing_package": "the missing parcel",
    "report_damaged_item": "the damaged item",
    "report_wrong_item": "the wrong item",
    "return_item": "your return",
    "exchange_item": "your exchange",
    "get_refund": "your refund",
}


def say_refusal(turn: Turn, order: Order, refusal: Refusal) -> None:
    """Say why not and what is possible instead."""
    final = [item for item in order.items if item.final_sale]
    turn.say(
        f"utter_refused_{refusal}",
        number=order.number,
        due=day(order.due_at),
        return_by=day(order.return_by),
        final=the(final),
    )
    if refusal is Refusal.SHIPPED:
        turn.offer_person("policy")
    elif refusal is Refusal.NOT_ARRIVED:
        turn.offer_person(f"Says that something in {order.number} isn't right; by our records it is still on its way.")
