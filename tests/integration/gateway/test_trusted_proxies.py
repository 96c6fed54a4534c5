"""Where a request comes from: what our own proxies say, and nothing that anybody else can write into a header."""

import secrets
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sanic import HTTPResponse, Request, Sanic, text

from connectors.gateway.app import sanic_config
from connectors.gateway.settings import Settings
from tests.integration.api.running_desk import running

MADE_UP, MAYA, OUTER = "198.51.100.7", "203.0.113.9", "192.0.2.1"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, MAYA, "127.0.0.1"),
        (1, MAYA, MAYA),
        (1, f"{MADE_UP}, {MAYA}", MAYA),
        (2, f"{MADE_UP}, {MAYA}, {OUTER}", MAYA),
        (2, None, "127.0.0.1"),
    ],
)
async def test_a_client_is_who_our_own_proxies_say(
    tmp_path: Path, proxies: int, forwarded: str | None, seen: str
) -> None:
    config = sanic_config(Settings(home=tmp_path, trusted_proxies=proxies))
    config.TOUCHUP = False
    app: Sanic[Any, Any] = Sanic(f"proxied_{secrets.token_hex(4)}", config=config, configure_logging=False)

    @app.get("/")
    async def who(request: Request) -> HTTPResponse:
        return text(str(request.remote_addr or request.ip))

    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    async with running(app) as url, aiohttp.ClientSession() as http, http.get(url, headers=headers) as response:
        assert await response.text() == seen
