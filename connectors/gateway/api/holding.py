"""Holding: claim, snooze, hand back, resolve, pass on, take over. Each names the epoch it saw, and loses if it has moved."""

from collections.abc import Callable
from typing import Self

from pydantic import AwareDatetime, BaseModel, Field, model_validator
from sqlalchemy.orm import Session

from connectors.gateway import metrics
from connectors.gateway.api.errors import ApiError
from connectors.gateway.api.route import Call, Fields, Routes, Words
from handoff import access, agents, holder, offers, ownership, skills, snoozing, summaries
from handoff.access import Permission
from handoff.schema import Agent, Conversation
from handoff.summaries import SummaryView

routes = Routes()

EPOCH_MAX = 2**31 - 1
NOTE_LONGEST = 1000


class Seen(Fields):
    epoch: int = Field(ge=0, le=EPOCH_MAX)


class Claim(Fields):
    epoch: int | None = Field(default=None, ge=0, le=EPOCH_MAX)


class HandBack(Seen):
    """``note``: what was done, in a sentence. The bot greets the customer with it."""

    note: Words = Field(default="", max_length=NOTE_LONGEST)


class Resolve(Seen):
    note: Words | None = Field(default=None, max_length=NOTE_LONGEST)


class Transfer(Seen):
    """To an agent or to a team (a skill); without either, back to the queue."""

    agent_id: Words | None = Field(default=None, min_length=1, max_length=64)
    team: Words | None = Field(default=None, min_length=1, max_length=64)
    note: Words | None = Field(default=None, max_length=NOTE_LONGEST)

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if self.agent_id is not None and self.team is not None:
            raise ValueError("name an agent or a team, not both")
        return self


class Snooze(Seen):
    """``until``: a time with its zone. ``note`` is for agents."""

    until: AwareDatetime
    note: Words | None = Field(default=None, max_length=NOTE_LONGEST)


class ConversationAnswer(BaseModel):
    conversation: SummaryView


Act = Callable[[Session, Conversation, Agent], Conversation]


@routes.add("POST", "/api/conversations/{conversation_id}/claim", permission="answer", errors=(409,))
async def claim(call: Call, conversation_id: str, body: Claim) -> ConversationAnswer:
    """Take a conversation. One agent gets it; everyone else is told who."""
    try:
        answer = await _do(
            call,
            conversation_id,
            lambda session, conversation, agent: holder.claim(session, conversation.id, agent.id, call.now, body.epoch),
        )
    except ownership.Conflict:
        metrics.CLAIMS.labels("lost").inc()
        raise
    metrics.CLAIMS.labels("won").inc()
    return answer


@routes.add("POST", "/api/conversations/{conversation_id}/decline", permission="answer", errors=(409,))
async def decline(call: Call, conversation_id: str) -> ConversationAnswer:
    """You can't take what is offered to you: it goes to the next agent at once. 409 ``not_offered``."""
    answer = await _do(
        call,
        conversation_id,
        lambda session, conversation, agent: offers.decline(session, conversation.id, agent.id, call.now),
    )
    metrics.OFFERS.labels("declined").inc()
    return answer


@routes.add("POST", "/api/conversations/{conversation_id}/handback", permission="answer", errors=(409, 422))
async def hand_back(call: Call, conversation_id: str, body: HandBack) -> ConversationAnswer:
    """Give your conversation to the bot, with what was done. 422 ``unanswered``: as for resolve."""
    return await _do(
        call,
        conversation_id,
        lambda session, conversation, agent: holder.hand_back(
            session, conversation.id, agent.id, body.epoch, body.note.strip(), call.now
        ),
    )


@routes.add("POST", "/api/conversations/{conversation_id}/resolve", permission="answer", errors=(409, 422))
async def resolve(call: Call, conversation_id: str, body: Resolve) -> ConversationAnswer:
    """Close your conversation. The customer's next message opens a new case.

    422 ``unanswered``: it is about safety or the law, and you have neither answered nor said in a note why not.
    """
    note = (body.note or "").strip() or None
    return await _do(
        call,
        conversation_id,
        lambda session, conversation, agent: holder.resolve(
            session, conversation.id, agent.id, body.epoch, note, call.now
        ),
    )


@routes.add("POST", "/api/conversations/{conversation_id}/transfer", permission="answer", errors=(409, 422))
async def transfer(call: Call, conversation_id: str, body: Transfer) -> ConversationAnswer:
    """Pass your conversation to a colleague, to a team, or back: the last two to its place in the queue."""

    def act(session: Session, conversation: Conversation, agent: Agent) -> Conversation:
        note = (body.note or "").strip() or None
        if body.team is not None:
            _check_is_team(session, body.team)
            return holder.transfer_to_team(session, conversation.id, agent.id, body.epoch, body.team, note, call.now)
        if body.agent_id is not None:
            _check_can_receive(session, body.agent_id)
        return holder.transfer(session, conversation.id, agent.id, body.epoch, body.agent_id, note, call.now)

    return await _do(call, conversation_id, act)


@routes.add("POST", "/api/conversations/{conversation_id}/snooze", permission="answer", errors=(409, 422))
async def snooze(call: Call, conversation_id: str, body: Snooze) -> ConversationAnswer:
    """Set your conversation aside. It comes back at that time, or as soon as the customer writes."""
    note = (body.note or "").strip() or None
    return await _do(
        call,
        conversation_id,
        lambda session, conversation, agent: snoozing.snooze(
            session, conversation.id, agent.id, body.epoch, body.until, note, call.now
        ),
    )


@routes.add("POST", "/api/conversations/{conversation_id}/wake", permission="answer", errors=(409,))
async def wake(call: Call, conversation_id: str, body: Seen) -> ConversationAnswer:
    """Take up again what you have snoozed."""
    return await _do(
        call,
        conversation_id,
        lambda session, conversation, agent: snoozing.wake(session, conversation.id, agent.id, body.epoch, call.now),
    )


@routes.add("POST", "/api/conversations/{conversation_id}/takeover", permission="take_over", errors=(409,))
async def take_over(call: Call, conversation_id: str, body: Seen) -> ConversationAnswer:
    """Take a colleague's conversation, as a supervisor."""
    return await _do(
        call,
        conversation_id,
        lambda session, conversation, agent: holder.take_over(session, conversation.id, agent.id, body.epoch, call.now),
        "take_over",
    )


async def _do(call: Call, conversation_id: str, act: Act, permission: Permission = "answer") -> ConversationAnswer:
    def work(session: Session) -> SummaryView:
        agent = agents.by_id(session, call.agent_id)
        conversation = access.conversation_for(session, agent, conversation_id, permission)
        return summaries.summary(session, act(session, conversation, agent))

    summary = await call.desk.database.write(work)
    call.desk.bus.changed(conversation_id)
    return ConversationAnswer(conversation=summary)


def _check_is_team(session: Session, team: str) -> None:
    if team not in {known["name"] for known in skills.teams(session)}:
        raise ApiError(422, "no_such_team", "There is no such team: no agent has this skill.")


def _check_can_receive(session: Session, agent_id: str) -> None:
    try:
        colleague = agents.by_id(session, agent_id)
    except agents.NoAgent:
        raise ApiError(422, "no_such_agent", "There is no such colleague to pass it to.") from None
    if not access.may(colleague.role, "answer"):
        raise ApiError(422, "cannot_answer", f"{colleague.name} does not answer customers.")
