"""Where customers of the web chat send files: ``POST /chat/files``, a form with the session's secret in it."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import structlog
from pydantic import ValidationError
from sanic import HTTPResponse, Request, Sanic
from sanic.response import json as json_response
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from connectors.gateway import metrics
from connectors.gateway.bus import Bus
from connectors.gateway.customer_files import FileLinks
from connectors.gateway.uploads import Upload, UploadRefused, Uploads
from connectors.web import frames
from connectors.web.connections import Connections
from connectors.web.limits import WebLimits
from connectors.web.session_ids import SessionIds, address_of
from handoff import customer_view, inbox
from handoff.database import Database
from handoff.inbox import Accepted, Inbound
from handoff.media import SentFile
from handoff.session_renewals import SecretReplaced
from handoff.transcript import MessageView, one_message

log = structlog.get_logger(__name__)

PATH = "/chat/files"
CHANNEL = "web"
Allowed = Callable[[str, Mapping[str, Any]], bool]
TOO_MANY = UploadRefused(429, "rate_limited", "That's a lot of files at once. Please wait a few minutes.")
RENEWED = UploadRefused(401, "renewed", "This chat has a new session id. Please try again.")
UNAVAILABLE = UploadRefused(503, "unavailable", "We couldn't save that just now. Please try again.")


class FileDoor:
    """``allowed``: whether a page of this origin may chat."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        uploads: Uploads,
        ids: SessionIds,
        limits: WebLimits,
        connections: Connections,
        links: FileLinks,
        allowed: Allowed,
    ) -> None:
        self._database = database
        self._bus = bus
        self._uploads = uploads
        self._ids = ids
        self._limits = limits
        self._connections = connections
        self._links = links
        self._allowed = allowed

    def register(self, app: Sanic[Any, Any]) -> None:
        @app.post(PATH, name="chat_file", stream=True)
        async def take_file(request: Request) -> HTTPResponse:
            return await self._told(request)

        app.add_route(self._preflight, PATH, methods=["OPTIONS"], name="chat_file_preflight")

    async def _preflight(self, request: Request) -> HTTPResponse:
        """A shop's page of another origin asks first, because it watches the progress."""
        allow = {"Access-Control-Allow-Methods": "POST", "Access-Control-Max-Age": "600"}
        return HTTPResponse(status=204, headers=self._sharing(request) | allow)

    async def _told(self, request: Request) -> HTTPResponse:
        try:
            message = await self._take(request)
        except UploadRefused as refused:
            retry = refused is RENEWED or refused.status in (429, 503)
            body = {"error": refused.error, "detail": refused.detail, "retry": retry}
            return json_response(body, status=refused.status, headers=self._sharing(request))
        return json_response(frames.own_words(message, self._links), headers=self._sharing(request))

    async def _take(self, request: Request) -> MessageView:
        origin = request.headers.get("origin")
        if origin is not None and not self._allowed(origin, {"HTTP_HOST": request.host}):
            raise UploadRefused(403, "forbidden", "This page may not chat with us.")
        if not self._limits.may_send_file_from(request.remote_addr or request.ip):
            raise TOO_MANY
        upload = await self._uploads.read(request)
        form = _form(upload.fields)
        address = address_of(form.session_id)
        if not await self._is_known(form.session_id):
            raise UploadRefused(401, "no_session", "This chat has no session yet.")
        if not self._limits.may_send_file(address):
            raise TOO_MANY
        return await self._keep(address, form, upload)

    async def _is_known(self, session_id: str) -> bool:
        if self._ids.is_ours(session_id):
            return True
        try:
            return await self._database.read(customer_view.find, CHANNEL, address_of(session_id)) is not None
        except SQLAlchemyError as error:
            raise _unreachable(error) from error

    async def _keep(self, address: str, form: frames.FileForm, upload: Upload) -> MessageView:
        try:
            file = await self._uploads.keep(upload)
        except OSError as error:
            log.error("file_not_kept", error=type(error).__name__)
            raise UNAVAILABLE from error
        inbound = _inbound(address, form, file)
        try:
            accepted, message = await self._database.write(_accept, inbound, datetime.now(UTC))
        except SecretReplaced:
            await self._uploads.drop(file)
            raise RENEWED from None
        except SQLAlchemyError as error:
            raise _unreachable(error) from error  # whether the file is referred to is not known: it stays
        if accepted.duplicate:
            await self._uploads.drop(file)
        (metrics.DUPLICATES if accepted.duplicate else metrics.MESSAGES).labels(CHANNEL).inc()
        self._connections.begin(address, accepted.conversation_id)
        self._bus.changed(accepted.conversation_id)
        return message

    def _sharing(self, request: Request) -> dict[str, str]:
        """Whether the page that asked may read the answer."""
        origin = request.headers.get("origin")
        headers = {"Cache-Control": "no-store", "Vary": "Origin"}
        if origin is not None and self._allowed(origin, {"HTTP_HOST": request.host}):
            headers["Access-Control-Allow-Origin"] = origin
        return headers


def _form(fields: dict[str, str]) -> frames.FileForm:
    try:
        return frames.FileForm.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UploadRefused(400, "malformed", f"{where}: {first['msg']}") from error


def _inbound(address: str, form: frames.FileForm, file: SentFile) -> Inbound:
    caption = form.caption.strip()
    return Inbound(
        channel=CHANNEL,
        address=address,
        dedupe_key=None,
        text=caption or file.title,
        client_id=str(form.id),
        files=(file,),
        wordless=not caption,
        album=str(form.album) if form.album else None,
    )


def _accept(session: Session, inbound: Inbound, now: datetime) -> tuple[Accepted, MessageView]:
    accepted = inbox.accept(session, inbound, now)
    session.flush()
    return accepted, one_message(session, accepted.conversation_id, accepted.seq)


def _unreachable(error: SQLAlchemyError) -> UploadRefused:
    log.error("database_unreachable", doing="accept a file", error=type(error).__name__)
    return UNAVAILABLE
