"""The action server: rasa-sdk on loopback only, for those who know `FRONTDESK_INTERNAL_TOKEN`.

python -m actions [--port 5055]
"""

import argparse
import hmac
import os
from http import HTTPStatus
from typing import Any

import structlog
from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import HTTPResponse, Request, Sanic
from sanic.response import BaseHTTPResponse, json

from actions.shop.counter import close_counter

HOST = "127.0.0.1"
DEFAULT_PORT = 5055
STOP_SECONDS = 1.0  # for calls under way; `frontdesk serve` kills after two, and Sanic would wait for fifteen

log = structlog.get_logger(__name__)

App = Sanic[Any, Any]


def action_server(token: str | None) -> App:
    """The server's app. With a token, every route but `/health` wants `Authorization: Bearer <token>`."""
    executor = ActionExecutor()
    executor.register_package("actions")
    app: App = create_app(executor, cors_origins=[])
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = STOP_SECONDS

    async def check_token(request: Request) -> HTTPResponse | None:
        if token is None or request.path == "/health":
            return None
        given = request.headers.get("authorization", "")
        if hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
            return None
        return json({"error": "unauthorized"}, status=HTTPStatus.UNAUTHORIZED)

    async def say_crashed(_: Request, answer: BaseHTTPResponse) -> HTTPResponse | None:
        # rasa-sdk logs the error, and echoes the whole tracker, the customer's words included.
        crashed = answer.status == HTTPStatus.INTERNAL_SERVER_ERROR
        return json({"error": "the action failed"}, status=answer.status) if crashed else None

    async def close(_: App) -> None:
        await close_counter()

    app.register_middleware(check_token, "request")
    app.register_middleware(say_crashed, "response")
    app.register_listener(close, "after_server_stop")
    return app


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m actions", description="Frontdesk's action server (loopback only).")
    parser.add_argument("--port", type=int, default=int(os.environ.get("FRONTDESK_ACTIONS_PORT") or DEFAULT_PORT))
    port = parser.parse_args().port
    app = action_server(os.environ.get("FRONTDESK_INTERNAL_TOKEN") or None)
    log.info("actions_listening", host=HOST, port=port)
    app.run(host=HOST, port=port, single_process=True, motd=False, access_log=False)


if __name__ == "__main__":
    main()
