"""What every channel is: a thing that turns events into :class:`~handoff.inbox.Inbound` and carries replies back."""

from typing import Any, Protocol

from sanic import Sanic

from handoff.outbox import Delivery, Edit


class DeliveryError(Exception):
    """The channel did not take a reply.

    ``permanent``: it never will (the customer blocked us). ``retry_after``: seconds the channel asked us to wait.
    ``ambiguous``: it may have taken it, we did not hear. ``parts_sent``: how many parts of a long reply it has by now, so
    that the next attempt goes on after them. ``moved_to``: the address the customer is reached at from now on.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        retry_after: float | None = None,
        ambiguous: bool = False,
        parts_sent: int = 0,
        moved_to: str | None = None,
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_after = retry_after
        self.ambiguous = ambiguous
        self.parts_sent = parts_sent
        self.moved_to = moved_to


class Connector(Protocol):
    """One channel. Learn one, know all."""

    name: str
    """What stands in ``conversation.channel``."""

    def register(self, app: Sanic[Any, Any]) -> None:
        """Add the channel's routes to the gateway."""

    async def start(self) -> None:
        """Open what the channel needs (polling, sockets, HTTP sessions)."""

    async def stop(self) -> None:
        """Close it again; nothing accepted is lost."""

    def status(self) -> dict[str, object]:
        """For /health: ``{"status": "ok" | "off" | "failing", …}``."""


class PushConnector(Connector, Protocol):
    """A channel that is handed each reply by the delivery loop (the web chat's sockets fetch their own)."""

    async def send(self, delivery: Delivery) -> str | None:
        """Hand over one reply; returns the channel's own id for it. Raises :class:`DeliveryError`."""

    async def edit(self, edit: Edit) -> None:
        """Show the present words of a reply that was sent before, in its place. Raises :class:`DeliveryError`."""

    async def fetch(self, provider_file_id: str) -> bytes:
        """The bytes of a file that a customer sent, from the channel's own API. Raises :class:`DeliveryError`."""

    async def typing(self, address: str) -> None:
        """Show for a few seconds that an answer is being written. Called again while it is; a failure is not worth a word."""
