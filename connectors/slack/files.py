"""Files in Slack's messages: described by the event, fetched by their id with the bot's token."""

from urllib.parse import urlsplit

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from connectors.connector import DeliveryError
from connectors.slack.events import Payload
from connectors.slack.web_api import FAILURES, as_delivery_error, in_time
from handoff.media import LARGEST_BYTES, SentFile

FETCH_SECONDS = 60


def sent_file(file: Payload) -> SentFile:
    """What an event tells of a file."""
    mime = str(file.get("mimetype") or "application/octet-stream")
    size = file.get("size")
    return SentFile(
        provider_file_id=str(file["id"]),
        kind=_kind(mime, str(file.get("subtype") or "")),
        mime=mime,
        title=str(file.get("title") or file.get("name") or "a file"),
        size=size if isinstance(size, int) else None,
    )


def _kind(mime: str, subtype: str) -> str:
    if subtype == "slack_audio":
        return "voice"
    match mime.partition("/")[0]:
        case "image":
            return "animation" if mime == "image/gif" else "photo"
        case "audio":
            return "audio"
        case "video":
            return "video"
    return "document"


class Files:
    """Fetches by id: no address that a customer could choose is ever asked."""

    def __init__(self, client: AsyncWebClient, token: str, api_url: str) -> None:
        self._client = client
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
