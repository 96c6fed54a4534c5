"""Money back: asking for it, and where it is."""

from actions.returns import ReturnItem
from actions.shop import rules
from actions.shop.model import Effect, Order, OrderState, now
from actions.shop.rules import Refusal
from actions.task import Task
from actions.turn import Turn
from actions.words import day, money


class GetRefund(ReturnItem):
    """A refund of something that arrived goes with its return; it needs a code, for it moves money."""

    task = "get_refund"

    def refusal(self, order: Order) -> Refusal | None:
        return None if _nothing_to_send_back(order) else super().refusal(order)

    def steps(self, order: Order, turn: Turn) -> list[str]:
        if _nothing_to_send_back(order):
            return []
        steps = super().steps(order, turn)
        return [*steps, "_code"] if "confirmed" in steps else steps

    async def perform(self, turn: Turn, order: Order) -> None:
        if order.state is OrderState.PROCESSING:
            turn.say("utter_refund_by_cancelling", number=order.number, total=money(order.total))
        elif _nothing_to_send_back(order):
            say_refunds(turn, order)
        else:
            items = self.chosen(turn, order)
            reason = str(turn.slot("return_reason") or "not given")
            skus = [item.sku for item in items]
            receipt = await turn.counter.shop.refund(order.number, skus, reason, key=turn.key)
            self.say_receipt(turn, order, receipt, items)
            if receipt.effect is Effect.EXCHANGE:
                turn.offer_person(
                    f"{order.number}: {receipt.reference} is an exchange; the customer wants the money instead."
                )


class TrackRefund(Task):
    task = "track_refund"
    looks_only = True

    async def perform(self, turn: Turn, order: Order) -> None:
        say_refunds(turn, order)


def say_refunds(turn: Turn, order: Order) -> None:
    """Say where each refund of the order is, or that there is none."""
    for refund in order.refunds:
        turn.say(
            f"utter_refund_{refund.state}",
            number=order.number,
            amount=money(refund.amount),
            reference=refund.reference,
            due=day(refund.due_at),
        )
    if not order.refunds:
        turn.say("utter_no_refund", number=order.number)


def _nothing_to_send_back(order: Order) -> bool:
    """It hasn't left, was called off, or all of it is on its way back already."""
    if order.state in (OrderState.PROCESSING, OrderState.CANCELLED):
        return True
    open_items = [item for item in rules.returnable(order, now()) if not item.sent_back]
    return bool(order.refunds) and not open_items
