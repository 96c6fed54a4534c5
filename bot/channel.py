"""The one way into Rasa: `POST /webhooks/frontdesk/turn`, as docs/wire.md has it."""

import ipaddress
import logging
import os
from collections.abc import Awaitable, Callable
from hmac import compare_digest
from typing import Any

from pydantic import ValidationError
from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, Sanic
from sanic.exceptions import InvalidUsage
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json

from bot import fast_turn, forgetting
from bot.action_endpoint import ActionServerUnreachable
from bot.forgetting import ForgetRequest
from bot.processor import TurnPutOff, turn_processor
from bot.turn_request import MalformedPayload, TurnRequest
from bot.turns import Turns

TOKEN_VARIABLE = "FRONTDESK_INTERNAL_TOKEN"  # noqa: S105 (a name, not the token)
OPEN_PATHS = {"/"}  # Rasa's "Hello from Rasa"

logger = logging.getLogger(__name__)


class FrontdeskChannel(InputChannel):
    """An ordinary credentials.yml entry: `bot.channel.FrontdeskChannel:`."""

    @classmethod
    def name(cls) -> str:
        return "frontdesk"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """`on_new_message` is not used: it gives back neither the replies nor the failure."""
        routes = Blueprint("frontdesk_channel")
        fast_turn.apply()
        turns = Turns()

        @routes.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            return await answer(request, turns)

        @routes.post("/forget")
        async def forget(request: Request) -> HTTPResponse:
            return let_go(request, turns)

        routes.add_route(health, "/health", methods=["GET"])
        routes.listener("before_server_start")(refuse_other_interfaces)
        routes.listener("before_server_start")(guard_every_route)
        routes.listener("before_server_stop")(close_action_connections)
        return routes


async def answer(request: Request, turns: Turns) -> HTTPResponse:
    """200 with the turn's result; 422, 500 or 503 with `{"error"}`."""
    try:
        turn = TurnRequest.parse_obj(request.json)
    except (ValidationError, InvalidUsage) as error:
        return problem(422, _first_line(error))
    agent = request.app.ctx.agent
    if not agent.is_ready():
        return problem(503, "no model is loaded yet")
    try:
        return json(await turns.answer(turn_processor(agent), turn))
    except MalformedPayload as error:
        return problem(422, str(error))
    except (TurnPutOff, ActionServerUnreachable) as error:
        logger.warning("The turn of message %s is put off: %s", turn.message_id, error)
        return problem(503, _first_line(error))
    except Exception as error:
        logger.exception("The turn of message %s failed; nothing of it was saved", turn.message_id)
        return problem(500, f"the turn failed: {_first_line(error)}")


def let_go(request: Request, turns: Turns) -> HTTPResponse:
    """204 once nothing of these conversations is left in memory; 422 with `{"error"}`."""
    try:
        asked = ForgetRequest.parse_obj(request.json)
    except (ValidationError, InvalidUsage) as error:
        return problem(422, _first_line(error))
    forgetting.forget(request.app.ctx.agent, turns, asked.sender_ids)
    return empty()


async def health(request: Request) -> HTTPResponse:
    """Says which model answers, or 503 when none does."""
    agent = request.app.ctx.agent
    if not agent.is_ready():
        return json({"status": "no_model"}, status=503)
    return json({"status": "ok", "model": agent.model_id})


async def refuse_other_interfaces(app: Sanic, _: Any) -> None:
    """Rasa has no business on a network; `rasa run` listens on all interfaces unless told otherwise."""
    host = app.state.host
    if host != "localhost" and not _is_loopback(host):
        raise RasaException(f"Frontdesk's bot listens on loopback only, not on {host}: start it with -i 127.0.0.1")


async def guard_every_route(app: Sanic, _: Any) -> None:
    """The token guards this channel, and Rasa's own HTTP API should somebody enable it."""
    app.register_middleware(check_token, "request")


async def check_token(request: Request) -> HTTPResponse | None:
    """401 unless the request carries the token that this process was started with."""
    if request.path in OPEN_PATHS:
        return None
    expected = os.environ.get(TOKEN_VARIABLE, "")
    if not expected:
        return problem(401, f"{TOKEN_VARIABLE} is not set, so every request is refused")
    given = request.headers.get("Authorization", "")
    if not compare_digest(given.encode(), f"Bearer {expected}".encode()):
        return problem(401, "the bearer token is missing or wrong")
    return None


async def close_action_connections(app: Sanic, _: Any) -> None:
    """Lets go of the action server."""
    if app.ctx.agent.is_ready():
        await turn_processor(app.ctx.agent).action_endpoint.close()


def problem(status: int, error: str) -> HTTPResponse:
    return json({"error": error}, status=status)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _first_line(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return ": ".join([*map(str, first["loc"]), first["msg"]])
    return str(error).partition("\n")[0]
