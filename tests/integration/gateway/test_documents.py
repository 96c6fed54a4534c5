"""Invoices and labels open by their link, and say clearly when they can't."""

import asyncio
from pathlib import Path

import aiohttp
import pytest

from actions.shop.document_links import LinkExpiredError
from connectors.gateway import documents
from tests.databases import new_sqlite_database


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """These pages read nothing of the desk's own: one kind of database is enough."""
    return new_sqlite_database(tmp_path)


async def get(gateway: str, token: str) -> tuple[int, str, dict[str, str]]:
    async with aiohttp.ClientSession() as http, http.get(f"{gateway}/documents/{token}") as response:
        return response.status, await response.text(), dict(response.headers)


async def test_a_document_is_a_page_that_can_run_nothing(gateway: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def found(token: str) -> str:
        return f"<h1>Invoice {token}</h1>"

    monkeypatch.setattr(documents, "document", found)
    status, body, headers = await get(gateway, "secret-1")
    assert (status, body) == (200, "<h1>Invoice secret-1</h1>")
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "private, no-store"


async def test_an_unknown_link_is_told_so(gateway: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing(token: str) -> None:
        return None

    monkeypatch.setattr(documents, "document", nothing)
    status, body, _ = await get(gateway, "guessed")
    assert (status, body) == (404, documents.GONE)


async def test_an_expired_link_says_how_to_get_a_new_one(gateway: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def expired(token: str) -> None:
        raise LinkExpiredError

    monkeypatch.setattr(documents, "document", expired)
    status, body, _ = await get(gateway, "old")
    assert (status, body) == (410, documents.EXPIRED)


async def test_a_shop_that_hangs_or_breaks_is_told_so(gateway: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hangs(token: str) -> None:
        await asyncio.sleep(60)

    async def breaks(token: str) -> None:
        raise OSError("down")

    monkeypatch.setattr(documents, "DEADLINE_SECONDS", 0.05)
    for shop in (hangs, breaks):
        monkeypatch.setattr(documents, "document", shop)
        status, body, _ = await get(gateway, "secret-1")
        assert (status, body) == (503, documents.UNAVAILABLE)
