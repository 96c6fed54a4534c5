"""Telegram's webhook: 200 only after the commit, 503 when nothing can be committed, so that Telegram brings it again."""

import secrets
from typing import Any

import structlog
from sanic import HTTPResponse, Request, Sanic, json
from sanic.exceptions import BadRequest
from sqlalchemy.exc import SQLAlchemyError
from telegram.error import TelegramError

from connectors.telegram.figures import FORGED
from connectors.telegram.intake import Intake

log = structlog.get_logger(__name__)

PATH = "/webhooks/telegram/webhook"
SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - a header's name
LARGEST_BODY = 256 * 1024
RETRY = {"Retry-After": "5"}


def register(app: Sanic[Any, Any], secret: str, intake: Intake) -> None:
    """Serve :data:`PATH`. Without a ``secret`` every call is a forgery."""

    @app.post(PATH, name="telegram_webhook")
    async def receive(request: Request) -> HTTPResponse:
        if not _knows(request, secret):
            FORGED.inc()
            return _refusal(403, "forbidden", "This is not the secret that was agreed with Telegram.")
        if len(request.body) > LARGEST_BODY:
            return _refusal(413, "too_large", "The body is larger than 256 KB.")
        fields = _fields(request)
        if fields is None:
            return _refusal(400, "malformed", "An update is a JSON object with an update_id.")
        try:
            await intake.handle(fields)
        except (SQLAlchemyError, TelegramError) as error:
            log.error("telegram_update_put_off", error=type(error).__name__)
            return _refusal(503, "unavailable", "The update can't be kept right now; bring it again.", RETRY)
        return json({"ok": True})


def _knows(request: Request, secret: str) -> bool:
    given = request.headers.get(SECRET_HEADER, "")
    return bool(secret) and secrets.compare_digest(given.encode(), secret.encode())


def _fields(request: Request) -> dict[str, Any] | None:
    try:
        fields = request.json
    except BadRequest:
        return None
    return fields if isinstance(fields, dict) and isinstance(fields.get("update_id"), int) else None


def _refusal(status: int, error: str, detail: str, headers: dict[str, str] | None = None) -> HTTPResponse:
    return json({"error": error, "detail": detail}, status=status, headers=headers)
