"""Fetches what customers sent from its channel, by the channel's own file ids, and keeps it."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from connectors.connector import DeliveryError, PushConnector
from connectors.gateway.bus import Bus, Hint
from connectors.gateway.endless import Endless
from connectors.gateway.media_files import MediaFiles, true_type
from connectors.gateway.wake import Wake
from handoff import media
from handoff.database import Database
from handoff.media import Fetch

log = structlog.get_logger(__name__)

POLL_SECONDS = 5.0
FETCH_SECONDS = 60.0


class MediaFetcher:
    """One file at a time: a customer's album must not crowd out the answers."""

    def __init__(self, database: Database, bus: Bus, files: MediaFiles, connectors: Sequence[PushConnector]) -> None:
        self._database = database
        self._bus = bus
        self._files = files
        self._connectors = {connector.name: connector for connector in connectors}
        self._wake = Wake()
        self._loop = Endless()
        bus.listen(self._on_hint)

    async def start(self) -> None:
        if self._connectors:
            self._loop.start(self._run())

    async def stop(self) -> None:
        await self._loop.stop()

    def _on_hint(self, hint: Hint) -> None:
        if hint.kind == "changed":
            self._wake.call()

    async def _run(self) -> None:
        while True:
            try:
                while await self._fetch_one():
                    pass
            except SQLAlchemyError as error:
                log.error("database_unreachable", doing="keep a file", error=type(error).__name__)
            await self._wake.sleep(POLL_SECONDS)

    async def _fetch_one(self) -> bool:
        if not await self._database.read(media.any_due, list(self._connectors), datetime.now(UTC)):
            return False  # most hints are about words: they need not take a turn at the writer
        fetch = await self._database.write(media.take, list(self._connectors), datetime.now(UTC))
        if fetch is None:
            return False
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                content = await self._connectors[fetch.channel].fetch(fetch.provider_file_id)
        except (DeliveryError, TimeoutError) as error:
            await self._failed(fetch, error)
        else:
            await self._keep(fetch, content)
        self._bus.changed(fetch.conversation_id)
        return True

    async def _keep(self, fetch: Fetch, content: bytes) -> None:
        if len(content) > media.LARGEST_BYTES:
            await self._database.write(media.lost, fetch.id, "it is too large", datetime.now(UTC))
            return
        name = await asyncio.to_thread(self._files.save, content)
        mime = true_type(content, fetch.mime)
        if not await self._database.write(media.kept, fetch.id, name, mime, len(content), datetime.now(UTC)):
            await asyncio.to_thread(self._files.delete, name)

    async def _failed(self, fetch: Fetch, error: Exception) -> None:
        log.warning("file_not_fetched", channel=fetch.channel, attempt=fetch.attempts, error=str(error))
        now = datetime.now(UTC)
        if getattr(error, "permanent", False) or fetch.attempts >= media.ATTEMPTS:
            await self._database.write(media.lost, fetch.id, "the channel would not hand it out", now)
            return
        seconds = getattr(error, "retry_after", None) or 2.0**fetch.attempts
        await self._database.write(media.try_again, fetch.id, now + timedelta(seconds=seconds))
