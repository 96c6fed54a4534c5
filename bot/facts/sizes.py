"""Sizes: "an XL", "size 38", "in medium", "extra large" -> XL, 38, M, XL. "Too small" is a reason, not a size."""

import re

from bot.facts.fact import Fact, Text

WORDS = {
    "extra extra large": "XXL",
    "extra extra small": "XXS",
    "extra large": "XL",
    "x-large": "XL",
    "x large": "XL",
    "extra small": "XS",
    "x-small": "XS",
    "x small": "XS",
    "small": "S",
    "medium": "M",
    "meduim": "M",
    "large": "L",
}
LETTERS = r"[2-4]?X{1,3}[SL]|[SML]"
AFTER_SIZE = re.compile(
    rf"\bsizes?\s*(?:is\s+|:\s*|in\s+|number\s+|an?\s+)?"
    rf"(?P<size>{'|'.join(WORDS)}|{LETTERS}|\d{{1,2}}(?:\.5)?(?!\d))(?![\w'’])",
    re.IGNORECASE,
)
LEADING = (
    r"(?:in|in an?|an?|the|to|to an?|for|for an?|want|need|not|or|than|from|from an?|make (?:it|that|(?:the|my) \w+)(?: an?)?|"
    r"actually|sorry,?|no,?|ok|okay|then|rather|meant?|meant? an?|wait,?)"
)
LETTER = re.compile(rf"(?:^|[\s,(]){LEADING}\s+(?P<size>[2-4]?X{{1,3}}[SL]|[SML])(?![\w'’])")
BIG_LETTERS = re.compile(r"(?<![\w'’])(?P<size>[2-4]?X{1,3}[SL])(?![\w'’])", re.IGNORECASE)
WORD = re.compile(
    rf"\b{LEADING}\s+(?P<size>{'|'.join(WORDS)})"
    r"(?=\s*(?:$|[.,;:!?)]|(?:please|instead|one|thanks|rather|not|or|and|then|if)\b))",
    re.IGNORECASE,
)
# In small letters too, where nothing else can be meant: "sorry i meant l".
MEANT = re.compile(r"\b(?:meant|i mean)\s+(?:an?\s+)?(?P<size>[sml])\W*$", re.IGNORECASE)
ALONE = re.compile(
    rf"^\W*(?P<size>{'|'.join(WORDS)}|{LETTERS})(?:\s+(?:please|pls|thanks|then|one))*\W*$", re.IGNORECASE
)


def sizes(text: Text) -> list[Fact]:
    """Letters in capitals, figures as they are."""
    found = []
    for pattern in (ALONE, AFTER_SIZE, LETTER, MEANT, BIG_LETTERS, WORD):
        for match in text.find(pattern):
            text.take(match)
            written = match["size"].lower()
            found.append(Fact("size", WORDS.get(written, written.upper()), *match.span("size")))
    return found
