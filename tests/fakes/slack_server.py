"""A Slack workspace for tests: Web API, signed events, Socket Mode, `response_url`, in the shapes of docs.slack.dev.

The real slack-sdk talks to it through ``SLACK_API_URL``. It misbehaves on request: see :class:`Faults`.
"""

import asyncio
import hashlib
import hmac
import itertools
import json
import random
import time
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import WSMsgType, web

BOT_TOKEN = "xoxb-made-up"
APP_TOKEN = "xapp-made-up"
SIGNING_SECRET = "a-made-up-signing-secret"
TEAM, BOT_USER, BOT_ID, APP = "T0JUNIPER", "U0FERN", "B0FERN", "A0FERN"
MAYA, ANA, BEN = "U0MAYA", "U0ANA", "U0BEN"
ALL_SCOPES = (
    "app_mentions:read,assistant:write,channels:history,chat:write,commands,files:read,files:write,groups:history,"
    "im:history,im:read,im:write,mpim:history,reactions:write,users:read"
)
Payload = dict[str, Any]


@dataclass
class Faults:
    """What goes wrong next. ``next``: per method, ``429 | 500 | drop | slow | an error code``, each used once."""

    next: dict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque))
    rate_limited_share: float = 0.0
    retry_after_seconds: int = 1
    slow_seconds: float = 60.0

    def plan(self, method: str, *faults: str) -> None:
        """``drop``: the message is taken, and the connection closed without an answer. ``slow``: likewise, much later."""
        self.next[method].extend(faults)

    def take(self, method: str, dice: random.Random) -> str | None:
        if self.next[method]:
            return self.next[method].popleft()
        if method == "chat.postMessage" and dice.random() < self.rate_limited_share:
            return "429"
        return None


