"""The web chat's connector: Rasa's Socket.IO events in, committed messages out."""

import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import socketio
import structlog
from pydantic import BaseModel, ValidationError
from sanic import Sanic
from sqlalchemy.exc import SQLAlchemyError

from connectors.gateway import metrics
from connectors.gateway.bus import Bus, Hint
from connectors.gateway.customer_files import FileLinks
from connectors.gateway.join_links import JoinLinks, NoLink
from connectors.gateway.uploads import Uploads
from connectors.web import frames, limits
from connectors.web.connections import Connection, Connections
from connectors.web.feed import Feed
from connectors.web.file_door import Allowed, FileDoor
from connectors.web.renewals import TURNED_OUT, Renewals
from connectors.web.session_ids import SessionIds, address_of
from handoff import customer_view, session_renewals
from handoff.conversations import NoConversation
from handoff.customer_view import Place
from handoff.database import Database
from handoff.inbox import Accepted, Inbound
from handoff.session_renewals import SecretReplaced
from handoff.transcript import iso

log = structlog.get_logger(__name__)

Frame = TypeVar("Frame", bound=BaseModel)
Accept = Callable[[Inbound], Awaitable[tuple[Accepted, bool]]]
"""Keeps a message; also returns whether it waits for the bot and is all that is new in the transcript."""


class FrameRefused(Exception):
    """A frame that can't be used; the client is told why."""

    def __init__(self, error: str, detail: str, retry: bool = False) -> None:
        super().__init__(detail)
        self.refusal = frames.Refusal(error=error, detail=detail, retry=retry).model_dump()


