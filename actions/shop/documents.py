"""Invoices and return labels as pages. Their address is signed, and the only key to them."""

from html import escape

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.shop.database import ShopDatabase
from actions.shop.document_links import DocumentLink
from actions.shop.model import Effect, Item, Order, now
from actions.shop.shop import Shop
from actions.shop.tables import ReceiptRow

WAREHOUSE = "Juniper & Finch Returns, 1420 NW Lovejoy Street, Portland, OR 97209"

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1d2421; background: #f4f2ec; margin: 0; padding: 2rem 1rem }
main { max-width: 40rem; margin: auto; background: #fff; padding: 2rem; border: 1px solid #dcd8cc; border-radius: 12px }
h1 { font-size: 1.4rem; margin: 0 0 1rem }
table { width: 100%; border-collapse: collapse; margin: 1rem 0 }
th, td { text-align: left; padding: .5rem 0; border-bottom: 1px solid #e6e2d6 }
th:last-child, td:last-child { text-align: right; font-variant-numeric: tabular-nums }
footer { color: #5d665f; font-size: .875rem; margin-top: 1.5rem }
@media print { body { background: none; padding: 0 } main { border: 0; padding: 0 } }
"""

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head>
<body><main><h1>{title}</h1>{body}<footer>Juniper &amp; Finch, Portland, Oregon</footer></main></body></html>"""


async def document_page(database: ShopDatabase, shop: Shop, token: str) -> str | None:
    """The HTML page behind a link's token, or None for an unknown one. Raises :class:`LinkExpiredError`."""
    link = DocumentLink.parse(token)
    if link is None:
        return None
    receipt = await database.read(_receipt_of, link)
    if receipt is not None:
        link.check_good_at(now())
    order = await shop.order(receipt.order_number) if receipt else None
    if receipt is None or order is None:
        return None
    if receipt.effect == Effect.INVOICE:
        return _page(f"Invoice {receipt.reference}", _invoice(order))
    return _page(f"Return label {receipt.reference}", _label(order, receipt.reference))


def _receipt_of(session: Session, link: DocumentLink) -> ReceiptRow | None:
    query = select(ReceiptRow).where(ReceiptRow.reference == link.reference, ReceiptRow.document.is_not(None))
    return next((row for row in session.scalars(query) if link.is_signed_with(row.document or "")), None)


def _invoice(order: Order) -> str:
    to = f"<p>{escape(order.customer)}<br>{escape(str(order.address))}</p>"
    head = f"<p>Order {order.number}, placed {order.placed_at:%d %B %Y}</p>"
    rows = "".join(_row(item) for item in order.items)
    return f"{to}{head}<table>{rows}<tr><th>Total</th><th>${order.total:.2f} USD</th></tr></table>"


def _row(item: Item) -> str:
    return f"<tr><td>{escape(str(item))}</td><td>${item.total:.2f}</td></tr>"


def _label(order: Order, reference: str) -> str:
    sent_back = [item for item in order.items if item.sent_back == reference]
    inside = "".join(f"<li>{escape(str(item))}</li>" for item in sent_back)
    return (
        f"<p>To: {escape(WAREHOUSE)}</p><p>From: {escape(order.customer)}, {escape(str(order.address))}</p>"
        f"<p>Return number {escape(reference)}. Inside:</p><ul>{inside}</ul>"
    )


def _page(title: str, body: str) -> str:
    return _PAGE.format(title=escape(title), style=_STYLE, body=body)
