"""The shop's counter: everything an action needs, opened once per process on first use."""

import asyncio
import os
from dataclasses import dataclass

from actions.shop.codes import MailFolder, OneTimeCodes
from actions.shop.database import ShopDatabase, make_engine, shop_database_url, state_folder
from actions.shop.demo import DemoShop
from actions.shop.document_links import link_token
from actions.shop.model import Receipt, now
from actions.shop.seed import seed_demo_shop
from actions.shop.sessions import ShopSessions
from actions.shop.shop import Shop


@dataclass(frozen=True, slots=True)
class Counter:
    shop: Shop
    sessions: ShopSessions
    codes: OneTimeCodes
    database: ShopDatabase


_open_counter: Counter | None = None
_opening = asyncio.Lock()


async def counter() -> Counter:
    """The process's counter. The first call makes and seeds the demo shop. Raises `ShopUnavailableError`."""
    global _open_counter
    async with _opening:
        if _open_counter is None:
            _open_counter = await _open(shop_database_url())
        return _open_counter


async def close_counter() -> None:
    global _open_counter
    closing, _open_counter = _open_counter, None
    if closing:
        await closing.database.close()


async def _open(url: str) -> Counter:
    database = ShopDatabase(make_engine(url))
    shop = DemoShop(database)
    await shop.create()
    await database.write(seed_demo_shop, now())
    codes = OneTimeCodes(database, MailFolder(state_folder() / "outbox-mail"))
    return Counter(shop, ShopSessions(database, shop), codes, database)


def document_url(receipt: Receipt) -> str:
    """A link to the document of a receipt that has one, good from now on for a while."""
    assert receipt.document is not None
    public_url = (os.environ.get("FRONTDESK_PUBLIC_URL") or "http://127.0.0.1:8000").rstrip("/")
    return f"{public_url}/documents/{link_token(receipt.reference, receipt.document, now())}"
