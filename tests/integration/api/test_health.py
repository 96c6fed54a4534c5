"""Health and metrics: what is said is so."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from sanic import Sanic
from sqlalchemy import Engine, create_engine, update

from connectors.connector import Connector
from connectors.gateway import health, metrics
from connectors.gateway import rasa as rasa_client
from connectors.gateway.rasa import Rasa
from handoff import turns
from handoff.database import Database
from handoff.schema import Message
from tests.integration.api.running_desk import RunningDesk, new_app, running
from tests.people import add_agent, at, bot_says, take, write_in
from tests.running_gateway import PATIENCE_SECONDS

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What answers is well, however busy the machine is."""
    monkeypatch.setattr(health, "DEADLINE_SECONDS", PATIENCE_SECONDS)
    monkeypatch.setattr(metrics, "DEADLINE_SECONDS", PATIENCE_SECONDS)
    monkeypatch.setattr(rasa_client, "HEALTH_DEADLINE_SECONDS", PATIENCE_SECONDS)


class FakeChannel:
    """A channel that says of itself what the test wants."""

    def __init__(self, name: str, **status: object) -> None:
        self.name = name
        self._status = status

    def register(self, app: Sanic[Any, Any]) -> None: ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    def status(self) -> dict[str, object]:
        return self._status


@asynccontextmanager
async def answering(path: str, status: int, body: dict[str, str]) -> AsyncIterator[str]:
    """A server that answers one path."""

    async def answer(_: web.Request) -> web.Response:
        return web.json_response(body, status=status)

    app = web.Application()
    app.router.add_get(path, answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield site.name
    finally:
        await runner.cleanup()


async def ask(checks: dict[str, health.Check]) -> tuple[int, dict[str, Any]]:
    app = new_app()
    health.register(app, checks)
    async with running(app) as url, aiohttp.ClientSession() as http, http.get(f"{url}/health") as response:
        assert response.headers["Cache-Control"] == "no-store"
        return response.status, await response.json()


async def test_all_well(database: Database) -> None:
    channel: Connector = FakeChannel("web", status="ok", connections=3)
    async with answering("/health", 200, {"status": "ok"}) as actions:
        status, answer = await ask(
            {
                "database": health.database_check(database),
                "actions": health.actions_check(f"{actions}/health"),
                "channels": health.channels_check([channel]),
                "backlog": health.backlog_check(database),
            }
        )
    assert (status, answer["status"], answer["accepting_messages"], answer["failing"]) == (200, "ok", True, [])
    assert answer["parts"]["channels"]["channels"]["web"] == {"status": "ok", "connections": 3}
    assert answer["parts"]["backlog"]["waiting_messages"] == 0


async def test_a_database_that_cannot_be_written_is_503(database: Database) -> None:
    checks = {"database": health.database_check(database), "backlog": health.backlog_check(database)}
    break_writing(database)
    status, answer = await ask(checks)
    assert (status, answer["status"], answer["accepting_messages"]) == (503, "down", False)
    assert "No message is accepted" in answer["parts"]["database"]["detail"]


def break_writing(database: Database) -> None:
    """From now on no transaction can begin, as with a disk that is gone."""
    database._writer.dispose()
    database._writer = _broken_engine()
    if database._queue is not None:
        database._queue._engine = database._writer


def _broken_engine() -> Engine:
    return create_engine("sqlite:////nowhere/at/all/desk.db")


async def test_without_bot_and_actions_messages_are_still_accepted(database: Database) -> None:
    rasa = Rasa([NOWHERE], "token", 1.0)
    await rasa.start()
    status, answer = await ask(
        {
            "database": health.database_check(database),
            "rasa": health.rasa_check(rasa),
            "actions": health.actions_check(f"{NOWHERE}/health"),
        }
    )
    await rasa.stop()
    assert (status, answer["status"]) == (200, "degraded")
    assert answer["failing"] == ["rasa", "actions"]
    assert answer["parts"]["rasa"]["addresses"] == {NOWHERE: {"status": "down"}}


async def test_each_bot_is_told_apart(database: Database) -> None:
    async with answering("/webhooks/frontdesk/health", 200, {"status": "ok", "model": "abc"}) as up:
        rasa = Rasa([up, NOWHERE], "token", 1.0)
        await rasa.start()
        _, answer = await ask({"database": health.database_check(database), "rasa": health.rasa_check(rasa)})
        await rasa.stop()
    assert answer["parts"]["rasa"]["status"] == "ok"
    assert answer["parts"]["rasa"]["detail"] == "1 of 2 bots answer."
    assert answer["parts"]["rasa"]["addresses"][up]["model"] == "abc"


async def test_a_failing_channel_is_named_with_its_error(database: Database) -> None:
    channels: list[Connector] = [
        FakeChannel("telegram", status="failing", error="401 Unauthorized"),
        FakeChannel("slack", status="off"),
    ]
    status, answer = await ask(
        {"database": health.database_check(database), "channels": health.channels_check(channels)}
    )
    assert (status, answer["failing"]) == (200, ["channels"])
    assert answer["parts"]["channels"]["detail"] == "Failing: telegram."
    assert answer["parts"]["channels"]["channels"]["telegram"]["error"] == "401 Unauthorized"


async def test_a_message_that_waits_too_long_is_told(database: Database) -> None:
    write_in(database, "hello?", "m1")
    _, answer = await ask({"database": health.database_check(database), "backlog": health.backlog_check(database)})
    backlog = answer["parts"]["backlog"]
    assert backlog["status"] == "failing"
    assert backlog["waiting_messages"] == 1
    assert backlog["oldest_waiting_seconds"] > health.SLOW_AFTER_SECONDS


async def test_a_check_that_hangs_or_breaks_is_an_answer_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "DEADLINE_SECONDS", 0.1)

    async def is_well() -> health.Report:
        return {"status": "ok"}

    async def hangs() -> health.Report:
        await asyncio.Event().wait()
        return {}

    async def breaks() -> health.Report:
        raise RuntimeError("password=hunter2")

    status, answer = await ask({"database": is_well, "rasa": hangs, "actions": breaks})
    assert status == 200
    assert answer["failing"] == ["rasa", "actions"]
    assert "hunter2" not in str(answer)