class FakeSlack:
    def __init__(self) -> None:
        self.url = ""
        self.gateway = ""
        """Where events go."""
        self.faults = Faults()
        self.scopes = ALL_SCOPES
        self.channels: dict[str, list[Payload]] = defaultdict(list)
        self.ephemeral: list[Payload] = []
        self.views: list[Payload] = []
        self.reactions: list[Payload] = []
        self.statuses: list[Payload] = []
        self.files: dict[str, tuple[str, str, bytes]] = {}
        """``{file id: (name, MIME type, content)}``"""
        self.file_host = ""
        """Where `files.info` says that files are, if not here."""
        self.answers: list[Payload] = []
        """What was posted to a ``response_url``."""
        self.calls: Counter[str] = Counter()
        self.early_calls = 0
        """Posts to a channel before the wait we asked for was over."""
        self.socket_answers: dict[str, Payload] = {}
        self.names = {MAYA: "Maya Lindqvist", ANA: "Ana", BEN: "Ben"}
        self._wait_until: dict[str, float] = {}
        self._uploads: dict[str, bytes] = {}
        self._sockets: list[web.WebSocketResponse] = []
        self._dice = random.Random(7)  # noqa: S311 - a test repeats itself
        self._numbers = itertools.count(1)
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

    # --- what people do ---

    def new_ts(self) -> str:
        return f"{int(time.time())}.{next(self._numbers):06d}"

    def message(self, text: str, channel: str = "D0MAYA", user: str = MAYA, **more: Any) -> Payload:
        """A ``message`` event; kept in the channel as Slack would."""
        ts = self.new_ts()
        kind = {"D": "im", "G": "group"}.get(channel[0], "channel")
        event = {
            "type": "message",
            "channel": channel,
            "channel_type": kind,
            "user": user,
            "text": text,
            "ts": ts,
            "event_ts": ts,
            "team": TEAM,
            **more,
        }
        self.channels[channel].append({key: value for key, value in event.items() if key != "event_ts"})
        return event

    def edited(self, event: Payload, text: str) -> Payload:
        old = {key: event[key] for key in ("type", "user", "text", "ts", "thread_ts") if key in event}
        ts = self.new_ts()
        return {
            "type": "message",
            "subtype": "message_changed",
            "channel": event["channel"],
            "channel_type": event["channel_type"],
            "ts": ts,
            "event_ts": ts,
            "hidden": True,
            "message": {**old, "text": text, "edited": {"user": event["user"], "ts": ts}},
            "previous_message": old,
        }

    def deleted(self, event: Payload) -> Payload:
        old = {key: event[key] for key in ("type", "user", "text", "ts", "thread_ts") if key in event}
        ts = self.new_ts()
        return {
            "type": "message",
            "subtype": "message_deleted",
            "channel": event["channel"],
            "channel_type": event["channel_type"],
            "ts": ts,
            "event_ts": ts,
            "deleted_ts": event["ts"],
            "hidden": True,
            "previous_message": old,
        }

    def envelope(self, event: Payload) -> Payload:
        return {
            "token": "deprecated",
            "team_id": TEAM,
            "api_app_id": APP,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{next(self._numbers):08d}",
            "event_time": int(time.time()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": TEAM,
                    "user_id": BOT_USER,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": "4-made-up",
        }

    async def says(self, text: str, channel: str = "D0MAYA", user: str = MAYA, **more: Any) -> Payload:
        """Somebody writes, and the app is told over HTTP. Returns the event."""
        event = self.message(text, channel, user, **more)
        status, _ = await self.tell(self.envelope(event))
        assert status == 200, status
        return event

    def button_of(self, message: Payload, title: str) -> Payload:
        for block in message["blocks"]:
            for element in block.get("elements") or []:
                if element.get("type") == "button" and element["text"]["text"] == title:
                    return element
        raise AssertionError(f"no button {title!r} in {message['blocks']}")

    def press(self, channel: str, message: Payload, title: str, user: str = MAYA) -> Payload:
        """The ``block_actions`` payload of pressing the button called ``title``."""
        element = self.button_of(message, title)
        action = {"type": "button", "action_id": element["action_id"], "block_id": "b", "action_ts": self.new_ts()}
        container = {"type": "message", "message_ts": message["ts"], "channel_id": channel, "is_ephemeral": False}
        if "thread_ts" in message:
            container["thread_ts"] = message["thread_ts"]
        return {
            "type": "block_actions",
            **self._who_and_where(user, channel),
            "container": container,
            "message": message,
            "actions": [{**action, "text": element["text"], "value": element["value"]}],
        }

    def shortcut(self, channel: str, message: Payload, callback_id: str, user: str) -> Payload:
        """The ``message_action`` payload of a message shortcut."""
        return {
            "type": "message_action",
            "callback_id": callback_id,
            **self._who_and_where(user, channel),
            "message_ts": message["ts"],
            "message": message,
        }

    def submit(self, view: Payload, values: Payload, user: str) -> Payload:
        """The ``view_submission`` payload of a modal."""
        return {
            "type": "view_submission",
            "team": {"id": TEAM, "domain": "juniper"},
            "user": {"id": user, "username": "someone", "team_id": TEAM},
            "view": {"id": f"V{next(self._numbers)}", **view, "state": {"values": values}},
        }

    def command_fields(self, command: str, text: str = "", user: str = MAYA, channel: str = "C0SHOP") -> dict[str, str]:
        return {
            "command": command,
            "text": text,
            "user_id": user,
            "user_name": "maya",
            "team_id": TEAM,
            "channel_id": channel,
            "channel_name": "shop",
            "response_url": f"{self.url}/respond",
            "trigger_id": f"{next(self._numbers)}.1.abc",
            "api_app_id": APP,
        }

    # --- how the app is told ---

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

    # --- what the app wrote ---

    def from_app(self, channel: str) -> list[Payload]:
        return [message for message in self.channels[channel] if message.get("bot_id")]

    def texts(self, channel: str) -> list[str]:
        """What the app has said in a channel."""
        return [message["text"] for message in self.from_app(channel)]

    # --- the Web API ---

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        self.calls[method] += 1
        token = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        if request.headers.get("Authorization") != f"Bearer {token}":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        arguments = await _arguments(request)
        channel = str(arguments.get("channel", ""))
        if method == "chat.postMessage" and time.monotonic() < self._wait_until.get(channel, 0.0):
            self.early_calls += 1
        match self.faults.take(method, self._dice):
            case None:
                return self._answer(method, arguments)
            case "429":
                self._wait_until[channel] = time.monotonic() + self.faults.retry_after_seconds
                headers = {"Retry-After": str(self.faults.retry_after_seconds)}
                return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
            case "500":
                return web.Response(status=500, text="upstream")
            case "drop":
                self._answer(method, arguments)
                assert request.transport is not None
                request.transport.abort()
                return web.Response()
            case "slow":
                answer = self._answer(method, arguments)
                await asyncio.sleep(self.faults.slow_seconds)
                return answer
            case error:
                return web.json_response({"ok": False, "error": error})

    def _answer(self, method: str, arguments: Payload) -> web.Response:
        handler = getattr(self, "_" + method.replace(".", "_"), None)
        if handler is None:
            return web.json_response({"ok": False, "error": "unknown_method"})
        answer: Payload = handler(arguments)
        headers = {"X-OAuth-Scopes": self.scopes} if method == "auth.test" else {}
        return web.json_response({"ok": "error" not in answer, **answer}, headers=headers)

    def _auth_test(self, _arguments: Payload) -> Payload:
        return {
            "url": "https://juniper.slack.com/",
            "team": "Juniper & Finch",
            "user": "fern",
            "team_id": TEAM,
            "user_id": BOT_USER,
            "bot_id": BOT_ID,
        }

    def _chat_postMessage(self, arguments: Payload) -> Payload:  # noqa: N802 - Slack's name
        if not arguments.get("channel"):
            return {"error": "channel_not_found"}
        ts = self.new_ts()
        kept = {key: arguments[key] for key in ("text", "blocks", "thread_ts", "metadata") if arguments.get(key)}
        message = {"type": "message", "user": BOT_USER, "bot_id": BOT_ID, "text": "", "ts": ts, **kept}
        self.channels[arguments["channel"]].append(message)
        return {"channel": arguments["channel"], "ts": ts, "message": message}

    def _chat_update(self, arguments: Payload) -> Payload:
        for message in self.channels[arguments["channel"]]:
            if message["ts"] == arguments["ts"]:
                message.setdefault("versions", []).append(
                    {"text": message["text"], "blocks": message.get("blocks", [])}
                )
                message.update(text=arguments.get("text", ""), blocks=arguments.get("blocks") or [])
                message["updated"] = message.get("updated", 0) + 1
                return {"channel": arguments["channel"], "ts": arguments["ts"], "text": message["text"]}
        return {"error": "message_not_found"}

    def _chat_postEphemeral(self, arguments: Payload) -> Payload:  # noqa: N802
        self.ephemeral.append(arguments)
        return {"message_ts": self.new_ts()}

    def _conversations_history(self, arguments: Payload) -> Payload:
        here = self.channels[arguments["channel"]]
        return self._page(
            [message for message in here if message.get("thread_ts", message["ts"]) == message["ts"]], arguments
        )

    def _conversations_replies(self, arguments: Payload) -> Payload:
        here = self.channels[arguments["channel"]]
        thread = arguments["ts"]
        return self._page([one for one in here if thread in (one["ts"], one.get("thread_ts"))], arguments)

    def _page(self, found: list[Payload], arguments: Payload) -> Payload:
        """Two messages a page, whatever was asked for: cursors have to be followed."""
        oldest = float(arguments.get("oldest") or 0)
        shown = [_without_metadata(one, arguments) for one in found if float(one["ts"]) >= oldest]
        start = int(arguments.get("cursor") or 0)
        more = start + 2 < len(shown)
        cursor = {"next_cursor": str(start + 2) if more else ""}
        return {"messages": shown[start : start + 2], "has_more": more, "response_metadata": cursor}

    def _conversations_open(self, arguments: Payload) -> Payload:
        return {"channel": {"id": "D" + str(arguments["users"])[1:]}}

    def _users_info(self, arguments: Payload) -> Payload:
        name = self.names.get(arguments["user"])
        if name is None:
            return {"error": "user_not_found"}
        profile = {"display_name": name, "real_name": name}
        return {"user": {"id": arguments["user"], "name": name.lower(), "locale": "en-US", "profile": profile}}

    def _apps_connections_open(self, _arguments: Payload) -> Payload:
        return {"url": self.url.replace("http", "ws", 1) + "/socket"}

    def _assistant_threads_setStatus(self, arguments: Payload) -> Payload:  # noqa: N802
        self.statuses.append(arguments)
        return {}

    def _reactions_add(self, arguments: Payload) -> Payload:
        self.reactions.append(arguments)
        return {}

    def _views_open(self, arguments: Payload) -> Payload:
        view = arguments["view"]
        self.views.append(json.loads(view) if isinstance(view, str) else view)
        return {"view": self.views[-1]}

    def _files_info(self, arguments: Payload) -> Payload:
        if arguments["file"] not in self.files:
            return {"error": "file_not_found"}
        name, kind, content = self.files[arguments["file"]]
        url = f"{self.file_host or self.url}/files/{arguments['file']}"
        about = {"id": arguments["file"], "name": name, "title": name, "mimetype": kind, "size": len(content)}
        return {"file": {**about, "url_private": url, "url_private_download": url}}

    def _files_getUploadURLExternal(self, _arguments: Payload) -> Payload:  # noqa: N802
        file_id = f"F{next(self._numbers)}"
        return {"upload_url": f"{self.url}/upload/{file_id}", "file_id": file_id}

    def _files_completeUploadExternal(self, arguments: Payload) -> Payload:  # noqa: N802
        files = arguments["files"]
        shared = json.loads(files) if isinstance(files, str) else files
        ts = self.new_ts()
        message = {"type": "message", "user": BOT_USER, "bot_id": BOT_ID, "text": "", "ts": ts, "files": shared}
        thread = {"thread_ts": arguments["thread_ts"]} if arguments.get("thread_ts") else {}
        self.channels[arguments["channel_id"]].append({**message, **thread})
        return {"files": shared}

    async def _download(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {BOT_TOKEN}":
            return web.Response(status=302, headers={"Location": "https://slack.com/signin"})
        _, kind, content = self.files[request.match_info["id"]]
        return web.Response(body=content, content_type=kind)

    async def _upload(self, request: web.Request) -> web.Response:
        self._uploads[request.match_info["id"]] = await request.read()
        return web.Response(text="OK")

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

    def _who_and_where(self, user: str, channel: str) -> Payload:
        return {
            "user": {"id": user, "username": "someone", "team_id": TEAM},
            "team": {"id": TEAM, "domain": "juniper"},
            "channel": {"id": channel, "name": "somewhere"},
            "trigger_id": f"{next(self._numbers)}.2.def",
            "response_url": f"{self.url}/respond",
            "api_app_id": APP,
        }


async def _arguments(request: web.Request) -> Payload:
    if request.content_type == "application/json":
        arguments: Payload = await request.json()
        return arguments
    return {**request.query, **(await request.post())}


def _without_metadata(message: Payload, arguments: Payload) -> Payload:
    if str(arguments.get("include_all_metadata", "")).lower() in ("1", "true"):
        return message
    return {key: value for key, value in message.items() if key != "metadata"}


@asynccontextmanager
async def fake_slack() -> AsyncIterator[FakeSlack]:
    slack = FakeSlack()
    await slack.start()
    try:
        yield slack
    finally:
        await slack.stop()
