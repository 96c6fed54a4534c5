"""The interface of a shop. A real shop's API implements it; the actions know nothing else."""

from collections.abc import Sequence
from typing import Protocol

from actions.shop.model import Address, Contact, Order, Problem, Receipt
from actions.shop.rules import Refusal


class ShopUnavailableError(Exception):
    """The shop can't be reached at the moment. Nothing is known about whether the last effect happened."""


class RefusedError(Exception):
    """The shop's rules forbid it: `reason` says why."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Shop(Protocol):
    """Every effect takes `key`, the id of the message that asked. The same key again gives the same receipt.

    Another key for what is done already changes nothing and gives the first receipt with `already=True`.
    All methods raise `ShopUnavailableError`; effects raise `RefusedError`. Nothing here asks who wants to know: that
    is `ShopSessions`' job.
    """

    async def contact(self, number: str) -> Contact | None: ...

    async def order(self, number: str) -> Order | None: ...

    async def orders_of(self, email: str) -> list[Order]: ...

    async def sizes_in_stock(self, sku: str) -> list[str]: ...

    async def cancel(self, number: str, *, key: str) -> Receipt: ...

    async def change_size(self, number: str, sku: str, size: str, *, key: str) -> Receipt: ...

    async def remove_item(self, number: str, sku: str, *, key: str) -> Receipt: ...

    async def change_address(self, number: str, address: Address, *, key: str) -> Receipt: ...

    async def report_problem(
        self, number: str, problem: Problem, skus: Sequence[str], *, key: str, wish: str | None = None
    ) -> Receipt:
        """`wish` is what the customer would like done about it; the receipt's `detail` tells the items, and the wish."""
        ...

    async def invoice(self, number: str, *, key: str) -> Receipt: ...

    async def start_return(self, number: str, skus: Sequence[str], reason: str, *, key: str) -> Receipt: ...

    async def exchange(self, number: str, sku: str, size: str, *, key: str) -> Receipt: ...

    async def change_exchange(self, number: str, sku: str, size: str, *, key: str) -> Receipt:
        """Have an exchange under way send another size. The receipt's `detail` says which, and instead of which."""
        ...

    async def refund(self, number: str, skus: Sequence[str], reason: str, *, key: str) -> Receipt: ...
