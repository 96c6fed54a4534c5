"""What open desks are sent. A hint only says where to look; what goes out is read from the database."""

import asyncio
from datetime import UTC, datetime, timedelta

import socketio
import structlog
from sqlalchemy.exc import SQLAlchemyError

from connectors.gateway.database_errors import UNREACHABLE, in_words
from connectors.gateway.desk_connections import DeskConnection, DeskConnections
from handoff.database import Database
from handoff.desk_news import DeskNews, LostLease, changed_since, desk_news, queued_ids
from handoff.summaries import CountsView, SummaryView
from handoff.transcript import MessageView

log = structlog.get_logger(__name__)

NAMESPACE = "/desk"
TOGETHER_SECONDS = 0.05
"""A turn is several commits within a moment: its hints are answered by one look."""
POLL_SECONDS = 5.0
"""Safety net for hints that were lost between gateways."""
LATE_SECONDS = 30.0
"""A change bears the moment at which it began. On a busy database others see it so much later at most."""
RETRY_SECONDS = 1.0
LONGEST_RETRY_SECONDS = 60.0
MOST_AT_ONCE = 100
STILL_MOVING = 30
"""The state of this many messages before the newest is compared at each look: sent, dead, edited."""
MOST_REMEMBERED = 5000
LEASE_LOST = "You had not answered yet, so this conversation went back to the queue."


