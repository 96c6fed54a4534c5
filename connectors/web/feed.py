"""What open tabs are sent: each keeps its own place in the transcript, and is brought up to date when something changed."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any

import socketio
import structlog
from sqlalchemy.exc import SQLAlchemyError

from connectors.gateway.bus import Hint
from connectors.web import frames
from connectors.web.connections import Connection, Connections
from handoff import customer_view, outbox
from handoff.customer_view import CustomerState
from handoff.database import Database
from handoff.transcript import MessageView

log = structlog.get_logger(__name__)

POLL_SECONDS = 2.0
"""Safety net for a hint that was lost between gateways."""
SHOWN_FLUSH_SECONDS = 0.2
RETRY_SECONDS = 1.0


class Feed:
    """Brings connections up to date, one conversation at a time, bursts taken together."""

    def __init__(self, sio: socketio.AsyncServer, database: Database, connections: Connections) -> None:
        self._sio = sio
        self._database = database
        self._connections = connections
        self._stale: set[str] = set()
        self._at_work: set[str] = set()
        self._states: dict[str, CustomerState] = {}
        self._shown: dict[str, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        self._spawn(self._flush_shown())
        self._spawn(self._poll())

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._write_shown()

    def on_hint(self, hint: Hint) -> None:
        if hint.kind == "changed":
            self.refresh(hint.conversation_id)
            self._refresh_waiting()
        elif hint.kind == "agents":
            self._refresh_waiting()
        elif hint.kind == "typing" and hint.data.get("author") != "customer":
            self._spawn(self._tell_all(hint.conversation_id, "typing", {"name": None, **hint.data}))

    def refresh(self, conversation_id: str) -> None:
        """Something about the conversation changed: its tabs are to be brought up to date soon."""
        if not self._connections.of(conversation_id):
            return
        self._stale.add(conversation_id)
        if conversation_id not in self._at_work:
            self._at_work.add(conversation_id)
            self._spawn(self._bring_up_to_date(conversation_id))

    def forget(self, conversation_id: str | None) -> None:
        """A tab went away; the last one takes what is remembered of the conversation with it."""
        if conversation_id is not None and not self._connections.of(conversation_id):
            self._states.pop(conversation_id, None)

    async def tell_state(self, connection: Connection, state: CustomerState, resumed: bool) -> None:
        await self._sio.emit("session_state", {**state, "resumed": resumed}, to=connection.sid)

    def _refresh_waiting(self) -> None:
        """Places in the queue move when anybody's conversation does."""
        for conversation_id, state in list(self._states.items()):
            if state["holder"] == "queue":
                self.refresh(conversation_id)

    async def _bring_up_to_date(self, conversation_id: str) -> None:
        try:
            while conversation_id in self._stale:
                self._stale.discard(conversation_id)
                await self._send_news(conversation_id)
        except SQLAlchemyError as error:
            log.error("database_unreachable", doing="feed web chats", error=type(error).__name__)
            self._stale.add(conversation_id)
        finally:
            self._at_work.discard(conversation_id)
        if conversation_id in self._stale:
            await asyncio.sleep(RETRY_SECONDS)
            self.refresh(conversation_id)

    async def _send_news(self, conversation_id: str) -> None:
        connections = self._connections.of(conversation_id)
        if not connections:
            return
        after = min(connection.cursor for connection in connections)
        news = await self._database.read(customer_view.quiet_news, conversation_id, after)
        if news is None:
            news = await self._database.write(customer_view.news, conversation_id, after, datetime.now(UTC))
        state, messages = news
        for connection in self._connections.of(conversation_id):
            await self._send_messages(connection, messages)
        if messages:
            self._shown[conversation_id] = messages[-1]["seq"]
        if self._states.get(conversation_id) != state:
            changed = _differs(self._states.get(conversation_id), state)
            self._states[conversation_id] = state
            if changed:
                await self._tell_all(conversation_id, "session_state", {**state, "resumed": False})

    async def _send_messages(self, connection: Connection, messages: list[MessageView]) -> None:
        for message in messages:
            if message["seq"] <= connection.cursor:
                continue
            connection.cursor = message["seq"]
            if message["author"] != "customer":
                await self._sio.emit("bot_uttered", frames.bot_uttered(message), to=connection.sid)
            elif message["client_id"] is None or message["client_id"] not in connection.own_ids:
                await self._sio.emit("user_uttered", frames.own_words(message), to=connection.sid)

    async def _tell_all(self, conversation_id: str, event: str, frame: dict[str, object]) -> None:
        for connection in self._connections.of(conversation_id):
            await self._sio.emit(event, frame, to=connection.sid)

    async def _flush_shown(self) -> None:
        while True:
            await asyncio.sleep(SHOWN_FLUSH_SECONDS)
            await self._write_shown()

    async def _write_shown(self) -> None:
        """Note what has left. Lazily: until then it counts as leaving, and a resumed tab asks by its own place."""
        batch, self._shown = self._shown, {}
        if not batch:
            return
        try:
            await self._database.write(outbox.all_shown, batch, datetime.now(UTC))
        except SQLAlchemyError as error:
            log.error("database_unreachable", doing="note deliveries", error=type(error).__name__)
            self._shown = batch | self._shown

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(POLL_SECONDS)
            open_here = self._connections.conversations()
            if not open_here:
                continue
            try:
                recent = await self._database.read(customer_view.changed_since, datetime.now(UTC), POLL_SECONDS * 3)
            except SQLAlchemyError as error:
                log.error("database_unreachable", doing="poll for web chats", error=type(error).__name__)
                continue
            for conversation_id, last_seq in recent:
                if any(connection.cursor < last_seq for connection in self._connections.of(conversation_id)):
                    self.refresh(conversation_id)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _differs(before: CustomerState | None, after: CustomerState) -> bool:
    """Whether the page has to be told: a longer transcript alone is no change of state."""
    return before is None or {**before, "last_seq": 0} != {**after, "last_seq": 0}
