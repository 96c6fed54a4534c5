"""What Prometheus reads at ``GET /metrics``. Names and meanings are listed in docs/operations.md.

Counters are kept by the gateway as things happen; gauges are read from the database at each scrape, so that they are true
after a restart too.
"""

import asyncio
from datetime import UTC, datetime
from typing import Any

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest
from sanic import HTTPResponse, Request, Sanic
from sqlalchemy.exc import SQLAlchemyError

from handoff import figures
from handoff.database import Database

log = structlog.get_logger(__name__)

DEADLINE_SECONDS = 3.0  # well inside a scrape's own

MESSAGES = Counter("frontdesk_messages_accepted", "Customers' messages committed to the inbox.", ["channel"])
DUPLICATES = Counter("frontdesk_messages_repeated", "Messages a channel sent again and we had already.", ["channel"])
TURNS = Counter("frontdesk_turns", "Messages handled for the bot or the queue.", ["outcome"])
TURN_SECONDS = Histogram(
    "frontdesk_turn_seconds",
    "From accepting a message to its committed answer.",
    buckets=(0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300),
)
DELIVERIES = Counter("frontdesk_deliveries", "Attempts to hand a reply to its channel.", ["channel", "outcome"])
CLAIMS = Counter("frontdesk_claims", "Agents' claims.", ["outcome"])
OFFERS = Counter("frontdesk_offers", "Queued tickets held out to an agent.", ["outcome"])
SIGN_INS = Counter("frontdesk_sign_ins", "Agents' sign-ins.", ["outcome"])
REQUESTS = Counter("frontdesk_api_requests", "Answers of the desk's API.", ["route", "status"])
REQUEST_SECONDS = Histogram("frontdesk_api_request_seconds", "Time to answer, of the desk's API.", ["route"])
WEB_SOCKETS = Gauge("frontdesk_web_sockets", "Web chats that are connected to this gateway.")
DESK_SOCKETS = Gauge("frontdesk_desk_sockets", "Desks that are connected to this gateway.")

CONVERSATIONS = Gauge("frontdesk_conversations", "Conversations that are not closed.", ["holder"])
OUTBOX = Gauge("frontdesk_outbox", "Replies that have not arrived.", ["state"])
WAITING = Gauge("frontdesk_waiting_messages", "Accepted messages that still wait for their turn.")
OLDEST_WAITING = Gauge("frontdesk_oldest_waiting_seconds", "How long the oldest of those has waited.")
LONGEST_QUEUED = Gauge("frontdesk_longest_queued_seconds", "How long the first customer in the queue has waited.")
AGENTS_PRESENT = Gauge("frontdesk_agents_present", "Agents who are at the desk.")
ASKS_WITHOUT_RECEIPT = Gauge(
    "frontdesk_asks_without_receipt", "Queued customers who were not told so. Anything but 0 is a bug."
)
PROMISES_BROKEN = Gauge("frontdesk_promises_broken", "Promises to customers that are past their time and not kept yet.")
PROMISES = Gauge("frontdesk_promises", "Promises to customers; broken counts those kept too late as well.", ["state"])
FOLLOW_UPS = Gauge("frontdesk_follow_ups", "Questions whether what was done after a hand-back has worked.", ["state"])
WAITS_TOLD = Gauge("frontdesk_waits_told", "Waiting times that were told lately and have come true or not.")
WAITS_INSIDE = Gauge("frontdesk_waits_inside", "Those of them that fell inside the range that was told.")
DATABASE_UP = Gauge("frontdesk_database_up", "1 when the gauges above could be read from the database.")


def register(app: Sanic[Any, Any], database: Database) -> None:
    """Serve ``GET /metrics``."""

    @app.get("/metrics", name="metrics")
    async def serve_metrics(_request: Request) -> HTTPResponse:
        await _read_gauges(database)
        return HTTPResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


async def _read_gauges(database: Database) -> None:
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            now_true = await database.read(figures.measure, datetime.now(UTC))
    except (SQLAlchemyError, TimeoutError) as error:
        DATABASE_UP.set(0)
        log.error("database_unreachable", doing="metrics", error=type(error).__name__)
        return
    DATABASE_UP.set(1)
    for holder, count in now_true.conversations.items():
        CONVERSATIONS.labels(holder).set(count)
    for state, count in now_true.outbox.items():
        OUTBOX.labels(state).set(count)
    WAITING.set(now_true.waiting)
    OLDEST_WAITING.set(now_true.oldest_waiting_seconds)
    LONGEST_QUEUED.set(now_true.longest_queued_seconds)
    AGENTS_PRESENT.set(now_true.agents_present)
    ASKS_WITHOUT_RECEIPT.set(now_true.asks_without_receipt)
    PROMISES_BROKEN.set(now_true.promises.overdue)
    PROMISES.labels("open").set(now_true.promises.open)
    PROMISES.labels("kept").set(now_true.promises.kept)
    PROMISES.labels("broken").set(now_true.promises.broken)
    for state, count in now_true.follow_ups.items():
        FOLLOW_UPS.labels(state).set(count)
    WAITS_TOLD.set(now_true.waits_told)
    WAITS_INSIDE.set(now_true.waits_inside)
