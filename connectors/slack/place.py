"""Where in Slack a conversation is held."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Place:
    """A direct message (no ``thread``), or a thread, named by the ``ts`` of the message that it hangs under.

    In a channel's thread each ``user`` has a conversation of their own: what one of them proves must not open an order to
    the others, and what they say to each other is not said to us.
    """

    team: str
    channel: str
    thread: str | None = None
    user: str | None = None

    @property
    def address(self) -> str:
        """What stands in ``conversation.address``: ``team/channel/thread``, in a channel with ``/user``."""
        return f"{self.team}/{self.channel}/{self.thread or ''}" + (f"/{self.user}" if self.user else "")

    @classmethod
    def at(cls, address: str) -> Self:
        team, channel, thread, *user = address.split("/")
        return cls(team, channel, thread or None, user[0] if user else None)
