"""The frames of the web chat, both ways (docs/wire.md, "Web chat")."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, field_validator

from handoff.transcript import MessageView

LONGEST_MESSAGE = 4000


def _storable(text: str) -> str:
    """What every database can keep: no NUL, and no half of a letter (a script that cut an emoji in two)."""
    return text.replace("\0", "").encode(errors="replace").decode()


Words = Annotated[str, AfterValidator(_storable)]


class _Frame(BaseModel):
    # Old Rasa widgets send fields of their own; they are welcome and ignored.
    model_config = ConfigDict(extra="ignore")


class SessionRequest(_Frame):
    session_id: Words | None = Field(None, max_length=200)
    last_seq: int | None = Field(None, ge=0, le=2**53)
    customer_data: dict[str, Any] | None = None
    locale: Words | None = Field(None, max_length=35)
    page: str | None = Field(None, max_length=2000)

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


def own_words(message: MessageView) -> dict[str, Any]:
    """The customer's own message, for other tabs and for replays."""
    return {"message": message["text"], "id": message["client_id"], "seq": message["seq"], "at": message["at"]}


def bot_uttered(message: MessageView) -> dict[str, Any]:
    """A reply as Rasa's web clients know it, with our additions in ``metadata``."""
    frame: dict[str, Any] = {
        "text": message["text"],
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
    if message["attachment"]:
        attachment = message["attachment"]
        payload = {"src": attachment["url"], "title": attachment.get("title", "")}
        frame["attachment"] = {"type": attachment["kind"], "payload": payload}
    return frame
