"""Open web chats: which sockets belong to which session and conversation, and how far each has got."""

from collections import defaultdict, deque
from dataclasses import dataclass, field

REMEMBERED_MESSAGES = 50
"""Of a tab's own: many more than can wait for the bot's answer."""


@dataclass
class Connection:
    """One open tab."""

    sid: str
    ip: str
    session_id: str | None = None
    address: str | None = None
    conversation_id: str | None = None
    locale: str | None = None
    """The language the page speaks, as the page says."""
    cursor: int = 0
    """The last sequence number this tab was sent."""
    own_ids: set[str] = field(default_factory=set)
    """Client ids of what this very tab sent and was not passed by its cursor yet: it is not told its own words."""
    renews: bool = False
    """It knows what to do with a new secret."""
    said: deque[int] = field(default_factory=lambda: deque(maxlen=REMEMBERED_MESSAGES))
    """The numbers of the latest messages that this very tab sent."""

    def sent_itself(self, client_id: str | None) -> bool:
        """Whether this very tab sent that message. Asked once for each, as the cursor passes it."""
        mine = client_id in self.own_ids
        self.own_ids.discard(client_id or "")
        return mine


class Connections:
    """Looks a connection up by socket, by address, and by conversation."""

    def __init__(self) -> None:
        self._by_sid: dict[str, Connection] = {}
        self._by_address: defaultdict[str, set[str]] = defaultdict(set)
        self._by_conversation: defaultdict[str, set[str]] = defaultdict(set)
        self._by_ip: defaultdict[str, int] = defaultdict(int)

    def __len__(self) -> int:
        return len(self._by_sid)

    def add(self, sid: str, ip: str) -> Connection:
        connection = self._by_sid[sid] = Connection(sid, ip)
        self._by_ip[ip] += 1
        return connection

    def get(self, sid: str) -> Connection | None:
        return self._by_sid.get(sid)

    def remove(self, sid: str) -> Connection | None:
        connection = self._by_sid.pop(sid, None)
        if connection is None:
            return None
        self.unbind(connection)
        self._by_ip[connection.ip] -= 1
        if not self._by_ip[connection.ip]:
            del self._by_ip[connection.ip]
        return connection

    def bind(self, connection: Connection, session_id: str, address: str, conversation_id: str | None) -> None:
        """The connection now speaks for this session."""
        self.unbind(connection)
        connection.session_id, connection.address = session_id, address
        self._by_address[address].add(connection.sid)
        if conversation_id is not None:
            self.begin(address, conversation_id)

    def begin(self, address: str, conversation_id: str) -> None:
        """The session's first message made a conversation: all its tabs follow it."""
        for connection in self.at(address):
            connection.conversation_id = conversation_id
            self._by_conversation[conversation_id].add(connection.sid)

    def leave(self, conversation_id: str) -> list[Connection]:
        """The conversation is no more: its tabs keep their session, and their next message begins another."""
        left = self.of(conversation_id)
        self._by_conversation.pop(conversation_id, None)
        for connection in left:
            connection.conversation_id, connection.cursor = None, 0
            connection.said.clear()
        return left

    def at(self, address: str) -> list[Connection]:
        return [self._by_sid[sid] for sid in self._by_address.get(address, ())]

    def of(self, conversation_id: str) -> list[Connection]:
        return [self._by_sid[sid] for sid in self._by_conversation.get(conversation_id, ())]

    def conversations(self) -> list[str]:
        return list(self._by_conversation)

    def open_from(self, ip: str) -> int:
        return self._by_ip.get(ip, 0)

    def unbind(self, connection: Connection) -> None:
        """The connection speaks for no session any more, until it asks for one."""
        for index, key in ((self._by_address, connection.address), (self._by_conversation, connection.conversation_id)):
            if key is not None:
                index[key].discard(connection.sid)
                if not index[key]:
                    del index[key]
        connection.session_id = connection.address = connection.conversation_id = None
        connection.own_ids.clear()
        connection.said.clear()
