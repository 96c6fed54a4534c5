"""A whole gateway in the test's own event loop, with a fake Rasa server behind it."""

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from sanic import Sanic

from connectors.gateway.app import create_app
from connectors.gateway.settings import Settings
from tests.fake_rasa import TOKEN, FakeRasa, fake_rasa


@pytest.fixture
async def rasa() -> AsyncIterator[FakeRasa]:
    async with fake_rasa() as server:
        yield server


@pytest.fixture
def settings(database_url: str, rasa: FakeRasa, tmp_path: Path) -> Settings:
    (tmp_path / "desk.toml").touch()  # no hours: open, whenever these tests run
    return Settings(
        home=tmp_path,
        database_url=database_url,
        internal_token=SecretStr(TOKEN),
        rasa_urls=(rasa.url,),
        bot_deadline_seconds=0.5,
        allowed_origins=("https://shop.example",),
    )


@pytest.fixture
async def gateway(settings: Settings) -> AsyncIterator[str]:
    """The address of a running gateway."""
    Sanic.test_mode = True
    app = create_app(settings)
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
    assert server is not None
    await server.startup()
    await server.before_start()
    await server.after_start()
    yield f"http://127.0.0.1:{port}"
    await server.before_stop()
    server.close()
    await server.after_stop()
