"""Open desks: which sockets belong to which agent, and what each of them watches."""

from collections.abc import Collection
from dataclasses import dataclass, field


@dataclass
class DeskConnection:
    """One open desk."""

    sid: str
    agent_id: str
    name: str
    token_hash: str
    watching: set[str] = field(default_factory=set)


class DeskConnections:
    """Of this gateway alone: other gateways have their own."""

    def __init__(self) -> None:
        self._by_sid: dict[str, DeskConnection] = {}

    def __len__(self) -> int:
        return len(self._by_sid)

    def add(self, connection: DeskConnection) -> None:
        self._by_sid[connection.sid] = connection

    def remove(self, sid: str) -> DeskConnection | None:
        return self._by_sid.pop(sid, None)

    def get(self, sid: str) -> DeskConnection | None:
        return self._by_sid.get(sid)

    def all(self) -> list[DeskConnection]:
        return list(self._by_sid.values())

    def of(self, agent_id: str) -> list[DeskConnection]:
        return [connection for connection in self._by_sid.values() if connection.agent_id == agent_id]

    def watching(self, conversation_id: str) -> list[DeskConnection]:
        return [connection for connection in self._by_sid.values() if conversation_id in connection.watching]

    def watched(self) -> set[str]:
        return {conversation_id for connection in self._by_sid.values() for conversation_id in connection.watching}

    def agent_ids(self) -> Collection[str]:
        return {connection.agent_id for connection in self._by_sid.values()}
