"""Invoices and return labels as pages. Their address holds a 256-bit token, which is the only key to them."""

from html import escape

from sqlalchemy import select

from actions.shop.database import ShopDatabase
from actions.shop.model import Effect, Item, Order
from actions.shop.shop import Shop
from actions.shop.tables import ReceiptRow

WAREHOUSE = "Juniper & Finch Returns, 1420 NW Lovejoy Street, Portland, OR 97209"

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<body><h1>{title}</h1>{body}<p>Juniper &amp; Finch, Portland, Oregon</p></body></html>"""


async def document_page(database: ShopDatabase, shop: Shop, token: str) -> str | None:
    """The HTML page behind a document's token, or None for an unknown token."""
    async with database.read() as session:
        receipt = await session.scalar(select(ReceiptRow).where(ReceiptRow.document == token).limit(1))
    order = await shop.order(receipt.order_number) if receipt else None
    if receipt is None or order is None:
        return None
    if receipt.effect == Effect.INVOICE:
        return _page(f"Invoice {receipt.reference}", _invoice(order))
    return _page(f"Return label {receipt.reference}", _label(order, receipt.reference))


def _invoice(order: Order) -> str:
    to = f"<p>{escape(order.customer)}<br>{escape(str(order.address))}</p>"
    head = f"<p>Order {order.number}, placed {order.placed_at:%d %B %Y}</p>"
    rows = "".join(_row(item) for item in order.items)
    return f"{to}{head}<table>{rows}<tr><th>Total<td>${order.total:.2f} USD</table>"


def _row(item: Item) -> str:
    return f"<tr><td>{escape(str(item))}<td>${item.total:.2f}"


def _label(order: Order, reference: str) -> str:
    sent_back = [item for item in order.items if item.sent_back == reference]
    inside = "".join(f"<li>{escape(str(item))}</li>" for item in sent_back)
    return (
        f"<p>To: {escape(WAREHOUSE)}</p><p>From: {escape(order.customer)}, {escape(str(order.address))}</p>"
        f"<p>Return number {escape(reference)}. Inside:</p><ul>{inside}</ul>"
    )


def _page(title: str, body: str) -> str:
    return _PAGE.format(title=escape(title), body=body)
