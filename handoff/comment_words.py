"""Hears whether words right after a low rating say what was wrong, or begin something new. English; never raises."""

import re
from typing import Final

_BEGINS: Final = re.compile(
    r"""
    \W*(?:(?:ok|okay|so|and|but|well|also|please|pls|sorry|now|then|um+|hm+|fern)\b\W*)*
    (?: wh(?:at|ats|en|ere|eres|o|os|y|ich)\b | how(?:s)?\b | (?:can|could|would|will|may|shall|is|are|do|does|did|has|have)\b
      | (?:i|we)(?:'?d|\ would)?\ (?:(?:still|also|really|just)\ )?(?:want|need|like|have\ (?:a|another|one\ more))\b
      | (?:cancel|return|exchange|refund|track|send|show|give|tell|find|check|change|help|call|order|get|let)\b
      | (?:hi|hello|hey|good\ (?:morning|afternoon|evening)|thanks?|thx|ty|bye|goodbye|never\ ?mind)\b
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_FACT: Final = re.compile(r"\?|@|\d{5}|^\s*/")
"""A question, an e-mail address, an order number or a command is for the bot, whatever stands beside it."""
_FEWEST_WORDS: Final = 2


def reads_as_comment(text: str) -> bool:
    """In doubt it is none: what the bot is asked it answers, and a comment can still be added with the button."""
    plain = " ".join(text.replace("’", "'").split())
    return len(plain.split()) >= _FEWEST_WORDS and not _FACT.search(plain) and not _BEGINS.match(plain)
