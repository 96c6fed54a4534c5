"""Files that agents send customers from their group: fetched, and judged as those of the web desk, before anything is written."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from connectors.connector import DeliveryError
from connectors.desk_chats.acts import Refused
from connectors.gateway.uploads import UploadRefused, Uploads, judged
from handoff.media import SentFile

log = structlog.get_logger(__name__)

FETCH_SECONDS = 30.0
"""Telegram tells of nothing else while it waits."""
NOT_FETCHED = (
    "Telegram didn't hand out that file, so it was not sent. Please send it again; 20 MB is the most it hands out."
)


class DeskFiles:
    """``fetch``: the bytes behind a file id of Telegram's; raises :class:`DeliveryError`."""

    def __init__(self, fetch: Callable[[str], Awaitable[bytes]], uploads: Uploads) -> None:
        self._fetch = fetch
        self._uploads = uploads

    async def keep(self, file: SentFile) -> SentFile:
        """The file, on disk from now on. Raises :class:`Refused` with what to tell the agent."""
        try:
            async with asyncio.timeout(FETCH_SECONDS):
                content = await self._fetch(file.provider_file_id)
            return await self._uploads.keep(judged(content, file.title, file.mime))
        except (DeliveryError, TimeoutError) as error:
            log.warning("desk_file_not_fetched", error=type(error).__name__)
            raise Refused(NOT_FETCHED) from error
        except UploadRefused as refused:
            raise Refused(refused.detail) from refused
        except OSError as error:
            log.error("file_not_kept", error=type(error).__name__)
            raise Refused("We couldn't save that file, so it was not sent. Please send it again.") from error

    async def drop(self, file: SentFile) -> None:
        """Nothing refers to it in the end."""
        await self._uploads.drop(file)
