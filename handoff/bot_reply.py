"""What the bot answers to one message."""

from dataclasses import dataclass, field
from typing import Any

from handoff.outbound import BOT_NAME, Choice, Reply


@dataclass(frozen=True)
class BotPart:
    """One thing the bot says."""

    text: str
    choices: list[Choice] = field(default_factory=list)
    attachment: dict[str, Any] | None = None

    def words(self) -> Reply:
        return Reply(self.text, author="bot", name=BOT_NAME, choices=self.choices, attachment=self.attachment)


@dataclass(frozen=True)
class BotReply:
    """The bot's answer to one turn.

    ``handoff``: ``{reason, evidence}`` when it asks for a person. ``decision``: as docs/wire.md has it, when anything
    pointed to one.
    """

    parts: list[BotPart]
    understanding: dict[str, Any] | None = None
    slots: dict[str, Any] = field(default_factory=dict)
    handoff: dict[str, Any] | None = None
    decision: dict[str, Any] | None = None
    proved: bool = False
    """The customer has just proved who they are."""

    @property
    def intent(self) -> str | None:
        intent = (self.understanding or {}).get("intent") or {}
        return intent.get("name")

    @property
    def confidence(self) -> float:
        """How sure the bot is of the intent, from 0 to 1."""
        intent = (self.understanding or {}).get("intent") or {}
        return float(intent.get("confidence") or 0.0)

    @property
    def is_faq(self) -> bool:
        """The customer asked something about the shop that has one answer for everybody."""
        return bool((self.understanding or {}).get("faq"))
