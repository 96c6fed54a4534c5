"""A Slack workspace for tests: Web API, signed events, Socket Mode, `response_url`, in the shapes of docs.slack.dev.

The real slack-sdk talks to it through ``SLACK_API_URL``. It misbehaves on request: see :class:`Faults`.
"""

import asyncio
import hashlib
import hmac
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import WSMsgType, web
from pydantic import SecretStr

from tests.fakes.slack_faults import Faults
from tests.fakes.slack_files import SharedFiles
from tests.fakes.slack_happenings import Happenings
from tests.fakes.slack_web_api import WebApi
from tests.fakes.slack_workspace import APP, APP_TOKEN, BOT_TOKEN, MAYA, SIGNING_SECRET, Payload

WRITES = ("chat.postMessage", "files.completeUploadExternal")


class FakeSlack(Happenings, WebApi, SharedFiles):
    def __init__(self) -> None:
        super().__init__()
        self.gateway = ""
        """Where events go."""
        self.faults = Faults()
        self.answers: list[Payload] = []
        """What was posted to a ``response_url``."""
        self.calls: Counter[str] = Counter()
        self.early_calls = 0
        """Posts to a channel before the wait we asked for was over."""
        self.socket_answers: dict[str, Payload] = {}
        self._wait_until: dict[str, float] = {}
        self._sockets: list[web.WebSocketResponse] = []
        self._dice = random.Random(7)  # noqa: S311 - a test repeats itself
        self._runner: web.AppRunner | None = None
        self._port = 0
        self._http: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        app = web.Application(client_max_size=32 * 1024 * 1024)
        app.router.add_route("*", "/api/{method}", self._call)
        app.router.add_get("/socket", self._socket)
        app.router.add_post("/respond", self._respond)
        app.router.add_get("/files/{id}", self._download)
        app.router.add_post("/upload/{id}", self._upload)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self._port}"
        self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=200))

    async def stop(self) -> None:
        assert self._runner is not None
        assert self._http is not None
        for socket in self._sockets:
            await socket.close()
        await self._http.close()
        await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    @property
    def settings(self) -> dict[str, Any]:
        """Of a gateway that has its app here and hears of events over HTTP."""
        return {
            "slack_bot_token": SecretStr(BOT_TOKEN),
            "slack_signing_secret": SecretStr(SIGNING_SECRET),
            "slack_api_url": self.api_url,
        }

    # --- how the app is told ---

    async def says(self, text: str, channel: str = "D0MAYA", user: str = MAYA, **more: Any) -> Payload:
        """Somebody writes, and the app is told over HTTP. Returns the event."""
        event = self.message(text, channel, user, **more)
        status, _ = await self.tell(self.envelope(event))
        assert status == 200, status
        return event

    def signed(self, body: str, at: float | None = None, secret: str = SIGNING_SECRET) -> dict[str, str]:
        stamp = str(int(time.time() if at is None else at))
        digest = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}

    async def tell(self, envelope: Payload, **headers: str) -> tuple[int, Any]:
        """An event over HTTP; returns status and answer."""
        body = json.dumps(envelope)
        return await self.send(body, {"Content-Type": "application/json", **self.signed(body), **headers})

    async def interact(self, payload: Payload) -> tuple[int, Any]:
        return await self._send_form({"payload": json.dumps(payload)}, "interactivity")

    async def command(self, fields: dict[str, str]) -> tuple[int, Any]:
        return await self._send_form(fields, "webhook")

    async def send(self, body: str, headers: dict[str, str], path: str = "webhook") -> tuple[int, Any]:
        assert self._http is not None
        async with self._http.post(f"{self.gateway}/webhooks/slack/{path}", data=body, headers=headers) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if text else None

    async def tell_socket(self, kind: str, payload: Payload, again: int = 0) -> str:
        """An envelope over the newest socket; returns its id, under which the answer is kept."""
        envelope_id = f"env-{next(self._numbers)}"
        envelope = {
            "type": kind,
            "envelope_id": envelope_id,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
            "retry_attempt": again,
        }
        await self._sockets[-1].send_str(json.dumps(envelope))
        return envelope_id

    @property
    def open_sockets(self) -> int:
        return sum(not socket.closed for socket in self._sockets)

    # --- how the app asks ---

    def was_limited(self, channel: str) -> bool:
        """Whether a call about this channel was ever answered with 429."""
        return channel in self._wait_until

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        self.calls[method] += 1
        token = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        if request.headers.get("Authorization") != f"Bearer {token}":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        arguments = await _arguments(request)
        channel = str(arguments.get("channel") or arguments.get("channel_id") or "")
        if method in WRITES and time.monotonic() < self._wait_until.get(channel, 0.0):
            self.early_calls += 1
        match self.faults.take(method, self._dice):
            case None:
                return self._respond_with(method, arguments)
            case "429":
                self._wait_until[channel] = time.monotonic() + self.faults.retry_after_seconds
                headers = {"Retry-After": str(self.faults.retry_after_seconds)}
                return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
            case "500":
                return web.Response(status=500, text="upstream")
            case "drop":
                self.answer(method, arguments)
                assert request.transport is not None
                request.transport.abort()
                return web.Response()
            case "slow":
                answer = self._respond_with(method, arguments)
                await asyncio.sleep(self.faults.slow_seconds)
                return answer
            case error:
                return web.json_response({"ok": False, "error": error})

    def _respond_with(self, method: str, arguments: Payload) -> web.Response:
        headers = {"X-OAuth-Scopes": self.scopes} if method == "auth.test" else {}
        return web.json_response(self.answer(method, arguments), headers=headers)

    async def _respond(self, request: web.Request) -> web.Response:
        self.answers.append(await request.json())
        return web.Response(text="ok")

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.append(socket)
        hello = {"type": "hello", "num_connections": 1, "connection_info": {"app_id": APP}}
        await socket.send_str(json.dumps(hello))
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                answer = json.loads(message.data)
                self.socket_answers[answer["envelope_id"]] = answer
        return socket

    async def close_sockets(self) -> None:
        """As when Slack restarts the far end."""
        for socket in self._sockets:
            await socket.close()

    async def _send_form(self, fields: dict[str, str], path: str) -> tuple[int, Any]:
        body = urlencode(fields)
        headers = {"Content-Type": "application/x-www-form-urlencoded", **self.signed(body)}
        return await self.send(body, headers, path)


async def _arguments(request: web.Request) -> Payload:
    if request.content_type == "application/json":
        arguments: Payload = await request.json()
        return arguments
    return {**request.query, **(await request.post())}


@asynccontextmanager
async def fake_slack() -> AsyncIterator[FakeSlack]:
    slack = FakeSlack()
    await slack.start()
    try:
        yield slack
    finally:
        await slack.stop()
