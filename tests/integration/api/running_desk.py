"""A running gateway with the desk's side only, and the browsers of those who use it."""

import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
from sanic import Sanic
from yarl import URL

from connectors.gateway.bus import Bus
from connectors.gateway.orders import OrdersUnavailableError
from handoff import agents, inbox, sessions, turn_leases, turns
from handoff.brief import OrderView
from handoff.database import Database
from handoff.inbox import Accepted, Inbound
from handoff.passwords import Verdict
from tests.people import bot_says

PASSWORD = "correct horse battery"
GRACE_SECONDS = 0.3
ROLES = {"ana": "agent", "ben": "agent", "sam": "supervisor", "olive": "author", "adele": "admin"}


def email_of(name: str) -> str:
    return f"{name}@juniperandfinch.example"


class FakeShop:
    """The shop's side of the brief."""

    def __init__(self) -> None:
        self.orders: dict[str, list[OrderView]] = {}
        self.is_up = True
        self.asked: list[str] = []

    async def __call__(self, sender_id: str) -> list[OrderView]:
        self.asked.append(sender_id)
        if not self.is_up:
            raise OrdersUnavailableError("down")
        return self.orders.get(sender_id, [])


class Person:
    """Somebody's browser, or nobody's: cookies are kept, and writes carry the CSRF token."""

    def __init__(self, url: str) -> None:
        self.url = url
        # As few connections as a browser has: a crowd at once is not to run out of file descriptors.
        connections = aiohttp.TCPConnector(limit=6)
        self.http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), connector=connections)
        self.csrf = ""
        self.id = ""

    async def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """``(status, JSON)``; the JSON is None for an empty answer."""
        if self.csrf:
            headers.setdefault("X-CSRF-Token", self.csrf)
        async with self.http.request(method, f"{self.url}{path}", json=body, headers=headers) as response:
            text = await response.text()
            return response.status, await response.json() if text else None

    async def get(self, path: str) -> tuple[int, Any]:
        return await self.call("GET", path)

    async def post(self, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        return await self.call("POST", path, body, **headers)

    async def send_file(
        self, path: str, content: bytes, title: str = "lamp.png", mime: str = "image/png", **fields: str
    ) -> tuple[int, Any]:
        """A form with a file."""
        form = aiohttp.FormData({"id": "one", **fields})
        form.add_field("file", content, filename=title, content_type=mime)
        headers = {"X-CSRF-Token": self.csrf} if self.csrf else {}
        async with self.http.post(f"{self.url}{path}", data=form, headers=headers) as response:
            return response.status, await response.json()

    async def sign_in(self, name: str, password: str = PASSWORD) -> tuple[int, Any]:
        status, answer = await self.post("/api/session", {"email": email_of(name), "password": password})
        if status == 200:
            self.csrf, self.id = answer["csrf"], answer["agent"]["id"]
        return status, answer

    @property
    def cookie(self) -> str:
        return "; ".join(f"{cookie.key}={cookie.value}" for cookie in self.http.cookie_jar)


@dataclass
class RunningDesk:
    """The gateway under test."""

    url: str
    database: Database
    bus: Bus
    shop: FakeShop
    closing: AsyncExitStack
    ids: dict[str, str] = field(default_factory=dict)

    async def person(self, name: str | None = None) -> Person:
        """A browser; with a name, signed in."""
        person = Person(self.url)
        self.closing.push_async_callback(person.http.close)
        if name is not None:
            status, answer = await person.sign_in(name)
            assert status == 200, answer
        return person

    async def new_colleague(self, number: int) -> Person:
        """One more agent, signed in without the wait for a password."""
        email, now = email_of(f"colleague{number}"), datetime.now(UTC)
        await self.database.write(agents.add_agent, email, f"Colleague {number}", "agent", "-", now)
        begun = await self.database.write(sessions.sign_in, email, "-", Verdict(right=True), now)
        assert begun is not None
        person = await self.person()
        person.http.cookie_jar.update_cookies({"frontdesk_session": begun.token}, URL(self.url))
        person.csrf, person.id = begun.signed_in.csrf, begun.agent["id"]
        return person

    async def has_skills(self, name: str, *skills: str) -> None:
        await self.database.write(agents.set_skills, email_of(name), skills)

    async def maya_writes(self, text: str, address: str = "maya") -> Accepted:
        inbound = Inbound("web", address, secrets.token_hex(8), text, customer_name="Maya")
        accepted = await self.database.write(inbox.accept, inbound, datetime.now(UTC))
        self.bus.changed(accepted.conversation_id)
        return accepted

    async def bot_answers(self, *texts: str, **fields: Any) -> None:
        turn = await self.database.write(turn_leases.take, "test", datetime.now(UTC))
        assert turn is not None, "nothing waits for the bot"
        await self.database.write(turns.answer, turn, bot_says(*texts, **fields), datetime.now(UTC))
        self.bus.changed(turn.conversation_id)

    async def maya_waits(self, address: str = "maya", reason: str = "asked", **fields: Any) -> str:
        """A conversation in the queue."""
        accepted = await self.maya_writes("I want to talk to a person", address)
        evidence = [{"kind": reason, "text": "The customer asked for a person."}]
        await self.bot_answers(handoff={"reason": reason, "evidence": evidence}, **fields)
        return accepted.conversation_id


@asynccontextmanager
async def running(app: Sanic[Any, Any]) -> AsyncIterator[str]:
    """The app on a free port, as its URL."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
    assert server is not None
    await server.startup()
    await server.before_start()
    await server.start_serving()
    await server.after_start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        await server.before_stop()
        server.close()
        await server.wait_closed()
        await server.after_stop()
        Sanic.unregister_app(app)


def new_app() -> Sanic[Any, Any]:
    app: Sanic[Any, Any] = Sanic(f"desk_{secrets.token_hex(4)}", configure_logging=False)
    app.config.MOTD = False
    app.config.TOUCHUP = False  # it rewrites Sanic once a process, and we start many
    return app
