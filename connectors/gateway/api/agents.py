"""Agents: who is there."""

from pydantic import BaseModel

from connectors.gateway.api.route import Call, Fields, Routes
from connectors.gateway.bus import Hint
from handoff import agents
from handoff.agents import AgentView

routes = Routes()


class Presence(Fields):
    present: bool


class AgentAnswer(BaseModel):
    agent: AgentView


class AgentsAnswer(BaseModel):
    agents: list[AgentView]


@routes.add("PUT", "/api/presence", permission="answer")
async def set_presence(call: Call, body: Presence) -> AgentAnswer:
    """Be at the desk, or away. It holds while a desk is open: fifteen seconds after the last one closed, you are away."""
    agent = await call.desk.database.write(agents.set_present, call.agent_id, body.present, call.now)
    call.desk.bus.publish(Hint("agents", data={"agent_id": call.agent_id}))
    return AgentAnswer(agent=agent)


@routes.add("GET", "/api/agents", permission="see_colleagues")
async def list_agents(call: Call) -> AgentsAnswer:
    """Everyone with an account, by name."""
    return AgentsAnswer(agents=await call.desk.database.read(agents.all_views))
