"""The REST connector: customers' messages come in as signed webhooks, replies go out as signed webhooks."""

import contextlib
import json
from datetime import UTC, datetime
from typing import Annotated, Any

import aiohttp
import structlog
from pydantic import BaseModel, Field, StringConstraints, ValidationError
from sanic import HTTPResponse, Request, Sanic
from sanic.response import json as json_response
from sqlalchemy.exc import SQLAlchemyError

from connectors.connector import DeliveryError
from connectors.gateway import metrics
from connectors.gateway.bus import Bus
from connectors.gateway.customer_files import FileLinks
from connectors.gateway.processes import secret
from connectors.gateway.settings import Settings
from connectors.rest import signing
from handoff import buttons, inbox
from handoff.database import Database
from handoff.inbox import Inbound
from handoff.outbox import Delivery, Edit
from handoff.transcript import MessageView, iso

log = structlog.get_logger(__name__)

NAME = "rest"
PATH = "/webhooks/rest/webhook"
CALL_SECONDS = 10
RETRY_SECONDS = 30.0

Id = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=r"^[^\x00]+$")]


class Message(BaseModel):
    """What a customer did. Exactly one of ``text`` and ``button`` is given."""

    id: Id
    """The sender's own, the same whenever it is sent again."""
    sender: Id = Field(alias="from")
    """Whose conversation it is, and where replies go."""
    name: str | None = Field(None, max_length=200)
    locale: str | None = Field(None, max_length=35)
    text: Words | None = None
    button: Id | None = None


class RestChannel:
    """Any other system: it posts signed messages, and replies are posted to it, signed too."""

    name = NAME

    def __init__(self, settings: Settings, database: Database, bus: Bus, links: FileLinks) -> None:
        self._links = links
        self._secret = secret(settings.rest_secret)
        self._callback_url = settings.rest_callback_url
        self._database = database
        self._bus = bus
        self._http: aiohttp.ClientSession | None = None
        self._error: str | None = None

    def register(self, app: Sanic[Any, Any]) -> None:
        app.add_route(self._told, PATH, methods=["POST"], name="rest_webhook")

    async def start(self) -> None:
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(CALL_SECONDS))

    async def stop(self) -> None:
        if self._http is not None:
            await self._http.close()

    def status(self) -> dict[str, object]:
        return {"status": "ok"} if self._error is None else {"status": "failing", "detail": self._error}

    async def send(self, delivery: Delivery) -> str | None:
        message_id = f"{delivery.conversation_id}:{delivery.message['seq']}"
        await self._post(
            {
                "type": "message",
                "id": message_id,
                "to": delivery.address,
                "edited": False,
                **self._shown(delivery.message),
            }
        )
        return message_id

    async def edit(self, edit: Edit) -> None:
        words = self._shown(edit.message)
        await self._post({"type": "message", "id": edit.provider_id, "to": edit.address, "edited": True, **words})

    async def fetch(self, provider_file_id: str) -> bytes:
        raise DeliveryError("this channel carries no files", permanent=True)

    async def typing(self, address: str) -> None:
        with contextlib.suppress(DeliveryError):
            await self._post({"type": "typing", "to": address})

    async def _told(self, request: Request) -> HTTPResponse:
        stamp, signature = request.headers.get(signing.TIMESTAMP, ""), request.headers.get(signing.SIGNATURE, "")
        if not signing.is_signed(self._secret, request.body, stamp, signature):
            return _refusal(401, "bad_signature", "This request is not signed with our secret, or is too old.")
        try:
            message = Message.model_validate_json(request.body)
        except ValidationError as error:
            where = error.errors(include_url=False, include_input=False)[0]
            return _refusal(400, "malformed", f"{'.'.join(map(str, where['loc']))}: {where['msg']}")
        try:
            return await self._accept(message)
        except SQLAlchemyError as error:
            log.error("database_unreachable", doing="accept a webhook", error=type(error).__name__)
            return _refusal(503, "unavailable", "We couldn't save that just now. Send it again.")

    async def _accept(self, message: Message) -> HTTPResponse:
        if (message.text is None) == (message.button is None):
            return _refusal(400, "malformed", "Give either text or button.")
        if message.button is not None:
            title = await self._database.read(buttons.title, NAME, message.sender, message.button)
            if title is None:
                return _refusal(404, "not_found", "This conversation was never offered that button.")
        inbound = Inbound(
            channel=NAME,
            address=message.sender,
            dedupe_key=f"{message.sender}:{message.id}",
            text=message.text or message.button or "",
            provider_id=message.id,
            customer_name=message.name,
            locale=message.locale,
        )
        accepted = await self._database.write_first(inbox.accept, inbound, datetime.now(UTC))
        (metrics.DUPLICATES if accepted.duplicate else metrics.MESSAGES).labels(NAME).inc()
        self._bus.changed(accepted.conversation_id)
        return json_response({"seq": accepted.seq, "at": iso(accepted.at)})

    async def _post(self, body: dict[str, object]) -> None:
        assert self._http is not None, "nothing is delivered before start"
        data = json.dumps(body).encode()
        headers = {"Content-Type": "application/json", **signing.headers(self._secret, data)}
        try:
            async with self._http.post(self._callback_url, data=data, headers=headers, allow_redirects=False) as answer:
                self._check(answer)
        except (aiohttp.ClientError, TimeoutError) as error:
            self._error = f"The receiver can't be reached: {type(error).__name__}."
            refused = isinstance(error, aiohttp.ClientConnectorError)
            raise DeliveryError(type(error).__name__, ambiguous=not refused) from error

    def _check(self, answer: aiohttp.ClientResponse) -> None:
        """Raises :class:`DeliveryError` unless the receiver has it."""
        self._error = None if answer.status < 300 else f"The receiver answered {answer.status}."
        if answer.status < 300:
            return
        reason = f"http_{answer.status}"
        if answer.status == 429 or "Retry-After" in answer.headers:
            asked = answer.headers.get("Retry-After", "")
            raise DeliveryError(reason, retry_after=float(asked) if asked.isdecimal() else RETRY_SECONDS)
        if answer.status in (404, 410):
            raise DeliveryError(reason, permanent=True)
        raise DeliveryError(reason, ambiguous=answer.status >= 500)

    def _shown(self, message: MessageView) -> dict[str, object]:
        """A reply as the receiver shows it. A file is a link: it needs no signature, and ends with the conversation."""
        words = {key: message[key] for key in ("author", "name", "at", "buttons", "attachment", "handoff")}
        files = [
            {"title": file["title"], "mime": file["mime"], "size": file["size"], "url": self._links.url(file["id"])}
            for file in message["files"]
        ]
        return {**words, "text": "" if message["wordless"] else message["text"], "files": files}


def _refusal(status: int, error: str, detail: str) -> HTTPResponse:
    return json_response({"error": error, "detail": detail}, status=status, headers={"Cache-Control": "no-store"})
