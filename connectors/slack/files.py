"""Files in Slack's messages: customers' are fetched by their id with the bot's token, ours are handed up and then shared."""

import asyncio
import hashlib
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from connectors.connector import DeliveryError
from connectors.slack.events import Payload
from connectors.slack.place import Place
from connectors.slack.posting import Mark
from connectors.slack.web_api import FAILURES, Patience, as_delivery_error, in_time
from handoff.media import LARGEST_BYTES, KeptFile, SentFile, kind_of

FETCH_SECONDS = 60
UPLOAD_SECONDS = 20
SHOWN_WITHIN = 5
"""How often, half a second apart, we look whether a shared file is shown yet."""


def sent_file(file: Payload) -> SentFile:
    """What an event tells of a file."""
    mime = str(file.get("mimetype") or "application/octet-stream")
    size = file.get("size")
    return SentFile(
        provider_file_id=str(file["id"]),
        kind="voice" if file.get("subtype") == "slack_audio" else kind_of(mime),
        mime=mime,
        title=str(file.get("title") or file.get("name") or "a file"),
        size=size if isinstance(size, int) else None,
    )


def name_for(file: KeptFile, mark: Mark) -> str:
    """A file name that no other message's file has: Slack's files carry no metadata by which to find one again."""
    title = PurePosixPath(file.title)
    which = hashlib.sha256(f"{mark.id}:{mark.part}".encode()).hexdigest()[:8]
    return f"{title.stem}-{which}{title.suffix}"


class Files:
    """Fetches by id: no address that a customer could choose is ever asked."""

    def __init__(self, client: AsyncWebClient, patience: Patience, token: str, api_url: str) -> None:
        self._client = client
        self._patience = patience
        self._token = token
        self._hosts = {urlsplit(api_url).netloc, "files.slack.com"}

    async def fetch(self, file_id: str) -> bytes:
        """The bytes. Raises :class:`DeliveryError`."""
        try:
            found = (await in_time(self._client.files_info(file=file_id)))["file"]
            url = str(found.get("url_private_download") or found.get("url_private") or "")
            if urlsplit(url).netloc not in self._hosts:
                raise DeliveryError("Slack keeps this file elsewhere", permanent=True)
            async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(FETCH_SECONDS)) as http:
                return await self._download(http, url)
        except FAILURES as error:
            raise as_delivery_error(error) from error

    async def share(self, place: Place, file: KeptFile, content: bytes, name: str, comment: str) -> str | None:
        """Post a file as ``name``, under ``comment`` (mrkdwn); returns the message's ``ts`` if Slack shows it soon.

        Raises :class:`DeliveryError`. Nothing is shown before Slack's last answer: only that call leaves an uncertain fate.
        """
        self._patience.check(place.channel)
        try:
            file_id = await self._hand_up(name, content)
        except DeliveryError as error:
            error.ambiguous = False
            self._patience.note(place.channel, error)
            raise
        try:
            await in_time(
                self._client.files_completeUploadExternal(
                    files=[{"id": file_id, "title": file.title}],
                    channel_id=place.channel,
                    thread_ts=place.thread,
                    initial_comment=comment or None,
                )
            )
        except FAILURES as error:
            problem = as_delivery_error(error)
            self._patience.note(place.channel, problem)
            raise problem from error
        return await self._shown(file_id, place.channel)

    async def _hand_up(self, name: str, content: bytes) -> str:
        """The bytes are with Slack, shown nowhere; returns the file's id."""
        try:
            ticket = await in_time(self._client.files_getUploadURLExternal(filename=name, length=len(content)))
            await self._upload(str(ticket["upload_url"]), content)
        except FAILURES as error:
            raise as_delivery_error(error) from error
        return str(ticket["file_id"])

    async def _upload(self, url: str, content: bytes) -> None:
        if urlsplit(url).netloc not in self._hosts:
            raise DeliveryError("Slack takes files elsewhere", permanent=True)
        timeout = aiohttp.ClientTimeout(UPLOAD_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as http, http.post(url, data=content) as answer:
            if answer.status != 200:
                raise DeliveryError(f"http_{answer.status}")

    async def _shown(self, file_id: str, channel: str) -> str | None:
        """Slack posts the file a moment after it has agreed to: what follows must not overtake it."""
        for _ in range(SHOWN_WITHIN):
            try:
                shares = (await in_time(self._client.files_info(file=file_id)))["file"].get("shares") or {}
            except FAILURES:
                return None
            for places in shares.values():
                for share in places.get(channel) or []:
                    return str(share["ts"])
            await asyncio.sleep(0.5)
        return None

    async def _download(self, http: aiohttp.ClientSession, url: str) -> bytes:
        # The token goes to Slack's own hosts only, never along with a redirect.
        headers = {"Authorization": f"Bearer {self._token}"}
        async with http.get(url, headers=headers, allow_redirects=False) as answer:
            if answer.status != 200:
                raise DeliveryError(f"http_{answer.status}", permanent=300 <= answer.status < 500)
            content = bytearray()
            async for chunk in answer.content.iter_chunked(64 * 1024):
                content += chunk
                if len(content) > LARGEST_BYTES:
                    break  # enough to know that it is too large
            return bytes(content)
