"""The gateway's last moments: what still comes is sent away with a time to come back, and channels bring it again."""

from typing import Any

from sanic import HTTPResponse, Request, Sanic
from sanic.response import json

RETRY_SECONDS = 5
BODY = {"error": "unavailable", "detail": "The desk is stopping. Nothing was kept; please try again in a moment."}
HEADERS = {"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store"}


def register(app: Sanic[Any, Any]) -> None:
    """Answer every request 503 once :func:`begin` was called."""

    @app.on_request
    async def send_away(_request: Request) -> HTTPResponse | None:
        return answer() if has_begun(app) else None


def begin(app: Sanic[Any, Any]) -> None:
    """Nothing more is taken."""
    app.ctx.is_stopping = True


def has_begun(app: Sanic[Any, Any]) -> bool:
    return bool(getattr(app.ctx, "is_stopping", False))


def answer() -> HTTPResponse:
    """503, with when to come back."""
    return json(BODY, status=503, headers=HEADERS)
