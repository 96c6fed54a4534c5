"""Promises: what customers were told will be done by a time."""

from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy.orm import Session

from connectors.gateway.api.holding import ConversationAnswer, Seen
from connectors.gateway.api.route import Call, Fields, Routes, Words
from handoff import access, agents, conversations, ownership, promises, receipts, replies, summaries, tickets
from handoff.outbound import send
from handoff.promises import PromiseView

routes = Routes()

LONGEST_TEXT = 200


class NewPromise(Fields):
    """``text`` goes on from "Ana has promised to …", which the customer reads with the time after it."""

    id: Words = Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$")
    text: Words = Field(min_length=1, max_length=LONGEST_TEXT, pattern=r"\S")
    due_at: AwareDatetime


class PromisesAnswer(BaseModel):
    promises: list[PromiseView]


class PromiseAnswer(BaseModel):
    promise: PromiseView


@routes.add("GET", "/api/promises", permission="read")
async def list_promises(call: Call) -> PromisesAnswer:
    """Every promise that is not kept yet, the one that is due first first; at most 200."""
    return PromisesAnswer(promises=await call.desk.database.read(promises.listed, call.now))


@routes.add("GET", "/api/conversations/{conversation_id}/promises", permission="read")
async def list_promises_of_conversation(call: Call, conversation_id: str) -> PromisesAnswer:
    """All that was promised in one conversation, the oldest first."""

    def look(session: Session) -> list[PromiseView]:
        agent = agents.by_id(session, call.agent_id)
        access.conversation_for(session, agent, conversation_id, "read")
        return promises.of_conversation(session, conversation_id, call.now)

    return PromisesAnswer(promises=await call.desk.database.read(look))


@routes.add(
    "POST",
    "/api/conversations/{conversation_id}/promises",
    permission="answer",
    status=201,
    also=(200,),
    errors=(409, 422),
)
async def make_promise(call: Call, conversation_id: str, body: NewPromise) -> PromiseAnswer:
    """Promise something to the customer of your conversation, who is told so. 200 when this id was made before."""
    view, created = await call.desk.database.write(_make, call, conversation_id, body)
    call.status = 201 if created else 200
    call.desk.bus.changed(conversation_id)
    return PromiseAnswer(promise=view)


@routes.add("POST", "/api/promises/{promise_id}/kept", permission="answer", errors=(422,))
async def keep_promise(call: Call, promise_id: str) -> PromiseAnswer:
    """It is done."""
    return await _settle(call, promise_id, "kept")


@routes.add("POST", "/api/promises/{promise_id}/released", permission="answer", errors=(422,))
async def release_promise(call: Call, promise_id: str) -> PromiseAnswer:
    """The customer no longer needs it."""
    return await _settle(call, promise_id, "released")


@routes.add("POST", "/api/conversations/{conversation_id}/emailed", permission="answer", errors=(409, 422))
async def say_by_email(call: Call, conversation_id: str, body: Seen) -> ConversationAnswer:
    """You have answered the customer by e-mail, at the address they left: it counts as the answer, and they hear so here."""

    def work(session: Session) -> ConversationAnswer:
        agent = agents.by_id(session, call.agent_id)
        access.conversation_for(session, agent, conversation_id, "answer")
        conversation = replies.say_by_email(session, conversation_id, agent.id, body.epoch, call.now)
        return ConversationAnswer(conversation=summaries.summary(session, conversation))

    answer = await call.desk.database.write(work)
    call.desk.bus.changed(conversation_id)
    return answer


def _make(session: Session, call: Call, conversation_id: str, body: NewPromise) -> tuple[PromiseView, bool]:
    agent = agents.by_id(session, call.agent_id)
    access.conversation_for(session, agent, conversation_id, "answer")
    conversation = conversations.locked(session, conversation_id)
    ownership.check_held_by(session, conversation, agent.id)
    ticket = tickets.open_ticket(session, conversation)
    text = body.text.strip().rstrip(".")
    promise, created = promises.make(session, conversation, ticket, agent.id, body.id, text, body.due_at, call.now)
    if created:
        when = promises.in_words(session, promise.due_at)
        send(session, conversation, receipts.promised(agent.name, text, when), call.now)
    return promises.view(session, promise, call.now), created


async def _settle(call: Call, promise_id: str, state: str) -> PromiseAnswer:
    def work(session: Session) -> PromiseView:
        agent = agents.by_id(session, call.agent_id)
        promise = promises.find(session, promise_id)
        access.conversation_for(session, agent, promise.conversation_id, "answer")
        conversation = conversations.locked(session, promise.conversation_id)
        session.refresh(promise)  # it may have been settled meanwhile
        promises.settle(session, promise, state, call.now)
        conversation.updated_at = call.now
        return promises.view(session, promise, call.now)

    view = await call.desk.database.write(work)
    call.desk.bus.changed(view["conversation_id"])
    return PromiseAnswer(promise=view)
