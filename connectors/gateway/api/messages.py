"""Messages: what was said, and an agent's own words to the customer."""

from typing import Self

from pydantic import BaseModel, Field, field_validator, model_validator
from sqlalchemy.orm import Session

from connectors.gateway.api.route import Call, Fields, Routes, Words
from handoff import access, agents, replies
from handoff.transcript import MessageView, latest_messages, messages

routes = Routes()

LONGEST = 4000
SEQ_MAX = 2**31 - 1
BEFORE_PAGE = 100


class PageQuery(Fields):
    after: int = Field(default=0, ge=0, le=SEQ_MAX)
    before: int | None = Field(default=None, ge=1, le=SEQ_MAX)

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if self.after and self.before is not None:
            raise ValueError("ask for what is after or before a message, not both")
        return self


class OwnWords(Fields):
    """``id`` is made by the client, new for each message and the same for each retry of it."""

    id: Words = Field(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")
    text: Words = Field(max_length=LONGEST)

    @field_validator("text")
    @classmethod
    def _not_blank(cls, text: str) -> str:
        if not text.strip():
            raise ValueError("should say something")
        return text


class MessagesAnswer(BaseModel):
    messages: list[MessageView]


class MessageAnswer(BaseModel):
    message: MessageView


@routes.add("GET", "/api/conversations/{conversation_id}/messages", permission="read")
async def list_messages(call: Call, conversation_id: str, query: PageQuery) -> MessagesAnswer:
    """Messages after a sequence number, at most 500, or the latest 100 before one; oldest first. Ask again for more."""
    found = await call.desk.database.read(_messages, call.agent_id, conversation_id, query)
    return MessagesAnswer(messages=found)


@routes.add(
    "POST", "/api/conversations/{conversation_id}/messages", permission="answer", status=201, also=(200,), errors=(409,)
)
async def say(call: Call, conversation_id: str, body: OwnWords) -> MessageAnswer:
    """Write to the customer of a conversation you hold. 200 when this id was kept before."""
    message, created = await call.desk.database.write(_say, call, conversation_id, body)
    call.status = 201 if created else 200
    if created:
        call.desk.bus.changed(conversation_id)
    return MessageAnswer(message=message)


def _messages(session: Session, agent_id: str, conversation_id: str, query: PageQuery) -> list[MessageView]:
    conversation = access.conversation_for(session, agents.by_id(session, agent_id), conversation_id, "read")
    if query.before is not None:
        return latest_messages(session, conversation.id, BEFORE_PAGE, query.before)
    return messages(session, conversation.id, query.after)


def _say(session: Session, call: Call, conversation_id: str, body: OwnWords) -> tuple[MessageView, bool]:
    agent = agents.by_id(session, call.agent_id)
    conversation = access.conversation_for(session, agent, conversation_id, "answer")
    return replies.say(session, conversation.id, agent.id, body.id, body.text, call.now)
