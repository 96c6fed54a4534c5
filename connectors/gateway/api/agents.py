"""Agents: who is there."""

from pydantic import BaseModel

from connectors.gateway.api.route import Call, Fields, Routes
from connectors.gateway.bus import Hint
from handoff import agents, history, skills
from handoff.agents import AgentView
from handoff.history import MissedView
from handoff.skills import TeamView

routes = Routes()


class Presence(Fields):
    present: bool


class AgentAnswer(BaseModel):
    agent: AgentView


class AgentsAnswer(BaseModel):
    agents: list[AgentView]
    teams: list[TeamView]


class MissedAnswer(BaseModel):
    missed: list[MissedView]


@routes.add("PUT", "/api/presence", permission="answer")
async def set_presence(call: Call, body: Presence) -> AgentAnswer:
    """Be at the desk, or away. It holds while a desk is open: fifteen seconds after the last one closed, you are away."""
    agent = await call.desk.database.write(agents.set_present, call.agent_id, body.present, call.now)
    call.desk.bus.publish(Hint("agents", data={"agent_id": call.agent_id}))
    return AgentAnswer(agent=agent)


@routes.add("GET", "/api/agents", permission="see_colleagues", by_hand=True)
async def list_agents(call: Call) -> AgentsAnswer:
    """Everyone with an account, and the teams they make up, by name."""
    return await call.desk.database.read(
        lambda session: AgentsAnswer(agents=agents.all_views(session), teams=skills.teams(session))
    )


@routes.add("GET", "/api/missed", permission="answer", by_hand=True)
async def list_missed(call: Call) -> MissedAnswer:
    """What ran out on you, newest first: offers that went by, claims without a reply in time."""
    return MissedAnswer(missed=await call.desk.database.read(history.missed_by, call.agent_id))
