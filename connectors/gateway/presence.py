"""Presence: an agent is there while they want to be and have a desk open, with some patience for reloads.

This gateway speaks for the desks that are connected to it; :mod:`handoff.open_desks` makes one answer of what all of them say.
"""

import asyncio
import secrets
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from connectors.gateway.bus import Bus, Hint
from connectors.gateway.desk_connections import DeskConnections
from handoff import open_desks
from handoff.database import Database

log = structlog.get_logger(__name__)

GRACE_SECONDS = 15.0
COUNTS_FOR_SECONDS = 30.0
"""How long an open desk counts unless it is renewed: when a gateway dies, its agents have this long to reach another."""
A_MOMENT = 0.05


class Presence:
    """Follows the desks that are connected to this gateway."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        connections: DeskConnections,
        grace_seconds: float = GRACE_SECONDS,
        counts_for_seconds: float = COUNTS_FOR_SECONDS,
    ) -> None:
        self._database = database
        self._bus = bus
        self._connections = connections
        self._grace = timedelta(seconds=grace_seconds)
        self._counts_for = timedelta(seconds=counts_for_seconds)
        self._gateway = secrets.token_hex(8)
        self._writing = asyncio.Lock()
        """One statement of ours at a time: what is said of a desk that closed must not be older than what was said before."""
        self._leaving: set[asyncio.Task[None]] = set()
        self._stopped = False
        bus.listen(self._on_hint)

    async def start(self) -> None:
        """Whoever was there before this gateway began has the usual patience to connect again."""
        until = datetime.now(UTC) + self._grace
        await self._database.write(open_desks.give_patience, self._gateway, until)
        self._spawn(self._check_after_grace)

    async def stop(self) -> None:
        """Desks that close from now on are not noted: they stop counting by themselves, unless they open elsewhere."""
        self._stopped = True
        leaving = list(self._leaving)
        for task in leaving:
            task.cancel()
        await asyncio.gather(*leaving, return_exceptions=True)

    def left(self, agent_id: str) -> None:
        """A desk of this agent closed. If it was the last one anywhere and none opens soon, they are away."""
        if not self._connections.of(agent_id):
            self._spawn(self._leave, agent_id)

    async def refresh(self) -> None:
        """Everyone with an open desk who wants to be there, is; everyone without any is not."""
        async with self._writing:
            now = datetime.now(UTC)
            agent_ids, until = self._connections.agent_ids(), now + self._counts_for
            moved = await self._database.write(open_desks.check, self._gateway, agent_ids, until, self._grace, now)
        for agent_id in (*moved.back, *moved.gone):
            self._bus.publish(Hint("agents", data={"agent_id": agent_id}))

    def _on_hint(self, hint: Hint) -> None:
        # Somebody said that they are there, perhaps without a desk open: then it lasts no longer than the patience.
        if hint.kind == "agents" and "agent_id" in hint.data and not self._connections.of(hint.data["agent_id"]):
            self._spawn(self._check_after_grace)

    async def _leave(self, agent_id: str) -> None:
        try:
            async with self._writing:
                if self._connections.of(agent_id):
                    return
                until = datetime.now(UTC) + self._grace
                await self._database.write(open_desks.closed, self._gateway, agent_id, until)
        except SQLAlchemyError as error:
            log.error("database_unreachable", doing="note a closed desk", error=type(error).__name__)
            return  # it stops counting by itself a little later
        await self._check_after_grace()

    async def _check_after_grace(self) -> None:
        await asyncio.sleep(self._grace.total_seconds() + A_MOMENT)
        try:
            await self.refresh()
        except SQLAlchemyError as error:
            log.error("database_unreachable", doing="note an absence", error=type(error).__name__)

    def _spawn(self, work: Callable[..., Coroutine[Any, Any, None]], *args: str) -> None:
        if self._stopped:
            return
        task = asyncio.get_running_loop().create_task(work(*args))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)