class DeskFeed:
    """Brings desks up to date. One look at a time, so that nothing older follows something newer."""

    def __init__(self, sio: socketio.AsyncServer, database: Database, connections: DeskConnections) -> None:
        self._sio = sio
        self._database = database
        self._connections = connections
        self._stale: set[str] = set()
        self._wake = asyncio.Event()
        self._looking = asyncio.Lock()
        self._summaries: dict[str, SummaryView] = {}
        self._told: dict[str, dict[int, MessageView]] = {}
        self._counts: dict[str, CountsView] = {}
        self._failures: dict[str, int] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        self._tasks = [asyncio.create_task(self._keep_looking()), asyncio.create_task(self._poll())]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def changed(self, conversation_id: str) -> None:
        if len(self._connections):
            self._stale.add(conversation_id)
            self._wake.set()

    def holder_of(self, conversation_id: str) -> str | None:
        """The agent who holds it, as far as the desks have been told."""
        summary = self._summaries.get(conversation_id)
        return summary["agent"]["id"] if summary and summary["agent"] else None

    async def watch(self, connection: DeskConnection, conversation_id: str, after: int) -> None:
        """Send the messages after ``after``, and those just before it whose state may have changed; live ones follow."""
        async with self._looking:
            connection.watching.add(conversation_id)
            since = max(0, after - STILL_MOVING)
            news = await self._look([conversation_id], {conversation_id: since})
            for summary in news.summaries:
                await self._tell_summary(summary, news.lost)
            replay = news.messages[conversation_id]
            for message in replay:
                await self._send_message(conversation_id, message, connection.sid)
            # With other watchers, what they have not been told yet stays to be found by the next look.
            self._told.setdefault(conversation_id, {message["seq"]: message for message in replay})

    def unwatch(self, connection: DeskConnection, conversation_id: str) -> None:
        connection.watching.discard(conversation_id)
        if not self._connections.watching(conversation_id):
            self._told.pop(conversation_id, None)

    def forget(self, connection: DeskConnection) -> None:
        """The desk closed."""
        self._counts.pop(connection.sid, None)
        for conversation_id in list(connection.watching):
            self.unwatch(connection, conversation_id)

    async def _keep_looking(self) -> None:
        while True:
            await self._wake.wait()
            await asyncio.sleep(TOGETHER_SECONDS)
            self._wake.clear()
            batch = [self._stale.pop() for _ in range(min(len(self._stale), MOST_AT_ONCE))]
            try:
                async with self._looking:
                    await self._tell_together(batch)
            except UNREACHABLE as error:
                log.error("database_failed", doing="feed desks", error=in_words(error))
                self._stale.update(batch)
                await asyncio.sleep(RETRY_SECONDS)
            if self._stale:
                self._wake.set()

    async def _poll(self) -> None:
        since = datetime.now(UTC)
        seen: dict[str, datetime] = {}
        while True:
            await asyncio.sleep(POLL_SECONDS)
            if not len(self._connections):
                continue
            now = datetime.now(UTC)
            try:
                changed = await self._database.read(changed_since, since - timedelta(seconds=LATE_SECONDS))
            except SQLAlchemyError as error:
                log.error("database_failed", doing="poll for desks", error=in_words(error))
                continue
            news = {conversation_id for conversation_id, at in changed.items() if seen.get(conversation_id) != at}
            since, seen = now, changed
            self._stale.update(news, self._connections.watched())
            self._wake.set()

    async def _tell_together(self, batch: list[str]) -> None:
        """One look for all of them. If one can't be shown the others are, each by itself, and it is tried again later."""
        try:
            await self._tell(batch)
        except UNREACHABLE:
            raise
        except Exception:
            for conversation_id in batch:
                await self._tell_alone(conversation_id)
        else:
            for conversation_id in batch:
                self._failures.pop(conversation_id, None)

    async def _tell_alone(self, conversation_id: str) -> None:
        try:
            await self._tell([conversation_id])
        except UNREACHABLE:
            raise
        except Exception:
            failures = self._failures[conversation_id] = self._failures.get(conversation_id, 0) + 1
            delay = min(RETRY_SECONDS * 2 ** (failures - 1), LONGEST_RETRY_SECONDS)
            log.exception("desk_feed_failed", conversation=conversation_id, again_in_seconds=delay)
            asyncio.get_running_loop().call_later(delay, self.changed, conversation_id)
        else:
            self._failures.pop(conversation_id, None)

    async def _tell(self, batch: list[str]) -> None:
        watched = {
            conversation_id: self._since(conversation_id) for conversation_id in batch if conversation_id in self._told
        }
        news = await self._look(batch, watched)
        for summary in news.summaries:
            await self._tell_summary(summary, news.lost)
        for conversation_id, messages in news.messages.items():
            await self._tell_messages(conversation_id, messages)
        await self._tell_counts(news.counts)

    async def _look(self, batch: list[str], watched: dict[str, int]) -> DeskNews:
        agent_ids = list(self._connections.agent_ids())
        return await self._database.read(desk_news, batch, watched, agent_ids, datetime.now(UTC))

    async def _tell_summary(self, summary: SummaryView, lost: list[LostLease]) -> None:
        before = self._summaries.get(summary["id"])
        if before == summary:
            return
        if len(self._summaries) >= MOST_REMEMBERED:
            self._summaries.clear()
        self._summaries[summary["id"]] = summary
        await self._sio.emit("conversation", summary, namespace=NAMESPACE)
        if before is None or before["epoch"] != summary["epoch"]:
            await self._tell_lost_lease(summary, lost)
            if before is None or "queue" in (summary["holder"], before["holder"]):
                # Everyone behind it may have another place now.
                self._stale.update(await self._database.read(queued_ids))
                self._wake.set()

    async def _tell_lost_lease(self, summary: SummaryView, lost: list[LostLease]) -> None:
        for lease in lost:
            if lease.conversation_id == summary["id"]:
                frame = {"conversation_id": summary["id"], "detail": LEASE_LOST}
                for connection in self._connections.of(lease.agent_id):
                    await self._sio.emit("lease_lost", frame, to=connection.sid, namespace=NAMESPACE)

    async def _tell_messages(self, conversation_id: str, messages: list[MessageView]) -> None:
        told = self._told.get(conversation_id, {})
        for message in messages:
            if told.get(message["seq"]) == message:
                continue
            told[message["seq"]] = message
            for connection in self._connections.watching(conversation_id):
                await self._send_message(conversation_id, message, connection.sid)
        for seq in [seq for seq in told if seq <= self._since(conversation_id)]:
            del told[seq]

    async def _tell_counts(self, counts: dict[str, CountsView]) -> None:
        for connection in self._connections.all():
            mine = counts.get(connection.agent_id)
            if mine is not None and self._counts.get(connection.sid) != mine:
                self._counts[connection.sid] = mine
                await self._sio.emit("counts", mine, to=connection.sid, namespace=NAMESPACE)

    async def _send_message(self, conversation_id: str, message: MessageView, sid: str) -> None:
        frame = {"conversation_id": conversation_id, "message": message}
        await self._sio.emit("message", frame, to=sid, namespace=NAMESPACE)

    def _since(self, conversation_id: str) -> int:
        """From where on the told messages of a watched conversation are compared with the transcript."""
        return max(0, max(self._told.get(conversation_id, {}), default=0) - STILL_MOVING)
