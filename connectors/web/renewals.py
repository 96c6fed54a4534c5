"""Replacing a session's secret: pages are told the new one, and those that know only the old one are turned out."""

import socketio

from connectors.web.connections import Connection, Connections
from connectors.web.frames import Refusal
from connectors.web.session_ids import SessionIds, address_of
from handoff import session_renewals
from handoff.database import Database

TURNED_OUT = Refusal(
    error="renewed", detail="This chat has a new session id, which went to the page it was used on.", retry=True
)


class Renewals:
    """What the web chat does about :mod:`handoff.session_renewals`. Errors of the database are the caller's."""

    def __init__(
        self, sio: socketio.AsyncServer, database: Database, connections: Connections, ids: SessionIds
    ) -> None:
        self._sio = sio
        self._database = database
        self._connections = connections
        self._ids = ids

    async def offer(self, connection: Connection) -> None:
        """Tell an open page the id that replaces its session's."""
        address = connection.address
        if address is None:
            return
        session_id = self._ids.next_after(address)
        if await self._database.write(session_renewals.offer, address, address_of(session_id)):
            await self._sio.emit("session_renewed", {"session_id": session_id}, to=connection.sid)

    async def has_left(self, connection: Connection) -> bool:
        """Whether the page's secret has been replaced by now; it is turned out then."""
        address = connection.address
        if address is None:
            return True
        if not await self._database.read(session_renewals.is_replaced, address):
            return False
        if connection.address == address:
            await self.turn_out(connection)
        return True

    async def turn_out(self, connection: Connection) -> None:
        """The page has to come back with the id that its browser keeps, if it has the new one."""
        self._connections.unbind(connection)
        await self._sio.emit("error_notice", TURNED_OUT.model_dump(), to=connection.sid)