async def figures_of(database: Database) -> dict[str, float]:
    app = new_app()
    metrics.register(app, database)
    async with running(app) as url, aiohttp.ClientSession() as http, http.get(f"{url}/metrics") as response:
        assert response.status == 200
        lines = (await response.text()).splitlines()
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}


async def test_metrics_tell_what_the_database_holds(database: Database) -> None:
    write_in(database, "a person", "m1", address="maya")
    database.write_now(turns.answer, take(database), bot_says(handoff={"reason": "asked", "evidence": []}), at(1))
    write_in(database, "hello", "m2", seconds=2, address="omar")
    database.write_now(add_agent, "Ana")
    found = await figures_of(database)
    assert found['frontdesk_conversations{holder="queue"}'] == 1
    assert found['frontdesk_conversations{holder="bot"}'] == 1
    assert found['frontdesk_outbox{state="pending"}'] == 1
    assert found["frontdesk_waiting_messages"] == 1
    age = (datetime.now(UTC) - at(2)) / timedelta(seconds=1)
    assert age - 60 < found["frontdesk_oldest_waiting_seconds"] <= age
    assert found["frontdesk_agents_present"] == 1
    assert found["frontdesk_asks_without_receipt"] == 0
    assert found["frontdesk_database_up"] == 1


async def test_an_ask_without_a_receipt_does_not_stay_hidden(database: Database) -> None:
    write_in(database, "a person", "m1")
    database.write_now(turns.answer, take(database), bot_says(handoff={"reason": "asked", "evidence": []}), at(1))
    database.write_now(lambda session: session.execute(update(Message).values(handoff=None)))
    assert (await figures_of(database))["frontdesk_asks_without_receipt"] == 1


async def test_metrics_still_come_when_the_database_is_away(database: Database) -> None:
    database._reader.dispose()
    database._reader = _broken_engine()
    assert (await figures_of(database))["frontdesk_database_up"] == 0


async def test_metrics_still_come_when_the_database_hangs(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "DEADLINE_SECONDS", 0.2)
    let_go = threading.Event()
    monkeypatch.setattr(metrics.figures, "measure", lambda *_: let_go.wait())
    try:
        assert (await figures_of(database))["frontdesk_database_up"] == 0
    finally:
        let_go.set()


async def test_claims_and_requests_are_counted(desk: RunningDesk) -> None:
    before = metrics.CLAIMS.labels("lost")._value.get()
    conversation_id = await desk.maya_waits()
    ana, ben = await desk.person("ana"), await desk.person("ben")
    await ana.post(f"/api/conversations/{conversation_id}/claim")
    await ben.post(f"/api/conversations/{conversation_id}/claim")
    assert metrics.CLAIMS.labels("lost")._value.get() == before + 1
    async with ana.http.get(f"{desk.url}/metrics") as response:
        assert 'frontdesk_api_requests_total{route="claim",status="409"}' in await response.text()
