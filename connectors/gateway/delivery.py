"""Delivery: takes replies from the outbox to their channels, in order, patiently."""

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from connectors.connector import DeliveryError, PushConnector
from connectors.gateway import metrics
from connectors.gateway.bus import Bus, Hint
from connectors.gateway.wake import Wake
from handoff import addresses, outbox
from handoff.database import Database
from handoff.outbox import Delivery, Edit

log = structlog.get_logger(__name__)

SENDS_AT_ONCE = 32
POLL_SECONDS = 1.0
SEND_DEADLINE_SECONDS = 30.0
ATTEMPTS_BEFORE_BURIAL = 12
LONGEST_PAUSE = timedelta(minutes=10)
EDIT_PAUSE = timedelta(seconds=10)
CRASH_PAUSE = timedelta(minutes=1)
"""A bug in a connector: an edit is harmless to repeat, but each try is a stack trace in the log."""
DATABASE_PAUSE_SECONDS = 1.0


class DeliveryLoop:
    """For the channels we push to. A conversation has at most one reply in flight, so its order holds."""

    def __init__(self, database: Database, bus: Bus, connectors: Sequence[PushConnector]) -> None:
        self._database = database
        self._bus = bus
        self._connectors = {connector.name: connector for connector in connectors}
        self._wake = Wake()
        self._places = asyncio.Semaphore(SENDS_AT_ONCE)
        self._sends: set[asyncio.Task[None]] = set()
        self._loop: asyncio.Task[None] | None = None
        bus.listen(self._on_hint)

    async def start(self) -> None:
        if self._connectors:
            self._loop = asyncio.create_task(self._deliver())

    async def stop(self) -> None:
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)
        if self._sends:
            await asyncio.wait(self._sends, timeout=5)

    def _on_hint(self, hint: Hint) -> None:
        if hint.kind == "changed":
            self._wake.call()

    async def _deliver(self) -> None:
        while True:
            try:
                work = await self._database.read(outbox.work, list(self._connectors), datetime.now(UTC))
                if work.lost:
                    await self._database.write(outbox.recover, list(self._connectors), datetime.now(UTC))
                while (work.lost or work.replies) and await self._take_one():
                    pass
                while work.edits and await self._take_edit():
                    pass
            except SQLAlchemyError as error:
                log.error("database_unreachable", doing="deliver", error=type(error).__name__)
                await asyncio.sleep(DATABASE_PAUSE_SECONDS)
            await self._wake.sleep(POLL_SECONDS)

    async def _take_one(self) -> bool:
        await self._places.acquire()
        delivery = None
        try:
            delivery = await self._database.write(outbox.take, list(self._connectors), datetime.now(UTC))
        finally:
            if delivery is None:
                self._places.release()
        if delivery is None:
            return False
        self._spawn(self._send(delivery))
        return True

    async def _take_edit(self) -> bool:
        await self._places.acquire()
        edit = None
        try:
            edit = await self._database.write(outbox.take_edit, list(self._connectors), datetime.now(UTC))
        finally:
            if edit is None:
                self._places.release()
        if edit is None:
            return False
        self._spawn(self._edit(edit))
        return True

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._sends.add(task)
        task.add_done_callback(self._send_ended)

    def _send_ended(self, task: asyncio.Task[None]) -> None:
        self._sends.discard(task)
        self._places.release()
        self._wake.call()

    async def _send(self, delivery: Delivery) -> None:
        try:
            outcome = await self._try(delivery)
        except SQLAlchemyError as error:
            # It stays "sending" until its lease runs out, and is then tried again, flagged.
            log.error("database_unreachable", doing="note a delivery", error=type(error).__name__)
            return
        metrics.DELIVERIES.labels(delivery.channel, outcome).inc()
        log.info("delivery", channel=delivery.channel, conversation=delivery.conversation_id, outcome=outcome)
        self._bus.changed(delivery.conversation_id)

    async def _try(self, delivery: Delivery) -> str:
        try:
            async with asyncio.timeout(SEND_DEADLINE_SECONDS):
                provider_id = await self._connectors[delivery.channel].send(delivery)
        except DeliveryError as error:
            return await self._failed(delivery, error)
        except TimeoutError:
            return await self._failed(delivery, DeliveryError("no answer in time", ambiguous=True))
        except Exception as error:
            # A bug in a connector must not lose the reply, nor stop the loop for everyone else.
            log.exception("connector_crashed", channel=delivery.channel)
            return await self._failed(delivery, DeliveryError(type(error).__name__, ambiguous=True))
        await self._database.write(outbox.sent, delivery.id, provider_id, datetime.now(UTC))
        return "sent"

    async def _failed(self, delivery: Delivery, error: DeliveryError) -> str:
        now = datetime.now(UTC)
        parts_sent = max(delivery.parts_sent, error.parts_sent)
        if error.retry_after is not None:
            at = now + timedelta(seconds=error.retry_after)
            await self._database.write(outbox.wait, delivery.id, at, str(error), parts_sent)
            return "put_off"
        moved = error.moved_to is not None and await self._database.write(
            addresses.move, delivery.channel, delivery.address, error.moved_to
        )
        if (error.permanent and not moved) or delivery.attempts >= ATTEMPTS_BEFORE_BURIAL:
            await self._database.write(outbox.bury, delivery.id, str(error))
            return "dead"
        at = now if moved else now + _pause(delivery.attempts)
        await self._database.write(outbox.retry, delivery.id, at, str(error), error.ambiguous, parts_sent)
        return "retried"

    async def _edit(self, edit: Edit) -> None:
        try:
            again_at = await self._try_edit(edit)
            await self._database.write(outbox.end_edit, edit, again_at)
        except SQLAlchemyError as error:
            log.error("database_unreachable", doing="note an edit", error=type(error).__name__)

    async def _try_edit(self, edit: Edit) -> datetime | None:
        """None when nothing is left to do: the words are shown, or can't be any more."""
        pause = EDIT_PAUSE
        try:
            async with asyncio.timeout(SEND_DEADLINE_SECONDS):
                await self._connectors[edit.channel].edit(edit)
            return None
        except DeliveryError as error:
            if error.permanent:
                log.info("edit_refused", channel=edit.channel, reason=str(error))
                return None
            if error.retry_after is not None:
                pause = timedelta(seconds=error.retry_after)
        except TimeoutError:
            log.warning("edit_unanswered", channel=edit.channel)
        except Exception:
            log.exception("connector_crashed", channel=edit.channel)
            pause = CRASH_PAUSE
        return datetime.now(UTC) + pause


def _pause(attempts: int) -> timedelta:
    return min(timedelta(seconds=2.0 ** (attempts - 1)), LONGEST_PAUSE)
