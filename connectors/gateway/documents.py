"""Invoices and return labels: pages behind an unguessable link that the bot gives to a customer who proved the order theirs."""

import asyncio
from typing import Any

import structlog
from sanic import HTTPResponse, Request, Sanic, html, text

from actions.shop.desk import document
from actions.shop.document_links import LinkExpiredError

log = structlog.get_logger(__name__)

DEADLINE_SECONDS = 5.0
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex",
}
GONE = "There is no such document. Please check the link, or ask for it again in the chat."
EXPIRED = (
    "This link has expired: it was good for two weeks. Ask for the document again in the chat and you'll get a new one."
)
UNAVAILABLE = "The shop does not answer just now. Please try this link again in a minute."


def register(app: Sanic[Any, Any]) -> None:
    """Serve ``GET /documents/<token>``."""

    @app.get("/documents/<token:str>", name="document")
    async def serve_document(_request: Request, token: str) -> HTTPResponse:
        try:
            async with asyncio.timeout(DEADLINE_SECONDS):
                page = await document(token)
        except LinkExpiredError:
            return text(EXPIRED, 410, HEADERS)
        except Exception as error:
            # Whatever is wrong with the shop, the customer gets a sentence and may come back.
            log.warning("document_unavailable", error=type(error).__name__)
            return text(UNAVAILABLE, 503, HEADERS | {"Retry-After": "60"})
        return text(GONE, 404, HEADERS) if page is None else html(page, headers=HEADERS)
