"""The desk as its agents meet it over HTTP and sockets, on each kind of database."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
import socketio

from connectors.gateway import api, metrics
from connectors.gateway.bus import Bus
from connectors.gateway.desk_socket import DeskSocket
from connectors.gateway.media_files import MediaFiles
from connectors.gateway.settings import Settings
from handoff import agents, passwords
from handoff.database import Database
from tests.integration.api.running_desk import (
    GRACE_SECONDS,
    PASSWORD,
    ROLES,
    FakeShop,
    RunningDesk,
    email_of,
    new_app,
    running,
)


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> AsyncIterator[RunningDesk]:
    settings = Settings(home=tmp_path)
    bus, shop, app = Bus(), FakeShop(), new_app()
    sio = socketio.AsyncServer(async_mode="sanic", cors_allowed_origins="*")
    sio.attach(app)
    socket = DeskSocket(sio, database, bus, settings, grace_seconds=GRACE_SECONDS)
    socket.register()
    api.register(app, database, bus, settings, shop, MediaFiles(tmp_path))
    metrics.register(app, database)
    app.before_server_start(lambda _: socket.start())
    app.before_server_stop(lambda _: socket.stop())
    async with AsyncExitStack() as closing, running(app) as url:
        desk = RunningDesk(url, database, bus, shop, closing)
        hashed = passwords.new_hash(PASSWORD)
        for name, role in ROLES.items():
            agent = await database.write(
                agents.add_agent, email_of(name), name.title(), role, hashed, datetime.now(UTC)
            )
            desk.ids[name] = agent["id"]
        yield desk
        await closing.aclose()
