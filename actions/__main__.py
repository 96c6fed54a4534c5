"""The action server: rasa-sdk on loopback only, for those who know `FRONTDESK_INTERNAL_TOKEN`.

python -m actions [--port 5055]
"""

import argparse
import hmac
import os
from http import HTTPStatus

import structlog
from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import HTTPResponse, Request, Sanic
from sanic.response import json

from actions.shop.counter import close_counter

HOST = "127.0.0.1"
DEFAULT_PORT = 5055

log = structlog.get_logger(__name__)


def action_server(token: str | None) -> Sanic:
    """The server's app. With a token, every route but `/health` wants `Authorization: Bearer <token>`."""
    executor = ActionExecutor()
    executor.register_package("actions")
    app = create_app(executor, cors_origins=[])

    @app.on_request
    async def check_token(request: Request) -> HTTPResponse | None:
        if token is None or request.path == "/health":
            return None
        given = request.headers.get("authorization", "")
        if hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
            return None
        return json({"error": "unauthorized"}, status=HTTPStatus.UNAUTHORIZED)

    @app.after_server_stop
    async def close(_: Sanic) -> None:
        await close_counter()

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
