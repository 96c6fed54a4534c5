"""The pages as a browser gets them."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from yarl import URL

from connectors.gateway import pages
from tests.integration.api.running_desk import new_app, running

SCRIPT = "console.log('hello');" * 100


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A build."""
    dist = tmp_path / "dist"
    for name, words in {
        "shop/index.html": "<!doctype html><title>Juniper &amp; Finch</title>",
        "desk/index.html": "<!doctype html><title>Desk</title>",
        "widget.js": SCRIPT,
        "assets/desk-abc123.js": SCRIPT,
        "assets/mark-abc123.svg": "<svg/>",
    }.items():
        file = dist / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(words)
    (tmp_path / "secret.txt").write_text("internal")
    return dist


@pytest.fixture
async def url(dist: Path) -> AsyncIterator[str]:
    app = new_app()
    pages.register(app, dist)
    async with running(app) as url:
        yield url


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(auto_decompress=False) as http:
        yield http


@pytest.mark.parametrize(("path", "title"), [("/", "Juniper"), ("/desk", "Desk"), ("/desk/", "Desk")])
async def test_a_page_comes_with_headers_that_allow_only_ourselves(
    url: str, http: aiohttp.ClientSession, path: str, title: str
) -> None:
    async with http.get(f"{url}{path}") as response:
        assert response.status == 200
        assert title in await response.text()
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == "no-cache"
        assert response.content_type == "text/html"


async def test_the_embed_may_be_loaded_by_other_shops(url: str, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{url}/widget.js") as response:
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert response.headers["Cache-Control"] == "public, max-age=300"
        assert response.content_type == "text/javascript"


async def test_hashed_files_are_kept_for_good(url: str, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{url}/assets/mark-abc123.svg") as response:
        assert response.content_type == "image/svg+xml"
        assert "immutable" in response.headers["Cache-Control"]


async def test_text_is_compressed_for_those_who_can_read_it(url: str, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{url}/assets/desk-abc123.js", headers={"Accept-Encoding": "gzip"}) as response:
        assert response.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(await response.read()).decode() == SCRIPT
    async with http.get(f"{url}/assets/desk-abc123.js", headers={"Accept-Encoding": "identity"}) as response:
        assert "Content-Encoding" not in response.headers
        assert await response.text() == SCRIPT


async def test_an_unchanged_page_is_not_sent_again(url: str, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{url}/desk") as response:
        etag = response.headers["ETag"]
    async with http.get(f"{url}/desk", headers={"If-None-Match": etag}) as response:
        assert response.status == 304
        assert await response.read() == b""


@pytest.mark.parametrize(
    "path", ["../secret.txt", "..%2f..%2fsecret.txt", "%2e%2e/%2e%2e/secret.txt", "nothing.js", "../desk/index.html"]
)
async def test_nothing_outside_the_build_is_served(url: str, http: aiohttp.ClientSession, path: str) -> None:
    async with http.get(URL(f"{url}/assets/{path}", encoded=True)) as response:
        assert response.status == 404
        assert "internal" not in await response.text()


async def test_before_the_first_build_the_page_says_what_to_do(tmp_path: Path, http: aiohttp.ClientSession) -> None:
    app = new_app()
    pages.register(app, tmp_path / "nothing")
    async with running(app) as url, http.get(f"{url}/") as response:
        assert response.status == 503
        assert "make run" in await response.text()
