"""The frames of the web chat, both ways (docs/wire.md, "Web chat")."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, field_validator

from connectors.gateway.customer_files import FileLinks
from handoff.media import SHOWN_INLINE, FileView
from handoff.transcript import MessageView

LONGEST_MESSAGE = 4000


def _made_storable(text: str) -> str:
    """What every database can keep: no NUL, and no half of a letter (a script that cut an emoji in two)."""
    return text.replace("\0", "").encode(errors="replace").decode()


Words = Annotated[str, AfterValidator(_made_storable)]


class _Frame(BaseModel):
    # Old Rasa widgets send fields of their own; they are welcome and ignored.
    model_config = ConfigDict(extra="ignore")


class SessionRequest(_Frame):
    session_id: Words | None = Field(None, max_length=200)
    last_seq: int | None = Field(None, ge=0, le=2**53)
    customer_data: dict[str, Any] | None = None
    locale: Words | None = Field(None, max_length=35)
    page: str | None = Field(None, max_length=2000)
    renews: StrictBool = False
    """The page takes a new id when it is told one (``session_renewed``)."""

    @field_validator("session_id", mode="before")
    @classmethod
    def _as_rasa_clients_send_it(cls, value: object) -> object:
        """Some clients send back the object of an older server."""
        return value.get("session_id") if isinstance(value, dict) else value


class Uttered(_Frame):
    message: Words
    session_id: Words | None = Field(None, max_length=200)
    id: UUID | None = None


class Typing(_Frame):
    on: StrictBool


class Seen(_Frame):
    seq: int = Field(ge=0, le=2**53)


class Refusal(BaseModel):
    """Why a frame was not taken, and whether sending it again can help."""

    error: str
    detail: str
    retry: bool = False


class FileForm(_Frame):
    """What goes with a file that the customer sends."""

    session_id: Words = Field(max_length=200)
    id: UUID
    album: UUID | None = None
    """Files with the same one were chosen together."""
    caption: Words = Field("", max_length=LONGEST_MESSAGE)


def own_words(message: MessageView, links: FileLinks) -> dict[str, Any]:
    """The customer's own message, for other tabs and for replays."""
    frame = {"message": _words(message), "id": message["client_id"], "seq": message["seq"], "at": message["at"]}
    return frame | _attachment(message, links)


def bot_uttered(message: MessageView, links: FileLinks) -> dict[str, Any]:
    """A reply as Rasa's web clients know it, with our additions in ``metadata``."""
    frame: dict[str, Any] = {
        "text": _words(message),
        "metadata": {
            "seq": message["seq"],
            "at": message["at"],
            "author": message["author"],
            "name": message["name"],
        },
    }
    if message["handoff"]:
        frame["metadata"]["handoff"] = message["handoff"]
    if message["buttons"]:
        frame["quick_replies"] = [
            {"title": button["title"], "content_type": "text", "payload": button["id"]} for button in message["buttons"]
        ]
    return frame | _attachment(message, links)


def _words(message: MessageView) -> str:
    """What was written. A file shows itself; anything else that has no words is described."""
    return "" if message["wordless"] and _shown_file(message) else message["text"]


def _attachment(message: MessageView, links: FileLinks) -> dict[str, Any]:
    file = _shown_file(message)
    if file is not None:
        kind = "image" if file["mime"] in SHOWN_INLINE else "file"
        payload = {"src": links.url(file["id"]), "title": file["title"], "size": file["size"]}
        return {"attachment": {"type": kind, "payload": payload}}
    if message["attachment"]:
        attachment = message["attachment"]
        payload = {"src": attachment["url"], "title": attachment.get("title", "")}
        return {"attachment": {"type": attachment["kind"], "payload": payload}}
    return {}


def _shown_file(message: MessageView) -> FileView | None:
    return next((file for file in message["files"] if file["state"] == "kept"), None)
