"""Deletes files that no conversation refers to: what was saved just before a crash, or while the database was away."""

import asyncio
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from connectors.gateway.endless import Endless
from connectors.gateway.media_files import MediaFiles
from handoff import media
from handoff.database import Database

log = structlog.get_logger(__name__)

EVERY_SECONDS = 3600.0
LEFT_ALONE_FOR = timedelta(days=1)
"""A file is saved a moment before its message; after a day nobody is about to refer to it."""
AT_ONCE = 500


class OrphanedFiles:
    """Sweeps once an hour. An erasure could not find such files: it knows only what a conversation refers to."""

    def __init__(self, database: Database, files: MediaFiles) -> None:
        self._database = database
        self._files = files
        self._loop = Endless()

    async def start(self) -> None:
        self._loop.start(self._run())

    async def stop(self) -> None:
        await self._loop.stop()

    async def _run(self) -> None:
        while True:
            try:
                await self.sweep(datetime.now(UTC))
            except (SQLAlchemyError, OSError) as error:
                log.error("sweeping_put_off", error=type(error).__name__)
            await asyncio.sleep(EVERY_SECONDS)

    async def sweep(self, now: datetime) -> int:
        """Returns how many files were deleted. Raises ``SQLAlchemyError`` or ``OSError``."""
        old = await asyncio.to_thread(self._files.saved_before, now - LEFT_ALONE_FOR)
        orphans: list[str] = []
        for start in range(0, len(old), AT_ONCE):
            some = old[start : start + AT_ONCE]
            known = await self._database.read(media.known_names, some)
            orphans += [name for name in some if name not in known]
        for name in orphans:
            await asyncio.to_thread(self._files.delete, name)
        if orphans:
            log.info("orphaned_files_deleted", files=len(orphans))
        return len(orphans)
