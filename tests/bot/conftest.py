"""A tiny bot, trained once, behind the real channel on a real server; and a real action server beside it."""

import os
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from action_server import Actions, action_server
from hypothesis import HealthCheck, settings
from rasa.core.agent import load_agent
from rasa.core.run import configure_app
from rasa.core.utils import AvailableEndpoints
from rasa.utils.endpoints import EndpointConfig
from sanic import Sanic

from bot.channel import FrontdeskChannel

os.environ["RASA_TELEMETRY_ENABLED"] = "false"
Sanic.test_mode = True
# Each run tries the same examples, however slow the machine is.
settings.register_profile(
    "every run", derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
settings.load_profile("every run")

FIXTURE_BOT = Path(__file__).parent / "fixture_bot"
REPOSITORY = Path(__file__).parents[2]
TOKEN = "a-test-token"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(scope="session")
def fixture_model(tmp_path_factory: pytest.TempPathFactory) -> str:
    import rasa

    trained = rasa.train(
        domain=str(FIXTURE_BOT / "domain.yml"),
        config=str(FIXTURE_BOT / "config.yml"),
        training_files=[str(FIXTURE_BOT / "data")],
        output=str(tmp_path_factory.mktemp("models")),
    )
    assert trained.model
    return trained.model


@dataclass
class Bot:
    """The bot's process as the gateway sees it."""

    app: Sanic
    url: str
    http: aiohttp.ClientSession
    said: int = field(default=0)

    async def turn(self, **body: Any) -> tuple[int, dict[str, Any]]:
        self.said += 1
        request = {"sender_id": "c_maya.1", "message_id": f"m_{self.said}", **body}
        async with self.http.post(f"{self.url}/turn", json=request, headers=HEADERS) as response:
            return response.status, await response.json()

    async def says(self, **body: Any) -> list[str]:
        status, answer = await self.turn(**body)
        assert status == 200, answer
        return [part["text"] for part in answer["parts"]]

    async def events(self, sender_id: str = "c_maya.1") -> list[Any]:
        tracker = await self.app.ctx.agent.tracker_store.retrieve_full_tracker(sender_id)
        return list(tracker.events) if tracker else []


@asynccontextmanager
async def running_bot(model: str | None, action_url: str | None = None) -> AsyncIterator[Bot]:
    endpoints = AvailableEndpoints(
        action=EndpointConfig(url=action_url),
        tracker_store=EndpointConfig(type="bot.tracker_store.StrictTrackerStore"),
    )
    app = configure_app([FrontdeskChannel()], enable_api=False, endpoints=endpoints)
    app.ctx.agent = await load_agent(model_path=model, endpoints=endpoints)
    listening = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(host="127.0.0.1", sock=listening, return_asyncio_server=True)
    await server.startup()
    await server.before_start()
    await server.start_serving()
    try:
        async with aiohttp.ClientSession() as http:
            yield Bot(app, f"http://127.0.0.1:{listening.getsockname()[1]}/webhooks/frontdesk", http)
    finally:
        await server.before_stop()
        server.close()
        await server.wait_closed()


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FRONTDESK_INTERNAL_TOKEN", TOKEN)
    monkeypatch.setenv("BOT_DATABASE_URL", f"sqlite:///{tmp_path / 'bot.db'}")
    monkeypatch.setenv("BOT_ACTION_TIMEOUT", "60")


@pytest.fixture
async def actions() -> AsyncIterator[Actions]:
    async with action_server() as running:
        yield running


@pytest.fixture
def start_bot(fixture_model: str, actions: Actions) -> Callable[[], Any]:
    """Starts the bot's process; a second call is the same bot after a restart."""
    return lambda: running_bot(fixture_model, actions.url)


@pytest.fixture
async def bot(start_bot: Callable[[], Any]) -> AsyncIterator[Bot]:
    async with start_bot() as running:
        yield running
