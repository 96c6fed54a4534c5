"""Sending things back: returns and exchanges."""

from typing import Any

from actions.shop import rules
from actions.shop.counter import document_url
from actions.shop.model import Item, Order, Receipt, now
from actions.shop.rules import Refusal
from actions.task import Task
from actions.turn import Turn
from actions.under_way import is_exchanged, left_out, nothing_left
from actions.words import day, money, the


class SendingBack(Task):
    """What returns, exchanges and refunds share: which items may go back, and what is said of a return number."""

    def items(self, order: Order) -> list[Item]:
        return rules.returnable(order, now())

    def refusal(self, order: Order) -> Refusal | None:
        if refusal := rules.check_return_window(order, now()):
            return refusal
        return None if self.items(order) else Refusal.FINAL_SALE

    def item_refusal(self, item: Item) -> Refusal | None:
        return Refusal.FINAL_SALE if item.final_sale else None

    def chosen(self, turn: Turn, order: Order) -> list[Item]:
        """Of several items only those that aren't on their way back already; all of them if every one is."""
        chosen = super().chosen(turn, order)
        return [item for item in chosen if not item.sent_back] or chosen

    def say_under_way(self, turn: Turn, order: Order) -> None:
        rest = self.chosen(turn, order)
        under_way = [item for item in super().chosen(turn, order) if item not in rest]
        if under_way:
            turn.say_words(left_out(order, under_way, rest))

    def all_sent_back(self, turn: Turn, order: Order) -> bool:
        chosen = self.chosen(turn, order)
        return bool(chosen) and all(item.sent_back for item in chosen)

    def say_left_out(self, turn: Turn, order: Order) -> None:
        """Tell, once, why an item isn't among those to choose from."""
        kept = [item for item in order.items if item.final_sale]
        if kept and not turn.slot("item"):
            turn.say("utter_final_sale_stays", items=the(kept))

    def say_nothing_left(self, turn: Turn, order: Order) -> None:
        turn.say_words(nothing_left(order, [item for item in order.items if item.sent_back]))

    async def say_receipt(self, turn: Turn, order: Order, receipt: Receipt) -> None:
        """Name what has come to be booked under the receipt's number, whatever else was asked for with it."""
        booked = await turn.order_anew() or order
        items = [item for item in booked.items if item.sent_back == receipt.reference]
        said = f"utter_{receipt.effect}_already" if receipt.already else f"utter_{receipt.effect}_started"
        facts: dict[str, Any] = {
            "number": order.number,
            "items": the(items),
            "reference": receipt.reference,
            "amount": money(receipt.amount),
            "size": receipt.detail,
            "return_by": day(order.return_by),
        }
        if receipt.document:
            turn.say_with_link(said, f"Return label {receipt.reference}", document_url(receipt), **facts)
        else:
            turn.say(said, **facts)


class ReturnItem(SendingBack):
    task = "return_item"
    takes_several = True

    def steps(self, order: Order, turn: Turn) -> list[str]:
        asked = self.item_step(order)
        return asked if self.all_sent_back(turn, order) else [*asked, "return_reason", "confirmed"]

    async def facts(self, turn: Turn, order: Order) -> dict[str, Any]:
        items = self.chosen(turn, order)
        total = sum((item.total for item in items), start=items[0].total * 0)
        return {"number": order.number, "items": the(items), "amount": money(total)}

    async def perform(self, turn: Turn, order: Order) -> None:
        receipt = await self.send_back(turn, order)
        if receipt.already and are_in_several_parcels(self.chosen(turn, order)):
            self.say_nothing_left(turn, order)
        else:
            await self.say_receipt(turn, order, receipt)

    async def send_back(self, turn: Turn, order: Order) -> Receipt:
        """Book the chosen items' return."""
        skus = [item.sku for item in self.chosen(turn, order)]
        reason = str(turn.slot("return_reason") or "not given")
        return await turn.counter.shop.start_return(order.number, skus, reason, key=turn.key)


class ExchangeItem(SendingBack):
    task = "exchange_item"

    def items(self, order: Order) -> list[Item]:
        return [item for item in super().items(order) if item.size]

    def refusal(self, order: Order) -> Refusal | None:
        if refusal := rules.check_return_window(order, now()):
            return refusal
        if not rules.returnable(order, now()):
            return Refusal.FINAL_SALE
        return None if self.items(order) else Refusal.NO_SIZES

    def item_refusal(self, item: Item) -> Refusal | None:
        return super().item_refusal(item) or (None if item.size else Refusal.NO_SIZES)

    def steps(self, order: Order, turn: Turn) -> list[str]:
        asked = self.item_step(order)
        done = self.all_sent_back(turn, order) and not self._is_for_another_size(turn, order)
        return asked if done else [*asked, "size", "confirmed"]

    def confirmation(self, turn: Turn, order: Order) -> str:
        resized = self._is_for_another_size(turn, order)
        return "utter_confirm_exchange_size" if resized else super().confirmation(turn, order)

    async def facts(self, turn: Turn, order: Order) -> dict[str, Any]:
        item = self.chosen(turn, order)[0]
        return {
            "number": order.number,
            "items": the([item]),
            "size": turn.text_slot("size"),
            "reference": item.sent_back,
        }

    async def perform(self, turn: Turn, order: Order) -> None:
        item = self.chosen(turn, order)[0]
        if self._is_for_another_size(turn, order):
            await self._send_another_size(turn, order, item)
            return
        size = str(turn.slot("size") or item.size)
        receipt = await turn.counter.shop.exchange(order.number, item.sku, size, key=turn.key)
        await self.say_receipt(turn, order, receipt)

    def _is_for_another_size(self, turn: Turn, order: Order) -> bool:
        """Whether an exchange under way is to bring another size than it was booked for."""
        chosen = self.chosen(turn, order)
        if len(chosen) != 1 or not is_exchanged(order, chosen[0]):
            return False
        done = turn.slot("_last_done") or {}
        booked = done.get("size") if done.get("item") == chosen[0].sku else None
        return turn.slot("change") == "size" or turn.slot("size") not in {None, booked}

    async def _send_another_size(self, turn: Turn, order: Order, item: Item) -> None:
        size = turn.text_slot("size")
        receipt = await turn.counter.shop.change_exchange(order.number, item.sku, size, key=turn.key)
        said = "utter_exchange_size_already" if receipt.already else "utter_exchange_size_changed"
        turn.say(said, reference=receipt.reference, size=size, return_by=day(order.return_by))


def are_in_several_parcels(items: list[Item]) -> bool:
    return len({item.sent_back for item in items}) > 1
