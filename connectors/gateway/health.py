"""``GET /health``: the truth about each part, and 503 exactly when a customer's message could not be accepted."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import aiohttp
import structlog
from sanic import HTTPResponse, Request, Sanic, json
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from connectors.connector import Connector
from connectors.gateway.rasa import Rasa
from handoff import figures
from handoff.database import Database

log = structlog.get_logger(__name__)

Report = dict[str, Any]
"""``{"status": "ok" | "failing" | "off", "detail"?: a sentence, …}``"""
Check = Callable[[], Awaitable[Report]]

DEADLINE_SECONDS = 3.0
SLOW_AFTER_SECONDS = 60.0
"""An accepted message that has waited longer for its turn means that nobody is being answered."""


def register(app: Sanic[Any, Any], checks: Mapping[str, Check]) -> None:
    """Serve ``GET /health`` from one check for each part. ``database`` is the part without which nothing is accepted."""

    @app.get("/health", name="health")
    async def serve_health(_request: Request) -> HTTPResponse:
        reports = await asyncio.gather(*(_run(name, check) for name, check in checks.items()))
        parts = dict(zip(checks, reports, strict=True))
        accepting = parts["database"]["status"] == "ok"
        failing = [name for name, report in parts.items() if report["status"] == "failing"]
        status = "down" if not accepting else "degraded" if failing else "ok"
        body = {"status": status, "accepting_messages": accepting, "failing": failing, "parts": parts}
        return json(body, status=200 if accepting else 503, headers={"Cache-Control": "no-store"})


def database_check(database: Database) -> Check:
    """Whether a message could be written down now: a transaction for writing begins."""

    async def check() -> Report:
        try:
            await database.write(_begin)
        except SQLAlchemyError as error:
            log.error("database_unreachable", doing="health", error=type(error).__name__)
            return {"status": "failing", "detail": "The database can't be written. No message is accepted."}
        return {"status": "ok", "kind": "sqlite" if database.is_sqlite else "postgresql"}

    return check


def rasa_check(rasa: Rasa) -> Check:
    """Failing only when no bot answers at all."""

    async def check() -> Report:
        addresses = await rasa.health()
        answering = [url for url, answer in addresses.items() if answer.get("status") == "ok"]
        report: Report = {"status": "ok" if answering else "failing", "addresses": addresses}
        if not answering:
            report["detail"] = "No bot answers. Messages are kept, and a person can be asked for."
        elif len(answering) < len(addresses):
            report["detail"] = f"{len(answering)} of {len(addresses)} bots answer."
        return report

    return check


def actions_check(health_url: str) -> Check:
    """``health_url``: the action server's ``/health``."""

    async def check() -> Report:
        deadline = aiohttp.ClientTimeout(total=DEADLINE_SECONDS - 1)
        try:
            async with aiohttp.ClientSession(timeout=deadline) as http, http.get(health_url) as response:
                if response.status == 200:
                    return {"status": "ok"}
                return {"status": "failing", "detail": f"The action server answers {response.status}."}
        except (aiohttp.ClientError, TimeoutError):
            return {"status": "failing", "detail": "The action server does not answer: the bot can't look up orders."}

    return check


def channels_check(connectors: Iterable[Connector]) -> Check:
    """One line a channel, on, off or with its last error. A failing channel leaves the others alone."""
    connectors = list(connectors)

    async def check() -> Report:
        channels = {connector.name: connector.status() for connector in connectors}
        failing = [name for name, status in channels.items() if status.get("status") == "failing"]
        report: Report = {"status": "failing" if failing else "ok", "channels": channels}
        if failing:
            report["detail"] = f"Failing: {', '.join(failing)}."
        return report

    return check


def backlog_check(database: Database) -> Check:
    """What waits inside: messages for their turn, replies for their channel, customers for a person."""

    async def check() -> Report:
        try:
            now_true = await database.read(figures.measure, datetime.now(UTC))
        except SQLAlchemyError:
            return {"status": "failing", "detail": "The database can't be read."}
        slow = now_true.oldest_waiting_seconds > SLOW_AFTER_SECONDS
        report: Report = {
            "status": "failing" if slow else "ok",
            "waiting_messages": now_true.waiting,
            "oldest_waiting_seconds": round(now_true.oldest_waiting_seconds, 1),
            "undelivered_replies": now_true.outbox["pending"] + now_true.outbox["sending"],
            "dead_letters": now_true.outbox["dead"],
            "queued_customers": now_true.conversations["queue"],
            "longest_queued_seconds": round(now_true.longest_queued_seconds, 1),
        }
        if slow:
            report["detail"] = "Messages are accepted but wait long for an answer."
        return report

    return check


def _begin(session: Session) -> None:
    session.execute(text("SELECT 1"))


async def _run(name: str, check: Check) -> Report:
    """A check that hangs or breaks is itself an answer."""
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            return await check()
    except TimeoutError:
        return {"status": "failing", "detail": f"No answer within {DEADLINE_SECONDS:.0f} seconds."}
    except Exception:
        log.exception("health_check_crashed", part=name)
        return {"status": "failing", "detail": "The check itself failed; see the log."}
