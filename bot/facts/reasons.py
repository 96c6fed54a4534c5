"""Why something comes back: the keys are those of the return form's buttons."""

import re

from bot.facts.fact import Fact, Text

REASONS = {
    "too_small": r"(?:too|way too|bit|little|very|so|runs?)\s+(?:too\s+)?(?:small|tight|short|narrow|snug|tiny)"
    r"|doesn'?t (?:go|fit) over",
    "too_large": r"(?:too|way too|bit|little|very|so|runs?)\s+(?:too\s+)?(?:big|large|loose|long|wide|baggy|huge)",
    "not_as_described": r"not (?:as|what was|like) (?:described|pictured|advertised|in the (?:photo|picture))"
    r"|(?:looks?|colou?r is|feels?) (?:nothing like|completely different|different (?:from|to|than))"
    r"|different (?:from|to|than) the (?:photo|picture|website|site)|misleading (?:photo|picture|description)",
    "damaged": r"damaged|broken|torn|ripped|cracked|smashed|chipped|faulty|defective|stained"
    r"|(?:has|with) a (?:hole|stain|crack|tear)",
    "wrong_item": r"(?:wrong|different) (?:item|thing|product|article|colou?r|one)|not what i ordered",
    "changed_mind": r"chang(?:ed|ing) my mind|don'?t (?:want|need|like) (?:it|them|this|these)|no longer (?:want|need)",
    "late": r"(?:came|arrived|got here|turned up) (?:too|so|way too) late|too late",
}
REASON = re.compile("|".join(rf"(?P<{name}>\b(?:{pattern})\b)" for name, pattern in REASONS.items()), re.IGNORECASE)


def return_reasons(text: Text) -> list[Fact]:
    """The first reason given; people who give two mean the first."""
    match = next(text.find(REASON), None)
    return [Fact("return_reason", match.lastgroup or "", *match.span())] if match else []
