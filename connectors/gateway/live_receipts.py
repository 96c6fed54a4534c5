"""Keeps the place in the queue true on the channels we push to, by editing the message that told it."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError

from connectors.connector import PushConnector
from connectors.gateway.bus import Bus, Hint
from connectors.gateway.endless import Endless
from connectors.gateway.wake import Wake
from handoff import live_receipts
from handoff.conversations import NoConversation
from handoff.database import Database

log = structlog.get_logger(__name__)

TOGETHER_SECONDS = 1.0
"""Changes within this time are looked at together."""
POLL_SECONDS = 10.0


class LiveReceipts:
    """A hint about any conversation may have moved everybody's place; a slow poll finds what no hint told."""

    def __init__(self, database: Database, bus: Bus, connectors: Sequence[PushConnector]) -> None:
        self._database = database
        self._bus = bus
        self._channels = [connector.name for connector in connectors]
        self._wake = Wake()
        self._loop = Endless()
        bus.listen(self._on_hint)

    async def start(self) -> None:
        if self._channels:
            self._loop.start(self._keep_true())

    async def stop(self) -> None:
        await self._loop.stop()

    def _on_hint(self, hint: Hint) -> None:
        if hint.kind in ("changed", "agents") and not hint.of_talk:
            self._wake.call()

    async def _keep_true(self) -> None:
        while True:
            try:
                for conversation_id in await self._database.read(
                    live_receipts.stale, self._channels, datetime.now(UTC)
                ):
                    await self._rewrite(conversation_id)
            except SQLAlchemyError as error:
                log.error("database_unreachable", doing="keep receipts true", error=type(error).__name__)
            await asyncio.sleep(TOGETHER_SECONDS)
            await self._wake.sleep(POLL_SECONDS)

    async def _rewrite(self, conversation_id: str) -> None:
        try:
            changed = await self._database.write(live_receipts.rewrite, conversation_id, datetime.now(UTC))
        except NoConversation:
            return
        if changed:
            self._bus.changed(conversation_id)
