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
    alike = [turn for turn in earlier if turn.label == now.label and turn.actions and not turn.missed]
    return [turn.said for turn in alike if not turn.said.startswith("/") and _same(turn.said, now.said)]


def _same(one: str, other: str) -> bool:
    return float(_vector(one) @ _vector(other)) >= SAME


@lru_cache(maxsize=512)
def _vector(text: str) -> np.ndarray:
    return load_encoder().embed(text)
