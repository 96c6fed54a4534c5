"""Looking at, cancelling and changing an order, and its invoice."""

from typing import Any

from actions.shop import rules
from actions.shop.counter import document_url
from actions.shop.model import Item, Order, OrderState, RefundState, now
from actions.shop.rules import Refusal
from actions.task import Task
from actions.turn import Turn
from actions.words import day, listed, money, the


class TrackOrder(Task):
    task = "track_order"
    looks_only = True

    async def perform(self, turn: Turn, order: Order) -> None:
        late = order.is_late(now())
        turn.say(
            "utter_order_late" if late else f"utter_order_{order.state}",
            number=order.number,
            items=listed(order.items),
            total=money(order.total),
            placed=day(order.placed_at),
            due=day(order.due_at),
            shipped=day(order.shipped_at),
            delivered=day(order.delivered_at),
            cancelled=day(order.cancelled_at),
            carrier=order.carrier,
            tracking_number=order.tracking_number,
        )
        if late:
            turn.offer_person(f"{order.number} was due on {day(order.due_at)} and has not arrived.")


class CancelOrder(Task):
    task = "cancel_order"

    def refusal(self, order: Order) -> Refusal | None:
        # A cancelled order passes: cancelling it again says that it is cancelled.
        return None if order.state is OrderState.CANCELLED else rules.check_open(order)

    def steps(self, order: Order, turn: Turn) -> list[str]:
        return [] if order.state is OrderState.CANCELLED else ["confirmed"]

    async def facts(self, turn: Turn, order: Order) -> dict[str, Any]:
        return {"number": order.number, "items": listed(order.items), "total": money(order.total)}

    async def perform(self, turn: Turn, order: Order) -> None:
        receipt = await turn.counter.shop.cancel(order.number, key=turn.key)
        paid = any(refund.state is RefundState.PAID for refund in order.refunds)
        said = (
            "utter_cancelled" if not receipt.already else f"utter_already_cancelled_{'paid' if paid else 'refunding'}"
        )
        turn.say(said, number=order.number, amount=money(receipt.amount), when=day(receipt.made_at))


class ChangeOrder(Task):
    """Another size, or an item less. Anything else about the contents is a person's work."""

    task = "change_order"

    def refusal(self, order: Order) -> Refusal | None:
        return rules.check_open(order)

    def steps(self, order: Order, turn: Turn) -> list[str]:
        # A size said at once ("make the cardigan an L") is the change.
        wanted = turn.slot("change") or ("size" if turn.slot("size") else None)
        if wanted == "other":
            return []
        sized = ["size"] if wanted == "size" else []
        return [*self.item_step(order), *([] if wanted else ["change"]), *sized, "confirmed"]

    async def facts(self, turn: Turn, order: Order) -> dict[str, Any]:
        item = self.chosen(turn, order)[0]
        if turn.slot("change") == "remove":
            what = f"take {the([item])} out and give you {money(item.total)} back"
        else:
            what = f"send {the([item])} in {turn.slot('size')} instead"
        return {"number": order.number, "what": what}

    async def perform(self, turn: Turn, order: Order) -> None:
        if turn.slot("change") == "other":
            turn.offer_person(f"{order.number} hasn't shipped yet; the customer wants a change the bot can't make.")
            return
        if turn.slot("change") == "remove":
            await self._remove(turn, order, turn.slot("item") or order.items[0].sku)
        else:
            await self._resize(turn, order, self.chosen(turn, order)[0])

    async def _remove(self, turn: Turn, order: Order, sku: str) -> None:
        # A turn that runs again finds the item gone from the order: the receipt still knows its name.
        receipt = await turn.counter.shop.remove_item(order.number, sku, key=turn.key)
        turn.say("utter_item_removed", number=order.number, item=receipt.detail, amount=money(receipt.amount))

    async def _resize(self, turn: Turn, order: Order, item: Item) -> None:
        size = turn.text_slot("size")
        receipt = await turn.counter.shop.change_size(order.number, item.sku, size, key=turn.key)
        said = "utter_size_already" if receipt.already else "utter_size_changed"
        turn.say(said, number=order.number, item=the([item]), size=size)


class GetInvoice(Task):
    task = "get_invoice"
    looks_only = True

    async def perform(self, turn: Turn, order: Order) -> None:
        receipt = await turn.counter.shop.invoice(order.number, key=turn.key)
        turn.say_with_link(
            "utter_invoice",
            f"Invoice {receipt.reference}",
            document_url(receipt),
            number=order.number,
            total=money(order.total),
        )
