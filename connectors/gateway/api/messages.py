"""Messages: what was said, and an agent's own words to the customer."""

from pydantic import BaseModel, Field, field_validator
from sqlalchemy.orm import Session

from connectors.gateway.api.route import Call, Fields, Routes, Words
from handoff import access, agents, replies
from handoff.transcript import MessageView, messages

routes = Routes()

LONGEST = 4000
SEQ_MAX = 2**31 - 1


class AfterQuery(Fields):
    after: int = Field(default=0, ge=0, le=SEQ_MAX)


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
async def list_messages(call: Call, conversation_id: str, query: AfterQuery) -> MessagesAnswer:
    """Messages after a sequence number, oldest first, at most 500; ask again after the last for more."""
    found = await call.desk.database.read(_messages, call.agent_id, conversation_id, query.after)
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


def _messages(session: Session, agent_id: str, conversation_id: str, after: int) -> list[MessageView]:
    conversation = access.conversation_for(session, agents.by_id(session, agent_id), conversation_id, "read")
    return messages(session, conversation.id, after)


def _say(session: Session, call: Call, conversation_id: str, body: OwnWords) -> tuple[MessageView, bool]:
    agent = agents.by_id(session, call.agent_id)
    conversation = access.conversation_for(session, agent, conversation_id, "answer")
    return replies.say(session, conversation.id, agent.id, body.id, body.text, call.now)
