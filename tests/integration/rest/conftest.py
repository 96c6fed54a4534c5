"""A gateway with the REST channel on, between a receiver and a fake Rasa."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from pydantic import SecretStr
from sanic import Sanic

from connectors.gateway.app import create_app
from connectors.gateway.settings import Settings
from handoff.database import Database
from tests.fake_rasa import TOKEN, fake_rasa
from tests.fakes.rest_receiver import SECRET, RestReceiver, rest_receiver


@pytest.fixture
async def app_of_the_shop(database_url: str, tmp_path: Path) -> AsyncIterator[RestReceiver]:
    (tmp_path / "desk.toml").touch()  # no hours: open, whenever these tests run
    async with fake_rasa() as rasa, rest_receiver() as receiver:
        settings = Settings(
            home=tmp_path,
            database_url=database_url,
            internal_token=SecretStr(TOKEN),
            rasa_urls=(rasa.url,),
            rest_secret=SecretStr(SECRET),
            rest_callback_url=receiver.url,
        )
        Sanic.test_mode = True
        app = create_app(settings)
        listening = socket.create_server(("127.0.0.1", 0))
        server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
        assert server is not None
        await server.startup()
        await server.before_start()
        await server.after_start()
        receiver.gateway = f"http://127.0.0.1:{listening.getsockname()[1]}"
        yield receiver
        await server.before_stop()
        server.close()
        await server.after_stop()


@pytest.fixture
def desk(database_url: str, app_of_the_shop: RestReceiver) -> Database:
    """The running gateway's own database."""
    return Database(database_url, connections=1)


async def until(condition: Callable[[], object], seconds: float = 15.0) -> None:
    """Wait until it is so."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come about in time"
        await asyncio.sleep(0.02)
