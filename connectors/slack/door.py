"""Slack over HTTP: events, pressed buttons and commands, each signed with the app's secret."""

import json
from typing import Any
from urllib.parse import parse_qsl

import structlog
from sanic import HTTPResponse, Request, Sanic
from sanic.response import json as json_response
from slack_sdk.signature import SignatureVerifier
from sqlalchemy.exc import SQLAlchemyError

from connectors.slack.events import Payload
from connectors.slack.intake import Intake

log = structlog.get_logger(__name__)

PATHS = ("/webhooks/slack/webhook", "/webhooks/slack/interactivity")
"""Either takes everything; the app's manifest uses both."""
LARGEST_BODY = 256 * 1024
RETRY = {"Retry-After": "5"}


class Door:
    def __init__(self, intake: Intake, signing_secret: str) -> None:
        self._intake = intake
        self._verifier = SignatureVerifier(signing_secret)

    def register(self, app: Sanic[Any, Any]) -> None:
        for path in PATHS:
            app.add_route(self._knock, path, methods=["POST"], name=f"slack_{path.rpartition('/')[2]}")

    async def _knock(self, request: Request) -> HTTPResponse:
        if len(request.body) > LARGEST_BODY:
            return _refusal(413, "too_large", "The body is larger than 256 KB.")
        if not self._is_signed(request):
            return _refusal(401, "bad_signature", "This request is not signed by our Slack app, or is too old.")
        try:
            answer = await self._answer(request)
        except ValueError:
            return _refusal(400, "malformed", "This is nothing that Slack sends.")
        except SQLAlchemyError as error:
            log.error("database_unreachable", doing="accept from Slack", error=type(error).__name__)
            return _refusal(503, "unavailable", "We couldn't save that just now. Send it again.", RETRY)
        return json_response(answer) if answer is not None else HTTPResponse(status=200)

    def _is_signed(self, request: Request) -> bool:
        stamp = request.headers.get("x-slack-request-timestamp", "")
        signature = request.headers.get("x-slack-signature", "")
        if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12 and signature.isascii()):
            return False
        try:
            return self._verifier.is_valid(request.body, stamp, signature)
        except UnicodeDecodeError:
            return False

    async def _answer(self, request: Request) -> Payload | None:
        if request.content_type.partition(";")[0].strip() != "application/x-www-form-urlencoded":
            return await self._told(_object(request.body.decode()))
        fields = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
        if "payload" in fields:
            return await self._intake.interaction(_object(fields["payload"]))
        if "command" in fields:
            return await self._intake.command(fields)
        raise ValueError("neither payload nor command")

    async def _told(self, envelope: Payload) -> Payload | None:
        match envelope.get("type"):
            case "url_verification":
                return {"challenge": str(envelope.get("challenge"))}
            case "event_callback":
                await self._intake.event(envelope)
            case kind:
                log.info("slack_told", kind=str(kind))  # such as app_rate_limited
        return None


def _object(text: str) -> Payload:
    value = json.loads(text)
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def _refusal(status: int, error: str, detail: str, headers: dict[str, str] | None = None) -> HTTPResponse:
    body = {"error": error, "detail": detail}
    return json_response(body, status=status, headers={"Cache-Control": "no-store", **(headers or {})})
