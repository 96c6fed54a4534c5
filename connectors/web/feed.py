"""What open tabs are sent: each keeps its own place in the transcript, and is brought up to date when something changed."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import UTC, datetime
from typing import Any

import socketio
import structlog
from sqlalchemy.exc import SQLAlchemyError

from connectors.gateway.bus import Hint
from connectors.gateway.customer_files import FileLinks
from connectors.web import frames
from connectors.web.connections import Connection, Connections
from handoff import customer_view, outbox
from handoff.conversations import NoConversation
from handoff.customer_view import CustomerState
from handoff.database import Database
from handoff.transcript import MessageView

log = structlog.get_logger(__name__)

POLL_SECONDS = 2.0
"""Safety net for a hint that was lost between gateways."""
PLACES_SECONDS = 1.0
"""How soon everybody in the queue hears that their place has moved."""
SHOWN_FLUSH_SECONDS = 0.2
RETRY_SECONDS = 1.0


class Feed:
    """Brings connections up to date, one conversation at a time, bursts taken together."""

    def __init__(
        self,
        sio: socketio.AsyncServer,
        database: Database,
        connections: Connections,
        links: FileLinks,
        continue_on: Sequence[str] = (),
    ) -> None:
        self._sio = sio
        self._database = database
        self._links = links
        self._continue_on = list(continue_on)
        self._connections = connections
        self._stale: set[str] = set()
        self._at_work: set[str] = set()
        self._states: dict[str, CustomerState] = {}
        self._shown: dict[str, int] = {}
        self._places_moved = False
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        for step, seconds in (
            (self._write_shown, SHOWN_FLUSH_SECONDS),
            (self._refresh_waiting, PLACES_SECONDS),
            (self._poll, POLL_SECONDS),
        ):
            self._spawn(self._keep_doing(step, seconds))

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._write_shown()

    def on_hint(self, hint: Hint) -> None:
        if hint.kind == "changed":
            self.refresh(hint.conversation_id)
            self._places_moved = True
        elif hint.kind == "agents":
            self._places_moved = True
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
        frame = {**state, "continue_on": self._continue_on, "resumed": resumed}
        await self._sio.emit("session_state", frame, to=connection.sid)

    async def _keep_doing(self, step: Callable[[], Awaitable[None]], seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            try:
                await step()
            except Exception:
                # One step that fails must not leave every open chat without its safety nets.
                log.exception("web_feed_failed", step=step.__name__)

    async def _refresh_waiting(self) -> None:
        """Places in the queue move when anybody's conversation does; a busy desk's many moves are told together."""
        moved, self._places_moved = self._places_moved, False
        if not moved:
            return
        for conversation_id, state in list(self._states.items()):
            if state["holder"] == "queue":
                self.refresh(conversation_id)

    async def _bring_up_to_date(self, conversation_id: str) -> None:
        try:
            while conversation_id in self._stale:
                self._stale.discard(conversation_id)
                await self._send_news(conversation_id)
        except NoConversation:
            await self._erased(conversation_id)
        except SQLAlchemyError as error:
            log.error("database_unreachable", doing="feed web chats", error=type(error).__name__)
            self._stale.add(conversation_id)
        finally:
            self._at_work.discard(conversation_id)
        if conversation_id in self._stale:
            await asyncio.sleep(RETRY_SECONDS)
            self.refresh(conversation_id)

    async def _erased(self, conversation_id: str) -> None:
        """The customer had it erased, from another of their channels: their open pages forget it too, and may begin anew."""
        self._stale.discard(conversation_id)
        self._states.pop(conversation_id, None)
        for connection in self._connections.leave(conversation_id):
            await self._sio.emit("erased", {}, to=connection.sid)

    async def _send_news(self, conversation_id: str) -> None:
        connections = self._connections.of(conversation_id)
        if not connections:
            return
        after = min(connection.cursor for connection in connections)
        news = await self._database.read(customer_view.quiet_news, conversation_id, after, datetime.now(UTC))
        if news is None:
            news = await self._database.write(customer_view.news, conversation_id, after, datetime.now(UTC))
        state, messages = news
        for connection in self._connections.of(conversation_id):
            if connection.cursor < after:
                continue  # It opened meanwhile, further behind than what was read, and is brought up to date next.
            if messages and await self._send_messages(connection, conversation_id, messages):
                self._shown[conversation_id] = max(self._shown.get(conversation_id, 0), connection.cursor)
        if self._states.get(conversation_id) != state:
            changed = _differs(self._states.get(conversation_id), state)
            self._states[conversation_id] = state
            if changed:
                await self._tell_all_state(conversation_id, state)

    async def _send_messages(self, connection: Connection, conversation_id: str, messages: list[MessageView]) -> bool:
        """Whether the tab has them all now; not when it closed, or asked to begin elsewhere, in between."""
        place = connection.cursor
        for message in messages:
            if (connection.conversation_id, connection.cursor) != (conversation_id, place):
                return False
            if message["seq"] <= place:
                continue
            place = connection.cursor = message["seq"]
            if message["author"] != "customer":
                await self._sio.emit("bot_uttered", frames.bot_uttered(message, self._links), to=connection.sid)
            elif not connection.sent_itself(message["client_id"]):
                await self._sio.emit("user_uttered", frames.own_words(message, self._links), to=connection.sid)
        return (connection.conversation_id, connection.cursor) == (conversation_id, place)

    async def _tell_all_state(self, conversation_id: str, state: CustomerState) -> None:
        for connection in self._connections.of(conversation_id):
            await self.tell_state(connection, state, resumed=False)

    async def _tell_all(self, conversation_id: str, event: str, frame: dict[str, object]) -> None:
        for connection in self._connections.of(conversation_id):
            await self._sio.emit(event, frame, to=connection.sid)

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
        if not self._connections.conversations():
            return
        try:
            recent = await self._database.read(customer_view.changed_since, datetime.now(UTC), POLL_SECONDS * 3)
        except SQLAlchemyError as error:
            log.error("database_unreachable", doing="poll for web chats", error=type(error).__name__)
            return
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
