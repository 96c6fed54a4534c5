"""Juniper & Finch, the demo shop: `Shop` over a database of its own."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from actions.shop import effects, reading
from actions.shop.database import ShopDatabase
from actions.shop.model import Address, Contact, Order, Problem, Receipt
from actions.shop.tables import Base


class DemoShop:
    """Implements `Shop`: each method is one transaction."""

    def __init__(self, database: ShopDatabase) -> None:
        self._database = database

    async def create(self) -> None:
        """Make the tables that aren't there yet. Raises `ShopUnavailableError`."""
        await self._database.write(_create_tables)

    # Reading

    async def contact(self, number: str) -> Contact | None:
        return await self._database.read(reading.contact, number)

    async def order(self, number: str) -> Order | None:
        return await self._database.read(reading.order, number)

    async def orders_of(self, email: str) -> list[Order]:
        return await self._database.read(reading.orders_of, email)

    async def sizes_in_stock(self, sku: str) -> list[str]:
        return await self._database.read(reading.sizes_in_stock, sku)

    # Orders that haven't left yet

    async def cancel(self, number: str, *, key: str) -> Receipt:
        return await self._database.write(effects.cancel, number, key=key)

    async def change_size(self, number: str, sku: str, size: str, *, key: str) -> Receipt:
        return await self._database.write(effects.change_size, number, sku, size, key=key)

    async def remove_item(self, number: str, sku: str, *, key: str) -> Receipt:
        return await self._database.write(effects.remove_item, number, sku, key=key)

    async def change_address(self, number: str, address: Address, *, key: str) -> Receipt:
        return await self._database.write(effects.change_address, number, address, key=key)

    # Orders that were sent

    async def report_problem(
        self, number: str, problem: Problem, skus: Sequence[str], *, key: str, wish: str | None = None
    ) -> Receipt:
        return await self._database.write(effects.report_problem, number, problem, skus, key=key, wish=wish)

    async def invoice(self, number: str, *, key: str) -> Receipt:
        return await self._database.write(effects.invoice, number, key=key)

    async def start_return(self, number: str, skus: Sequence[str], reason: str, *, key: str) -> Receipt:
        return await self._database.write(effects.start_return, number, skus, reason, key=key)

    async def refund(self, number: str, skus: Sequence[str], reason: str, *, key: str) -> Receipt:
        return await self._database.write(effects.refund, number, skus, reason, key=key)

    async def exchange(self, number: str, sku: str, size: str, *, key: str) -> Receipt:
        return await self._database.write(effects.exchange, number, sku, size, key=key)

    async def change_exchange(self, number: str, sku: str, size: str, *, key: str) -> Receipt:
        return await self._database.write(effects.change_exchange, number, sku, size, key=key)


def _create_tables(session: Session) -> None:
    Base.metadata.create_all(session.connection())
