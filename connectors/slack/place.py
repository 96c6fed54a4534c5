"""Where in Slack a conversation is held."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Place:
    """A direct message (no ``thread``), or a thread, named by the ``ts`` of the message that it hangs under."""

    team: str
    channel: str
    thread: str | None = None

    @property
    def address(self) -> str:
        """What stands in ``conversation.address``: ``team/channel/thread``."""
        return f"{self.team}/{self.channel}/{self.thread or ''}"

    @classmethod
    def at(cls, address: str) -> Self:
        team, channel, thread = address.split("/")
        return cls(team, channel, thread or None)
