"""Whether a customer asks the same thing again, in the same words or in others."""

from functools import lru_cache

import numpy as np

from bot.encoder import load_encoder
from bot.escalation.transcript import Turn

SAME = 0.6
"""Cosine from which two messages that were understood alike also ask alike."""
# Saying these twice is no sign of anything.
NO_QUESTIONS = frozenset(
    {
        "affirm",
        "deny",
        "inform",
        "follow_up",
        "greet",
        "goodbye",
        "thank",
        "stop",
        "talk_to_human",
        "complaint",
        "leave_review",
        "out_of_scope",
        "nlu_fallback",
        "bot_challenge",
        "ask_capabilities",
        "agent_handed_back",
    }
)


def asked_before(conversation: list[Turn]) -> list[str]:
    """Earlier messages, answered by the bot, that asked what the last one asks. A pressed button asks nothing anew."""
    *earlier, now = conversation
    if now.intent in NO_QUESTIONS or not now.said.strip() or now.said.startswith("/"):
        return []
    alike: list[str] = []
    for turn in reversed(earlier):
        if turn.label != now.label or not turn.actions or turn.missed or turn.said.startswith("/"):
            continue
        if _orders(turn) and _orders(now) and _orders(turn) != _orders(now):
            break  # whoever goes from one order to another, and back, asks about each of them once
        if _same(turn.said, now.said):
            alike.insert(0, turn.said)
    return alike


def _orders(turn: Turn) -> set[str]:
    found = turn.parse_data.get("entities") or []
    return {str(entity["value"]) for entity in found if entity.get("entity") == "order_number"}


def _same(one: str, other: str) -> bool:
    return float(_vector(one) @ _vector(other)) >= SAME


def forget() -> None:
    """Let go of the latest questions."""
    _vector.cache_clear()


@lru_cache(maxsize=512)
def _vector(text: str) -> np.ndarray:
    return load_encoder().embed(text)
