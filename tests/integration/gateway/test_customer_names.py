"""A customer on the web gets a name at the desk once the shop knows who they are."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy.orm import Session

from connectors.gateway.bus import Bus
from connectors.gateway.customer_names import CustomerNames
from connectors.gateway.orders import OrdersUnavailableError
from handoff.database import Database
from handoff.schema import Conversation
from tests.integration.handoff.queueing import asks, conversation


class Shop:
    def __init__(self) -> None:
        self.proved: dict[str, str] = {}
        self.is_up = True
        self.asked: asyncio.Queue[str] = asyncio.Queue()

    async def __call__(self, sender_id: str) -> str | None:
        self.asked.put_nowait(sender_id)
        if not self.is_up:
            raise OrdersUnavailableError("down")
        return self.proved.get(sender_id)


@pytest.fixture
async def shop(database: Database, bus: Bus) -> AsyncIterator[Shop]:
    shop = Shop()
    names = CustomerNames(database, bus, shop)
    await names.start()
    yield shop
    await names.stop()


@pytest.fixture
def bus() -> Bus:
    return Bus()


def is_about_an_order(session: Session, conversation_id: str, name: str | None = None) -> None:
    row = session.get_one(Conversation, conversation_id)
    row.slots, row.customer_name = {"order_number": "FD-10412"}, name


async def until_named(database: Database, conversation_id: str, name: str) -> None:
    async with asyncio.timeout(60):
        while (await asyncio.to_thread(conversation, database, conversation_id)).customer_name != name:
            await asyncio.sleep(0.01)


async def test_the_name_comes_with_the_proof_even_if_the_shop_was_away(
    database: Database, bus: Bus, shop: Shop
) -> None:
    maya = asks(database, "maya")
    database.write_now(is_about_an_order, maya)
    bus.changed(maya)
    assert await shop.asked.get() == f"{maya}.1"
    shop.proved[f"{maya}.1"] = "Maya Lindqvist"
    shop.is_up = False
    bus.changed(maya)
    await shop.asked.get()
    shop.is_up = True
    bus.changed(maya)
    await until_named(database, maya, "Maya Lindqvist")


async def test_nobody_is_asked_about_who_has_a_name_or_no_order(database: Database, bus: Bus, shop: Shop) -> None:
    omar, priya, maya = asks(database, "omar"), asks(database, "priya", 1), asks(database, "maya", 2)
    database.write_now(is_about_an_order, omar, "Omar from the chat")
    database.write_now(is_about_an_order, maya)
    shop.proved = {f"{omar}.1": "Omar Haddad", f"{maya}.1": "Maya Lindqvist"}
    for one in (omar, priya, maya):
        bus.changed(one)
    await until_named(database, maya, "Maya Lindqvist")
    assert shop.asked.qsize() == 1
    assert conversation(database, omar).customer_name == "Omar from the chat"
