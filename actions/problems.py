"""Parcels that are missing, and items that came broken or weren't what was ordered."""

from typing import Any, ClassVar

from actions.shop import rules
from actions.shop.model import Order, OrderState, Problem, now
from actions.shop.rules import Refusal
from actions.task import Task
from actions.turn import Turn
from actions.words import day, the


class ReportMissingPackage(Task):
    task = "report_missing_package"

    def refusal(self, order: Order) -> Refusal | None:
        return rules.check_sent(order)

    def steps(self, order: Order, turn: Turn) -> list[str]:
        return ["confirmed"] if _overdue(order) else []

    async def facts(self, turn: Turn, order: Order) -> dict[str, Any]:
        return {"number": order.number}

    async def perform(self, turn: Turn, order: Order) -> None:
        if not _overdue(order):
            turn.say(
                "utter_not_missing_yet",
                number=order.number,
                due=day(order.due_at),
                carrier=order.carrier,
                tracking_number=order.tracking_number,
            )
            return
        receipt = await turn.counter.shop.report_problem(order.number, Problem.MISSING, [], key=turn.key)
        said = "utter_missing_already_reported" if receipt.already else "utter_missing_reported"
        turn.say(said, number=order.number, reference=receipt.reference)
        turn.offer_person(
            f"{order.number} is missing (report {receipt.reference}): replacement or refund to be decided."
        )


class ReportDamagedItem(Task):
    """Note which item isn't as it should be; a person decides on a replacement or a refund."""

    task = "report_damaged_item"
    problem: ClassVar[Problem] = Problem.DAMAGED
    takes_several = True

    def refusal(self, order: Order) -> Refusal | None:
        return rules.check_unpacked(order)

    def steps(self, order: Order, turn: Turn) -> list[str]:
        return [*self.item_step(order), "confirmed"]

    async def facts(self, turn: Turn, order: Order) -> dict[str, Any]:
        return {"number": order.number, "items": the(self.chosen(turn, order))}

    async def perform(self, turn: Turn, order: Order) -> None:
        items = self.chosen(turn, order)
        skus = [item.sku for item in items]
        remedy = turn.slot("remedy")
        receipt = await turn.counter.shop.report_problem(order.number, self.problem, skus, key=turn.key, wish=remedy)
        noted = "utter_problem_reported_with_wish" if remedy else "utter_problem_reported"
        said = "utter_problem_already_reported" if receipt.already else noted
        turn.say(said, number=order.number, items=the(items), reference=receipt.reference, remedy=remedy)
        if receipt.already and remedy:
            turn.say_words(
                f"The report stays as it is; a person decides about it, and I'd tell them you'd like {remedy}."
            )
        what = "damaged" if self.problem is Problem.DAMAGED else "the wrong thing"
        wish = f" The customer would like {remedy}." if remedy else ""
        turn.offer_person(f"{order.number}: {the(items)} came {what} (report {receipt.reference}).{wish}")


class ReportWrongItem(ReportDamagedItem):
    task = "report_wrong_item"
    problem = Problem.WRONG_ITEM


def _overdue(order: Order) -> bool:
    return order.is_late(now()) or order.state is OrderState.DELIVERED
