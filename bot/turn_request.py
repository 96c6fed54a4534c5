"""What the gateway asks for: one customer message, or one payload from a stored button."""

import json
import re
from typing import Any

from pydantic import BaseModel, Extra, StrictStr, constr, root_validator, validator

Scalar = str | int | float | bool

PAYLOAD = re.compile(r"/(?P<intent>\w+)(?:/(?P<answer>\w+))?\s*(?P<entities>\{.*\})?", re.DOTALL)


class MalformedPayload(ValueError):
    """A payload that is not `/intent`, `/intent/answer` or `/intent{"entity": value}` for this domain."""


class Payload(BaseModel):
    """A button's meaning. `answer` is the retrieval key's second half: `/faq/warranty` -> `warranty`."""

    intent: str
    answer: str | None
    entities: dict[str, Scalar]

    @classmethod
    def parse(cls, written: str) -> "Payload":
        """Reads `/intent{"entity": "value"}`; raises MalformedPayload rather than guessing."""
        match = PAYLOAD.fullmatch(written.strip())
        if match is None:
            raise MalformedPayload('a payload looks like /intent or /intent{"entity": "value"}')
        return cls(intent=match["intent"], answer=match["answer"], entities=_entities(match["entities"]))


def _entities(written: str | None) -> dict[str, Scalar]:
    if written is None:
        return {}
    try:
        entities = json.loads(written)
    except ValueError as error:
        raise MalformedPayload(f"the entities of a payload must be JSON: {error}") from error
    for name, value in entities.items():
        if not isinstance(value, Scalar):
            raise MalformedPayload(f"entity {name!r} must be a text, a number or a boolean")
    return entities


class TurnRequest(BaseModel):
    """The body of `POST /webhooks/frontdesk/turn`; exactly one of `text` and `payload` is set."""

    sender_id: constr(strict=True, min_length=1, max_length=255)
    message_id: constr(strict=True, min_length=1, max_length=255)
    text: StrictStr | None = None
    payload: StrictStr | None = None
    metadata: dict[str, Any] = {}

    class Config:
        extra = Extra.forbid

    @validator("text")
    def text_says_something(cls, text: str | None) -> str | None:
        if text is not None and not text.strip():
            raise ValueError("text is empty")
        return text

    @validator("metadata", pre=True)
    def no_metadata_is_empty_metadata(cls, metadata: Any) -> Any:
        return {} if metadata is None else metadata

    @root_validator(skip_on_failure=True)
    def one_of_text_and_payload(cls, values: dict[str, Any]) -> dict[str, Any]:
        if (values["text"] is None) == (values["payload"] is None):
            raise ValueError("set exactly one of text and payload")
        return values
