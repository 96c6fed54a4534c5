"""Presence: an agent is there while they want to be and have a desk open, with some patience for reloads.

``Agent.present_at`` remembers the agent's own switch, ``Agent.present`` is the outcome that the queue reads.
"""

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError

from connectors.gateway.bus import Bus, Hint
from connectors.gateway.desk_connections import DeskConnections
from handoff import agents
from handoff.database import Database

log = structlog.get_logger(__name__)

GRACE_SECONDS = 15.0


class Presence:
    """Follows the desks that are connected to this gateway."""

    def __init__(
        self, database: Database, bus: Bus, connections: DeskConnections, grace_seconds: float = GRACE_SECONDS
    ) -> None:
        self._database = database
        self._bus = bus
        self._connections = connections
        self._grace_seconds = grace_seconds
        self._leaving: dict[str, asyncio.Task[None]] = {}
        bus.listen(self._on_hint)

    async def start(self) -> None:
        """Whoever was there before this gateway began has the usual patience to connect again."""
        for agent_id in await self._database.read(agents.present_ids):
            self.left(agent_id)

    async def stop(self) -> None:
        leaving = list(self._leaving.values())
        for task in leaving:
            task.cancel()
        await asyncio.gather(*leaving, return_exceptions=True)

    def left(self, agent_id: str) -> None:
        """A desk of this agent closed. If it was the last one and none opens soon, they are away."""
        if agent_id not in self._leaving and not self._connections.of(agent_id):
            task = asyncio.get_running_loop().create_task(self._leave(agent_id))
            self._leaving[agent_id] = task
            task.add_done_callback(lambda _: self._leaving.pop(agent_id, None))

    async def refresh(self) -> None:
        """Everyone with an open desk who wants to be there, is. Also heals what another gateway thought."""
        back = await self._database.write(agents.connected, list(self._connections.agent_ids()))
        for agent_id in back:
            self._bus.publish(Hint("agents", data={"agent_id": agent_id}))

    def _on_hint(self, hint: Hint) -> None:
        # Somebody said that they are there, perhaps without a desk open: then it lasts no longer than the patience.
        if hint.kind == "agents" and "agent_id" in hint.data:
            self.left(hint.data["agent_id"])

    async def _leave(self, agent_id: str) -> None:
        await asyncio.sleep(self._grace_seconds)
        if self._connections.of(agent_id):
            return
        try:
            gone = await self._database.write(agents.disconnected, [agent_id])
        except SQLAlchemyError as error:
            log.error("database_unreachable", doing="note an absence", error=type(error).__name__)
            return
        if gone:
            self._bus.publish(Hint("agents", data={"agent_id": agent_id}))
