"""Verdicts: was a person needed?"""

from pydantic import BaseModel
from sqlalchemy.orm import Session

from connectors.gateway.api.route import Call, Fields, Routes
from handoff import access, agents, summaries, verdicts
from handoff.summaries import TicketView

routes = Routes()


class Needed(Fields):
    needed: bool


class TicketAnswer(BaseModel):
    ticket: TicketView


@routes.add("POST", "/api/conversations/{conversation_id}/needed", permission="judge", errors=(409,))
async def judge(call: Call, conversation_id: str, body: Needed) -> TicketAnswer:
    """Say whether the handoff was needed; the bot's thresholds are judged by this."""
    return TicketAnswer(ticket=await call.desk.database.write(_judge, call.agent_id, conversation_id, body.needed))


def _judge(session: Session, agent_id: str, conversation_id: str, needed: bool) -> TicketView:
    conversation = access.conversation_for(session, agents.by_id(session, agent_id), conversation_id, "judge")
    return summaries.ticket_view(session, verdicts.judge(session, conversation, needed))
