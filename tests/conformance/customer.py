"""A customer on any channel, as the conformance suite needs one. A new channel writes one of these and joins ``CHANNELS``."""

from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass
class Heard:
    """One reply as the customer sees it now. ``versions``: every text it has had, the first one first."""

    text: str
    buttons: list[str] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)
    file: str | None = None
    """The name of the file that came with it."""
    native: Any = None
    """The channel's own object, for :meth:`Customer.presses`."""


class Customer(Protocol):
    """Somebody who writes on the channel. Everything they send is acknowledged when the call returns."""

    edits_in_place: bool
    """Whether the channel shows a change of a message in its place (the web chat draws the place from its state)."""

    async def says(self, text: str) -> None: ...

    async def repeats(self) -> None:
        """The channel brings the last message again, as channels do."""

    async def tries(self, text: str) -> bool:
        """Say something while nothing may be accepted. Returns whether it was acknowledged."""

    async def sends_picture(self) -> bool:
        """False when the channel takes no files."""

    async def edits(self, text: str) -> bool:
        """Change the last message. False when the channel knows no edits."""

    def heard(self) -> list[Heard]: ...

    async def opens(self, heard: Heard) -> bytes:
        """The bytes of the file that came with it."""

    async def presses(self, heard: Heard, title: str) -> None: ...

    async def deletes(self) -> bool:
        """Take the last message back. False when the channel tells nobody of it."""

    def channel_says(self, answer: str) -> bool:
        """How the channel takes our next message to this customer: ``wait | broken | never``; ``ok`` from then on.

        False when nothing is pushed there.
        """

    def saw_typing(self) -> bool: ...
