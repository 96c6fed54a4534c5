"""A whole gateway in the test's own event loop."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from pydantic import SecretStr
from sanic import Sanic
from sanic.server.async_server import AsyncioServer

from connectors.gateway.app import create_app
from connectors.gateway.settings import Settings
from tests.fake_rasa import TOKEN, FakeRasa

PATIENCE_SECONDS = 60.0
"""For what surely comes: only a test that fails waits for so long."""


def desk_settings(home: Path, database_url: str, rasa: FakeRasa, **channels: Any) -> Settings:
    """A desk that is always open, whenever the tests run, and gives its bot all the time a busy machine may take."""
    (home / "desk.toml").touch()
    settings = Settings(
        home=home,
        database_url=database_url,
        internal_token=SecretStr(TOKEN),
        rasa_urls=(rasa.url,),
        **channels,
    )
    return settings.model_copy(update={"bot_deadline_seconds": PATIENCE_SECONDS})


@asynccontextmanager
async def running_gateway(settings: Settings) -> AsyncIterator[str]:
    """The gateway's address, for as long as it runs."""
    async with gateway_and_server(settings) as (url, server):
        try:
            yield url
        finally:
            await server.before_stop()


@asynccontextmanager
async def gateway_and_server(settings: Settings) -> AsyncIterator[tuple[str, AsyncioServer]]:
    """The gateway's address, and its server, which is to be stopped with ``before_stop`` in the end."""
    Sanic.test_mode = True
    app = create_app(settings)
    app.config.TOUCHUP = False  # it rewrites Sanic once a process, and we start many
    listening = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
    assert server is not None
    await server.startup()
    await server.before_start()
    await server.after_start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", server
    finally:
        server.close()
        await server.after_stop()


async def no_page_is_open(url: str) -> None:
    """Wait until the gateway has noticed that every tab of the web chat was closed."""
    open_pages = -1
    async with asyncio.timeout(PATIENCE_SECONDS), aiohttp.ClientSession() as http:
        while open_pages != 0:
            async with http.get(f"{url}/health") as answer:
                open_pages = (await answer.json())["parts"]["channels"]["channels"]["web"]["connections"]


async def until(condition: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until it is so."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come about in time"
        await asyncio.sleep(0.02)
