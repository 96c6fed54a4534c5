"""The desk's live side: Socket.IO namespace ``/desk``, for signed-in agents on our own pages (docs/wire.md)."""

import asyncio
from datetime import UTC, datetime
from typing import Any, TypeVar

import socketio
import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from socketio.exceptions import ConnectionRefusedError as Refused
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from connectors.gateway import metrics, origins
from connectors.gateway.api.serve import COOKIE
from connectors.gateway.bus import Bus, Hint
from connectors.gateway.desk_connections import DeskConnection, DeskConnections
from connectors.gateway.desk_feed import NAMESPACE, DeskFeed
from connectors.gateway.presence import GRACE_SECONDS, Presence
from connectors.gateway.settings import Settings
from handoff import access, agents, desk_news, sessions, summaries
from handoff.agents import AgentView
from handoff.database import Database
from handoff.schema import Conversation
from handoff.sessions import SignedIn
from handoff.summaries import CountsView

log = structlog.get_logger(__name__)

CHECK_SECONDS = 5.0
DESKS_PER_AGENT = 20
SIGNED_OUT = {"error": "signed_out", "detail": "You are signed out. Sign in to go on."}
UNAVAILABLE = {"error": "unavailable", "detail": "The desk can't reach its records just now. Trying again."}
NO_CONVERSATION = {"error": "not_found", "detail": "There is no such conversation."}

F = TypeVar("F", bound="Frame")


