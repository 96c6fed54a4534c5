"""Hears a few bare words of a waiting customer that mean one thing to the queue and another to the bot. English; never raises."""

import re
from typing import Final

_CANCELS: Final = re.compile(
    r"\W*(?:(?:please|pls|ok|okay|no|just|so|i (?:want|need) to|i'?d like to|can (?:you|i|we)|could you|let'?s)\W+)*"
    r"(?:cancel|quit|exit)(?:\W+(?:it|all|everything|please|pls|now|thanks))*\W*",
    re.IGNORECASE,
)
_NO: Final = re.compile(
    r"\W*(?:no|nope|nah|not any ?more|no longer)"
    r"(?:\W+(?:thanks?|thank you|thx|i don'?t|not any ?more|it'?s (?:fine|ok|okay)))*\W*",
    re.IGNORECASE,
)
_NOTHING: Final = re.compile(
    r"\W*(?:(?:oh|ok|okay|sorry|actually|no|please|pls|thanks|thank you|it'?s)\W+)*"
    r"(?:never ?mind|nvm|forget (?:it|that)|nothing|no|nope|fine)(?:\W+(?:then|sorry|thanks|thank you|please|it|that))*\W*",
    re.IGNORECASE,
)


def says_only_cancel(text: str) -> bool:
    """Whether something is to be cancelled or ended, and not a word of what: the wait, an order, or what they just began."""
    return _CANCELS.fullmatch(text.replace("’", "'")) is not None


def says_only_no(text: str) -> bool:
    return _NO.fullmatch(text.replace("’", "'")) is not None


def says_only_never_mind(text: str) -> bool:
    """Whether nothing is wanted after all: of what was just asked about."""
    return _NOTHING.fullmatch(text.replace("’", "'")) is not None
