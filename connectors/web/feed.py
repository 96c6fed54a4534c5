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
from connectors.web.renewals import Renewals
from handoff import customer_view, outbox
from handoff.conversations import NoConversation
from handoff.customer_view import CustomerState, News
from handoff.database import Database
from handoff.transcript import MessageView

log = structlog.get_logger(__name__)

POLL_SECONDS = 2.0
"""Safety net for a hint that was lost between gateways."""
PLACES_SECONDS = 1.0
"""How soon everybody in the queue hears that their place has moved."""
SHOWN_FLUSH_SECONDS = 0.2
NOT_WORTH_SHOWING_SECONDS = 0.3
"""An answer of the bot that is there by then needs no announcement."""
RETRY_SECONDS = 1.0


class Feed:
    """Brings connections up to date, one conversation at a time, bursts taken together."""

    def __init__(
        self,
        sio: socketio.AsyncServer,
        database: Database,
        connections: Connections,
        renewals: Renewals,
        links: FileLinks,
        continue_on: Sequence[str] = (),
    ) -> None:
        self._sio = sio
        self._database = database
        self._links = links
        self._continue_on = list(continue_on)
        self._connections = connections
        self._renewals = renewals
        self._stale: set[str] = set()
        self._at_work: set[str] = set()
        self._states: dict[str, CustomerState] = {}
        self._shown: dict[str, int] = {}
        self._places_moved = False
        self._announcing: dict[str, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        for step, seconds in (
            (self._write_shown, SHOWN_FLUSH_SECONDS),
            (self._refresh_waiting, PLACES_SECONDS),
            (self._poll, POLL_SECONDS),
        ):
            self._spawn(self._keep_doing(step, seconds))

    async def stop(self) -> None:
        for announcing in self._announcing.values():
            announcing.cancel()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._write_shown()

    def on_hint(self, hint: Hint) -> None:
        if hint.kind == "changed":
            self._on_change(hint)
        elif hint.kind == "agents":
            self._places_moved = True
        elif hint.kind == "typing" and hint.data.get("author") != "customer":
            self._on_typing(hint)

    def _on_change(self, hint: Hint) -> None:
        self._places_moved |= not hint.of_talk
        if hint.news is not None:
            self._show(hint.conversation_id, hint.news)
        elif hint.data.get("turn") != "waits" or self._is_behind(hint.conversation_id, hint.data["seq"]):
            self.refresh(hint.conversation_id)

    def _on_typing(self, hint: Hint) -> None:
        announcing = self._announcing.pop(hint.conversation_id, None)
        if announcing is not None:
            announcing.cancel()
        if hint.data["author"] == "bot" and hint.data["on"]:
            later = asyncio.get_running_loop().call_later(NOT_WORTH_SHOWING_SECONDS, self._announce, hint)
            self._announcing[hint.conversation_id] = later
        elif announcing is None:
            self._tell_typing(hint)

    def _announce(self, hint: Hint) -> None:
        del self._announcing[hint.conversation_id]
        self._tell_typing(hint)

    def _tell_typing(self, hint: Hint) -> None:
        self._spawn(self._tell_all(hint.conversation_id, "typing", {"name": None, **hint.data}))

    def refresh(self, conversation_id: str) -> None:
        """Something about the conversation changed: its tabs are to be brought up to date soon."""
        if not self._connections.of(conversation_id):
            return
        self._stale.add(conversation_id)
        if conversation_id not in self._at_work:
            self._at_work.add(conversation_id)
            self._spawn(self._bring_up_to_date(conversation_id))

    def page_at(self, conversation_id: str) -> int | None:
        """The last message that all its tabs have been sent; None when there are none."""
        return min((connection.cursor for connection in self._connections.of(conversation_id)), default=None)

    def said(self, connection: Connection, conversation_id: str, seq: int, client_id: str) -> None:
        """The tab's own words are message ``seq``: when nothing before them is still on its way, it need not be told."""
        if conversation_id not in self._at_work and connection.cursor == seq - 1 and connection.sent_itself(client_id):
            connection.cursor = seq

    def _show(self, conversation_id: str, news: News) -> None:
        """Tell what somebody has read already; a look that is under way may be older, and is followed by another."""
        if conversation_id in self._at_work:
            self._stale.add(conversation_id)
        elif self._connections.of(conversation_id):
            self._at_work.add(conversation_id)
            self._spawn(self._bring_up_to_date(conversation_id, news))

    def _is_behind(self, conversation_id: str, seq: int) -> bool:
        """Whether a tab lacks something, when all that is new is the customer's message ``seq``, which waits for the bot."""
        told = self._states.get(conversation_id, customer_view.NOT_BEGUN)
        tabs = self._connections.of(conversation_id)
        return bool(tabs) and (told["holder"] != "bot" or any(tab.cursor < seq for tab in tabs))

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

    async def _bring_up_to_date(self, conversation_id: str, news: News | None = None) -> None:
        try:
            if news is not None:
                await self._send_news(conversation_id, news)
            while conversation_id in self._stale:
                self._stale.discard(conversation_id)
                await self._look(conversation_id)
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

    async def _look(self, conversation_id: str) -> None:
        after = self.page_at(conversation_id)
        if after is None:
            return
        news = await self._database.read(customer_view.quiet_news, conversation_id, after, datetime.now(UTC))
        if news is None:
            news = await self._database.write(customer_view.news, conversation_id, after, datetime.now(UTC))
        await self._send_news(conversation_id, news)

    async def _send_news(self, conversation_id: str, news: News) -> None:
        for connection in self._connections.of(conversation_id):
            if connection.address != news.door.address and await self._renewals.has_left(connection):
                self.forget(conversation_id)
                continue
            if connection.cursor < news.after:
                continue  # It opened meanwhile, further behind than what was read, and is brought up to date next.
            if news.messages and await self._send_messages(connection, conversation_id, news.messages):
                self._shown[conversation_id] = max(self._shown.get(conversation_id, 0), connection.cursor)
        before = self._states.get(conversation_id)
        if before != news.state:
            self._states[conversation_id] = news.state
            if _differs(before, news.state):
                await self._tell_all_state(conversation_id, news.state)
        if news.door.proved_by is not None:
            await self._renew(conversation_id, news.door.proved_by)

    async def _renew(self, conversation_id: str, proved_by: int) -> None:
        """Only the tab that wrote the proof is told: another may be somebody else's."""
        for connection in self._connections.of(conversation_id):
            if connection.renews and proved_by in connection.said:
                await self._renewals.offer(connection)

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
