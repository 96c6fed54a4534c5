"""A conversation's files as its customer gets them: at addresses that nobody can guess, and that end with the conversation."""

import hashlib
import hmac
from typing import Any

import structlog
from sanic import HTTPResponse, Request, Sanic, file, text
from sqlalchemy.exc import SQLAlchemyError

from connectors.gateway.file_headers import headers_for
from connectors.gateway.media_files import MediaFiles
from handoff import media
from handoff.database import Database

log = structlog.get_logger(__name__)

FOLDER = "/files/"
GONE = "There is no such file. It goes with the conversation that it was sent in."
UNAVAILABLE = "We can't reach our records just now. Please try this link again in a minute."


class FileLinks:
    """Addresses of files. ``key`` is shared by all gateways of an installation: it signs, so that an id alone opens nothing."""

    def __init__(self, key: str, public_url: str) -> None:
        self._key = hashlib.sha256(b"frontdesk file link:" + key.encode()).digest()
        self._public_url = public_url

    def url(self, file_id: str) -> str:
        """Where the customer finds the file."""
        return f"{self._public_url}{FOLDER}{file_id}.{self._signature(file_id)}"

    def file_of(self, address: str) -> str | None:
        """The id of the file at the last part of an address; None when we did not make it."""
        file_id, _, signature = address.partition(".")
        return file_id if hmac.compare_digest(signature.encode(), self._signature(file_id).encode()) else None

    def _signature(self, file_id: str) -> str:
        return hmac.new(self._key, file_id.encode(), hashlib.sha256).hexdigest()[:40]


def register(app: Sanic[Any, Any], database: Database, files: MediaFiles, links: FileLinks) -> None:
    """Serve ``GET /files/<address>``."""

    @app.get(f"{FOLDER}<address:str>", name="customer_file")
    async def serve_file(_request: Request, address: str) -> HTTPResponse:
        file_id = links.file_of(address)
        if file_id is None:
            return text(GONE, 404, headers_for(None))
        try:
            found = await database.read(media.kept_file, file_id)
        except SQLAlchemyError as error:
            log.error("database_unreachable", doing="serve a file", error=type(error).__name__)
            return text(UNAVAILABLE, 503, headers_for(None) | {"Retry-After": "60"})
        if found is None or not files.path(found[1].name).is_file():
            return text(GONE, 404, headers_for(None))
        kept = found[1]
        # Shops embed the chat in pages of their own, which show the pictures.
        headers = headers_for(kept) | {"Cross-Origin-Resource-Policy": "cross-origin"}
        return await file(files.path(kept.name), mime_type=kept.mime, headers=headers)
