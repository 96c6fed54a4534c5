"""Money back: asking for it, and where it is."""

from actions.returns import ReturnItem
from actions.shop import rules
from actions.shop.model import Order, OrderState, Receipt, now
from actions.shop.rules import Refusal
from actions.task import Task
from actions.turn import Turn
from actions.under_way import is_exchanged
from actions.words import day, listed, money


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
            if order.state is not OrderState.CANCELLED and any(is_exchanged(order, item) for item in order.items):
                self.say_nothing_left(turn, order)
            say_refunds(turn, order)
        else:
            await super().perform(turn, order)
            self._offer_person_for_exchange(turn, order)

    async def send_back(self, turn: Turn, order: Order) -> Receipt:
        skus = [item.sku for item in self.chosen(turn, order)]
        reason = str(turn.slot("return_reason") or "not given")
        return await turn.counter.shop.refund(order.number, skus, reason, key=turn.key)

    def _offer_person_for_exchange(self, turn: Turn, order: Order) -> None:
        """What is being exchanged can't be refunded here."""
        exchanged = [item for item in self.chosen(turn, order) if is_exchanged(order, item)]
        if exchanged:
            numbers = listed(sorted({str(item.sent_back) for item in exchanged}))
            turn.offer_person(f"{order.number}: {numbers} is an exchange; the customer wants the money instead.")


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
