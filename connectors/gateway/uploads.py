"""Files that a page sends: a form of fields and one file, read with its limits and judged by its bytes."""

import asyncio
import mimetypes
from dataclasses import dataclass
from pathlib import PurePosixPath
from weakref import WeakValueDictionary

import structlog
from sanic import Request
from sanic.exceptions import PayloadTooLarge
from sanic.http.http1 import Http

from connectors.gateway.media_files import UNKNOWN, MediaFiles, true_type
from handoff import media
from handoff.media import LARGEST_BYTES, SentFile

log = structlog.get_logger(__name__)

FORM_BYTES = 64 * 1024
"""What a form may weigh beside its file."""
UPLOADS_AT_ONCE = 8
"""Each is in memory while it is read."""
PLACES_PER_ADDRESS = 2
"""A stranger who sends very slowly takes no more of these places."""
BODY_SECONDS = 50.0
"""Less than the server gives a whole request."""
FREE_BYTES = 512 * 1024 * 1024
"""What files leave free of the disk: the database is on it as well."""
LONGEST_TITLE = 120
_MEGABYTES = LARGEST_BYTES // 1024 // 1024


class UploadRefused(Exception):
    """A form that can't be used: an HTTP status, a code, and a sentence for whoever sent it."""

    def __init__(self, status: int, error: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.error = error
        self.detail = detail


@dataclass(frozen=True)
class Upload:
    """A form with its file. ``fields`` are as they were sent, unchecked."""

    fields: dict[str, str]
    title: str
    mime: str
    content: bytes

    def as_sent_file(self, name: str) -> SentFile:
        """The file, once it is on disk under ``name``."""
        return SentFile("", media.kind_of(self.mime), self.mime, self.title, len(self.content), name)


class Uploads:
    """Reads forms, a few at a time, and fewer of one address."""

    def __init__(self, files: MediaFiles) -> None:
        self._files = files
        self._places = asyncio.Semaphore(UPLOADS_AT_ONCE)
        self._of_address: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    async def read(self, request: Request) -> Upload:
        """The form that ``request``, of a route that streams its body, carries. Raises :class:`UploadRefused`."""
        if request.content_type.partition(";")[0].strip().lower() != "multipart/form-data":
            raise UploadRefused(400, "malformed", "Send a form with a file (multipart/form-data).")
        of_address = self._of_address.setdefault(
            request.remote_addr or request.ip, asyncio.Semaphore(PLACES_PER_ADDRESS)
        )
        async with of_address, self._places:
            return _checked(request, await _body(request))

    async def keep(self, upload: Upload) -> SentFile:
        """The file, on disk from now on; :meth:`drop` it when nothing refers to it in the end.

        Raises :class:`UploadRefused` when the disk is nearly full, and ``OSError``.
        """
        if await asyncio.to_thread(self._files.free_bytes) < FREE_BYTES:
            log.error("disk_nearly_full")
            raise UploadRefused(503, "unavailable", "We can't take files just now. Please try again later.")
        return upload.as_sent_file(await asyncio.to_thread(self._files.save, upload.content))

    async def drop(self, file: SentFile) -> None:
        assert file.name is not None, "only what was kept is dropped"
        await asyncio.to_thread(self._files.delete, file.name)


async def _body(request: Request) -> bytes:
    stream = request.stream
    assert isinstance(stream, Http), "the route streams"
    stream.request_max_size = LARGEST_BYTES + FORM_BYTES
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in stream:
                body += chunk
    except TimeoutError:
        raise UploadRefused(
            408, "too_slow", "That file came too slowly. Try a smaller one, or a better line."
        ) from None
    except PayloadTooLarge:
        raise UploadRefused(413, "too_large", f"A file may have {_MEGABYTES} MB at most.") from None
    return bytes(body)


def _checked(request: Request, body: bytes) -> Upload:
    request.body = body
    fields = {str(name): str(values[-1]) for name, values in (request.form or {}).items()}
    sent = request.files.getlist("file") if request.files else []
    if len(sent) != 1:
        raise UploadRefused(400, "malformed", "Send one file, in the field “file”.")
    return judged(sent[0].body, sent[0].name, str(sent[0].type or ""), fields)


def judged(content: bytes, name: str | None, said: str, fields: dict[str, str] | None = None) -> Upload:
    """A file by its bytes, whatever its sender ``said`` of its type. Raises :class:`UploadRefused`."""
    if not content:
        raise UploadRefused(422, "empty_file", "That file is empty.")
    title = _title(name)
    upload = Upload(fields or {}, title, true_type(content, _said(said, title)), content)
    refused = media.reason_to_refuse(upload.as_sent_file(""))
    if refused is not None:
        raise UploadRefused(422, "refused_file", f"This file can't be sent: it is {refused}.")
    return upload


def _said(mime: str, title: str) -> str:
    """Browsers tell no type for some files, and Windows calls a table of plain text a spreadsheet."""
    if mime in ("", UNKNOWN) or title.lower().endswith(".csv"):
        return mimetypes.guess_type(title)[0] or UNKNOWN
    return mime.lower()


def _title(name: str | None) -> str:
    """A file name without folders and control characters; its ending survives when it is too long."""
    plain = "".join(letter for letter in (name or "").replace("\\", "/") if letter.isprintable())
    path = PurePosixPath(plain.encode(errors="replace").decode())
    ending = path.suffix[:20]
    return (
        f"{path.name.removesuffix(path.suffix)[: LONGEST_TITLE - len(ending)]}{ending}"
        if path.name.strip(".")
        else "file"
    )