class WebChat(socketio.AsyncNamespace):  # type: ignore[misc]  # python-socketio ships no types
    """Namespace ``/``. A session id is a secret; whoever knows it is its customer."""

    name = "web"

    def __init__(
        self,
        sio: socketio.AsyncServer,
        database: Database,
        bus: Bus,
        key: str,
        uploads: Uploads,
        links: FileLinks,
        allowed: Allowed,
        joins: JoinLinks | None,
        accept: Accept,
    ) -> None:
        super().__init__("/")
        self._sio = sio
        self._database = database
        self._bus = bus
        self._ids = SessionIds(key)
        self._limits = limits.WebLimits()
        self._connections = Connections()
        self._joins = joins
        self._accept = accept
        self._renewals = Renewals(sio, database, self._connections, self._ids)
        continue_on = ["telegram"] if joins is not None else []
        self._feed = Feed(sio, database, self._connections, self._renewals, links, continue_on)
        self._files = FileDoor(database, bus, uploads, self._ids, self._limits, self._connections, links, allowed)

    def register(self, app: Sanic[Any, Any]) -> None:
        self._sio.register_namespace(self)
        self._files.register(app)
        self._bus.listen(self._feed.on_hint)

    async def start(self) -> None:
        await self._feed.start()

    async def stop(self) -> None:
        await self._feed.stop()

    def page_at(self, conversation_id: str) -> int | None:
        """After which message open tabs follow it; None when there are none."""
        return self._feed.page_at(conversation_id)

    def status(self) -> dict[str, object]:
        return {"status": "ok", "connections": len(self._connections)}

    async def on_connect(self, sid: str, environ: dict[str, Any], auth: object = None) -> None:
        ip = environ["sanic.request"].remote_addr or environ["sanic.request"].ip
        if self._connections.open_from(ip) >= limits.CONNECTIONS_PER_ADDRESS:
            raise socketio.exceptions.ConnectionRefusedError("too many connections from this address")
        self._connections.add(sid, ip)
        metrics.WEB_SOCKETS.set(len(self._connections))

    async def on_disconnect(self, sid: str, reason: str | None = None) -> None:
        connection = self._connections.remove(sid)
        if connection is not None:
            self._feed.forget(connection.conversation_id)
        metrics.WEB_SOCKETS.set(len(self._connections))

    async def on_session_request(self, sid: str, data: object = None) -> None:
        await self._answering(sid, self._session_request(self._open(sid), data))

    async def on_user_uttered(self, sid: str, data: object = None) -> dict[str, object]:
        try:
            return await self._user_uttered(self._open(sid), data)
        except FrameRefused as refused:
            if not (isinstance(data, dict) and data.get("id")):
                # A client without acknowledgements would never hear of it.
                await self._sio.emit("error_notice", refused.refusal, to=sid)
            return refused.refusal

    async def on_continue_on_telegram(self, sid: str, data: object = None) -> dict[str, object]:
        """Acknowledged with ``{url, until}``: a link for this customer alone."""
        try:
            return await self._continue_on_telegram(self._open(sid))
        except FrameRefused as refused:
            return refused.refusal

    async def on_typing(self, sid: str, data: object = None) -> None:
        await self._answering(sid, self._typing(self._open(sid), data))

    async def on_seen(self, sid: str, data: object = None) -> None:
        await self._answering(sid, self._seen(self._open(sid), data))

    async def _session_request(self, connection: Connection, data: object) -> None:
        request = _parsed(frames.SessionRequest, data or {})
        self._check_signals(connection)
        session_id, place = await self._known_session(request)
        resumed = session_id is not None
        if session_id is None:
            if not self._limits.may_open_session(connection.ip):
                raise FrameRefused("rate_limited", "Too many new chats from this address. Try again in a minute.", True)
            session_id = self._ids.new()
        address = address_of(session_id)
        if len(self._connections.at(address)) >= limits.CONNECTIONS_PER_SESSION:
            raise FrameRefused("rate_limited", "This chat is open in too many windows.", False)
        before = connection.conversation_id
        self._connections.bind(connection, session_id, address, place.conversation_id if place else None)
        self._feed.forget(before)
        connection.cursor, connection.locale = place.after if place else 0, request.locale
        connection.renews = request.renews
        await self._sio.emit("session_confirm", session_id, to=connection.sid)
        await self._feed.tell_state(connection, place.state if place else customer_view.NOT_BEGUN, resumed)
        if place is not None:
            self._feed.refresh(place.conversation_id)

    async def _known_session(self, request: frames.SessionRequest) -> tuple[str | None, Place | None]:
        """The session's id and where it stands; a session we made but that never wrote has no conversation yet."""
        session_id = request.session_id
        if not session_id:
            return None, None
        place = await self._place(session_id, request.last_seq)
        if place is None and self._ids.is_ours(session_id):
            try:
                if not await self._is_admitted(session_id):
                    return session_id, None
            except SecretReplaced:
                if not request.renews:
                    return None, None
                raise FrameRefused(TURNED_OUT.error, TURNED_OUT.detail, TURNED_OUT.retry) from None
            place = await self._place(session_id, request.last_seq)
        return (session_id, place) if place is not None else (None, None)

    async def _place(self, session_id: str, last_seq: int | None) -> Place | None:
        address = address_of(session_id)
        return await self._database.read(customer_view.opened, self.name, address, last_seq, datetime.now(UTC))

    async def _is_admitted(self, session_id: str) -> bool:
        """Whether it is the first use of a secret that replaces another, which is good no more then."""
        address = address_of(session_id)
        if not await self._database.read(session_renewals.is_known, address):
            return False
        conversation_id = await self._database.write(session_renewals.admit, self.name, address, datetime.now(UTC))
        if conversation_id is None:
            return False
        self._bus.changed(conversation_id)
        return True

    async def _user_uttered(self, connection: Connection, data: object) -> dict[str, object]:
        uttered = _parsed(frames.Uttered, data)
        address = self._allowed_address(connection, uttered)
        client_id = str(uttered.id) if uttered.id else None
        if client_id:
            connection.own_ids.add(client_id)
        inbound = Inbound(
            channel=self.name,
            address=address,
            dedupe_key=None if client_id else str(uuid.uuid4()),
            text=uttered.message,
            client_id=client_id,
            locale=connection.locale,
        )
        try:
            accepted, waits = await self._accept(inbound)
        except SecretReplaced:
            before = connection.conversation_id
            await self._renewals.turn_out(connection)
            self._feed.forget(before)
            raise _no_session() from None
        except SQLAlchemyError as error:
            log.error("database_unreachable", doing="accept a message", error=type(error).__name__)
            raise FrameRefused("unavailable", "We couldn't save that just now. Trying again.", retry=True) from error
        if client_id and accepted.seq <= connection.cursor:
            connection.own_ids.discard(client_id)
        (metrics.DUPLICATES if accepted.duplicate else metrics.MESSAGES).labels(self.name).inc()
        self._connections.begin(address, accepted.conversation_id)
        if not accepted.duplicate:  # a stranger's tab could repeat what it was echoed
            connection.said.append(accepted.seq)
        if client_id:
            self._feed.said(connection, accepted.conversation_id, accepted.seq, client_id)
        about = {"turn": "waits", "seq": accepted.seq} if waits else {}
        self._bus.publish(Hint("changed", accepted.conversation_id, about))
        return {"seq": accepted.seq, "at": iso(accepted.at)}

    def _allowed_address(self, connection: Connection, uttered: frames.Uttered) -> str:
        address = self._session_of(connection, uttered.session_id)
        if not uttered.message.strip():
            raise FrameRefused("empty", "There was nothing in that message.")
        if len(uttered.message) > frames.LONGEST_MESSAGE:
            raise FrameRefused(
                "too_long", f"That's over {frames.LONGEST_MESSAGE:,} characters. Please send it in parts."
            )
        if not self._limits.may_send(address):
            raise FrameRefused("rate_limited", "That's a lot at once. Please wait a few seconds.", retry=True)
        return address

    async def _continue_on_telegram(self, connection: Connection) -> dict[str, object]:
        self._check_signals(connection)
        if self._joins is None or connection.conversation_id is None:
            raise FrameRefused("not_here", "There is nothing to continue on Telegram yet.")
        try:
            if await self._renewals.has_left(connection):
                raise _no_session()
            url, until = await self._joins.new(connection.conversation_id)
        except (NoLink, NoConversation, SQLAlchemyError) as error:
            log.warning("no_join_link", error=type(error).__name__)
            raise FrameRefused("unavailable", "Telegram can't be reached just now.", retry=True) from error
        return {"url": url, "until": iso(until)}

    async def _typing(self, connection: Connection, data: object) -> None:
        typing = _parsed(frames.Typing, data)
        self._check_signals(connection)
        if connection.conversation_id is not None:
            self._bus.publish(Hint("typing", connection.conversation_id, {"on": typing.on, "author": "customer"}))

    async def _seen(self, connection: Connection, data: object) -> None:
        seen = _parsed(frames.Seen, data)
        self._check_signals(connection)
        if connection.conversation_id is None:
            return
        if await self._database.write(customer_view.note_seen, connection.conversation_id, seen.seq):
            self._bus.publish(Hint("seen", connection.conversation_id, {"seq": seen.seq, "author": "customer"}))

    def _session_of(self, connection: Connection, claimed: str | None) -> str:
        if connection.address is None or (claimed is not None and claimed != connection.session_id):
            raise _no_session()
        return connection.address

    def _check_signals(self, connection: Connection) -> None:
        if not self._limits.may_signal(connection.sid):
            raise FrameRefused("rate_limited", "That's a lot at once. Please wait a few seconds.", retry=True)

    def _open(self, sid: str) -> Connection:
        connection = self._connections.get(sid)
        if connection is None:
            raise socketio.exceptions.ConnectionRefusedError("the connection is closed")
        return connection

    async def _answering(self, sid: str, work: Any) -> None:
        """Run a frame's handler; the client hears of a refusal."""
        try:
            await work
        except FrameRefused as refused:
            await self._sio.emit("error_notice", refused.refusal, to=sid)
        except SQLAlchemyError as error:
            log.error("database_unreachable", doing="answer a frame", error=type(error).__name__)
            refusal = frames.Refusal(error="unavailable", detail="We can't reach our records just now.", retry=True)
            await self._sio.emit("error_notice", refusal.model_dump(), to=sid)


def _no_session() -> FrameRefused:
    return FrameRefused("no_session", "This chat has no session yet. Send session_request first.", retry=True)


def _parsed(frame: type[Frame], data: object) -> Frame:
    try:
        return frame.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "frame"
        raise FrameRefused("malformed", f"{where}: {first['msg']}") from error