class Frame(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str = Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")


class Watch(Frame):
    last_seq: int = Field(default=0, ge=0, le=2**31 - 1)


class Typing(Frame):
    on: bool


class Seen(Frame):
    seq: int = Field(ge=0, le=2**31 - 1)


class DeskSocket(socketio.AsyncNamespace):  # type: ignore[misc]  # python-socketio ships no types
    """Who connects is the agent of the session cookie, for as long as that session counts."""

    def __init__(
        self,
        sio: socketio.AsyncServer,
        database: Database,
        bus: Bus,
        settings: Settings,
        grace_seconds: float = GRACE_SECONDS,
    ) -> None:
        super().__init__(NAMESPACE)
        self._sio = sio
        self._database = database
        self._bus = bus
        self._public_url = settings.public_url
        self._connections = DeskConnections()
        self._feed = DeskFeed(sio, database, self._connections)
        self._presence = Presence(database, bus, self._connections, grace_seconds)
        self._tasks: set[asyncio.Task[None]] = set()

    def register(self) -> None:
        self._sio.register_namespace(self)
        self._bus.listen(self._on_hint)

    async def start(self) -> None:
        await self._presence.start()
        await self._feed.start()
        self._spawn(self._keep_checking())

    async def stop(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._feed.stop()
        await self._presence.stop()

    async def on_connect(self, sid: str, environ: dict[str, Any], auth: object = None) -> None:
        request = environ["sanic.request"]
        if not origins.is_own(request.headers, self._public_url):
            raise Refused("forbidden")
        try:
            signed_in, agent, counts = await self._database.read(_arrive, request.cookies.get(COOKIE) or "")
        except PermissionError as error:
            raise Refused(str(error)) from None
        except SQLAlchemyError:
            raise Refused("unavailable") from None
        if len(self._connections.of(agent["id"])) >= DESKS_PER_AGENT:
            raise Refused("too_many_desks")
        self._connections.add(DeskConnection(sid, agent["id"], agent["name"], signed_in.token_hash))
        metrics.DESK_SOCKETS.set(len(self._connections))
        # The client hears nothing before its connection is confirmed, which happens when this returns.
        self._spawn(self._greet(sid, agent, counts))

    async def on_disconnect(self, sid: str, reason: str | None = None) -> None:
        connection = self._connections.remove(sid)
        if connection is not None:
            self._feed.forget(connection)
            self._presence.left(connection.agent_id)
        metrics.DESK_SOCKETS.set(len(self._connections))

    async def on_watch(self, sid: str, data: object = None) -> None:
        await self._answer(sid, Watch, data, self._watch)

    async def on_unwatch(self, sid: str, data: object = None) -> None:
        await self._answer(sid, Watch, data, self._unwatch)

    async def on_typing(self, sid: str, data: object = None) -> None:
        await self._answer(sid, Typing, data, self._typing)

    async def on_seen(self, sid: str, data: object = None) -> None:
        await self._answer(sid, Seen, data, self._seen)

    async def _answer(self, sid: str, frame: type[F], data: object, work: Any) -> None:
        """Run a frame's handler; the desk hears why a frame could not be used."""
        connection = self._connections.get(sid)
        if connection is None:
            return
        try:
            await work(connection, frame.model_validate(data))
        except ValidationError as error:
            await self._notice(sid, {"error": "malformed", "detail": _words(error)})
        except access.NoSuchConversation:
            await self._notice(sid, NO_CONVERSATION)
        except (agents.NoAgent, access.Forbidden):
            await self._sign_out(connection)
        except SQLAlchemyError as error:
            log.error("database_unreachable", doing="answer a desk", error=type(error).__name__)
            await self._notice(sid, UNAVAILABLE)

    async def _watch(self, connection: DeskConnection, frame: Watch) -> None:
        seen = await self._database.read(_customer_seen, connection.agent_id, frame.id)
        if frame.id not in connection.watching:
            await self._acted(connection)
        await self._feed.watch(connection, frame.id, frame.last_seq)
        await self.emit("seen", {"conversation_id": frame.id, "seq": seen}, to=connection.sid)

    async def _unwatch(self, connection: DeskConnection, frame: Watch) -> None:
        self._feed.unwatch(connection, frame.id)

    async def _typing(self, connection: DeskConnection, frame: Typing) -> None:
        if await self._database.read(_holds, connection.agent_id, frame.id):
            if frame.on:
                await self._acted(connection)
            data = {"on": frame.on, "author": "agent", "name": connection.name}
            self._bus.publish(Hint("typing", frame.id, data))

    async def _acted(self, connection: DeskConnection) -> None:
        """Who opens a conversation or types is at work, whatever else goes by meanwhile."""
        await self._database.write(agents.acted, connection.agent_id, datetime.now(UTC))

    async def _seen(self, connection: DeskConnection, frame: Seen) -> None:
        if await self._database.write(_note_seen, connection.agent_id, frame.id, frame.seq):
            self._bus.publish(Hint("seen", frame.id, {"seq": frame.seq, "author": "agent"}))
            self._bus.changed(frame.id)

    def _on_hint(self, hint: Hint) -> None:
        if hint.kind == "changed":
            self._feed.changed(hint.conversation_id)
        elif hint.kind == "agents":
            self._spawn(self._check_sessions())
            self._spawn(self._tell_agent(hint.data.get("agent_id", "")))
        elif hint.kind == "typing":
            self._spawn(self._tell_typing(hint))
        elif hint.kind == "seen" and hint.data.get("author") == "customer":
            frame = {"conversation_id": hint.conversation_id, "seq": hint.data["seq"]}
            self._spawn(self._tell_watchers(hint.conversation_id, "seen", frame))

    async def _tell_agent(self, agent_id: str) -> None:
        """All of an agent's desks show whether they are present, whoever changed it."""
        connections = self._connections.of(agent_id)
        if not connections:
            return
        try:
            agent = await self._database.read(_agent_view, agent_id)
        except agents.NoAgent:
            return  # disabled: the check of sessions cuts the desk off
        except SQLAlchemyError as error:
            log.error("database_unreachable", doing="tell an agent", error=type(error).__name__)
            return
        for connection in connections:
            await self.emit("agent", {"agent": agent}, to=connection.sid)

    async def _tell_typing(self, hint: Hint) -> None:
        author = hint.data.get("author")
        if author not in ("customer", "agent"):
            return
        # Only the holder's typing is told; they know it themselves.
        typist = self._feed.holder_of(hint.conversation_id) if author == "agent" else None
        frame = {"conversation_id": hint.conversation_id, "name": None, **hint.data}
        await self._tell_watchers(hint.conversation_id, "typing", frame, but_not=typist)

    async def _tell_watchers(
        self, conversation_id: str, event: str, frame: dict[str, Any], but_not: str | None = None
    ) -> None:
        for connection in self._connections.watching(conversation_id):
            if connection.agent_id != but_not:
                await self.emit(event, frame, to=connection.sid)

    async def _greet(self, sid: str, agent: AgentView, counts: CountsView) -> None:
        await self.emit("hello", {"agent": agent, "counts": counts}, to=sid)
        await self._refresh_presence()

    async def _keep_checking(self) -> None:
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            await self._check_sessions()
            await self._refresh_presence()

    async def _refresh_presence(self) -> None:
        try:
            await self._presence.refresh()
        except SQLAlchemyError as error:
            log.error("database_unreachable", doing="note who is there", error=type(error).__name__)

    async def _check_sessions(self) -> None:
        """Desks whose session was revoked or has expired hear so and are cut off."""
        connections = self._connections.all()
        if not connections:
            return
        hashes = {connection.token_hash for connection in connections}
        try:
            still_open = await self._database.read(sessions.still_open, hashes, datetime.now(UTC))
        except SQLAlchemyError as error:
            log.error("database_unreachable", doing="check sessions", error=type(error).__name__)
            return
        for connection in connections:
            if connection.token_hash not in still_open:
                await self._sign_out(connection)

    async def _sign_out(self, connection: DeskConnection) -> None:
        await self.emit("signed_out", SIGNED_OUT, to=connection.sid)
        await self.disconnect(connection.sid)

    async def _notice(self, sid: str, notice: dict[str, str]) -> None:
        await self.emit("error_notice", notice, to=sid)

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _arrive(session: Session, token: str) -> tuple[SignedIn, AgentView, CountsView]:
    """Raises PermissionError with the reason's code."""
    signed_in = sessions.signed_in(session, token, datetime.now(UTC))
    if signed_in is None:
        raise PermissionError("signed_out")
    if not access.may(signed_in.role, "read"):
        raise PermissionError("forbidden")
    agent = agents.view(session, agents.by_id(session, signed_in.agent_id))
    return signed_in, agent, summaries.counts(session, agent["id"])


def _agent_view(session: Session, agent_id: str) -> AgentView:
    return agents.view(session, agents.by_id(session, agent_id))


def _conversation(session: Session, agent_id: str, conversation_id: str, action: access.Permission) -> Conversation:
    return access.conversation_for(session, agents.by_id(session, agent_id), conversation_id, action)


def _customer_seen(session: Session, agent_id: str, conversation_id: str) -> int:
    return _conversation(session, agent_id, conversation_id, "read").customer_seen_seq


def _holds(session: Session, agent_id: str, conversation_id: str) -> bool:
    return _conversation(session, agent_id, conversation_id, "answer").agent_id == agent_id


def _note_seen(session: Session, agent_id: str, conversation_id: str, seq: int) -> bool:
    conversation = _conversation(session, agent_id, conversation_id, "answer")
    return desk_news.note_seen(session, conversation, agent_id, seq)


def _words(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "frame"
    return f"{where}: {first['msg']}"
