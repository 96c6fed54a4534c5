"""What came damaged, and what the customer would like for it: a new one, or the money back."""

import re

from actions.phrases import says

_WISHES_FOR = r"\b(?:send|get|have|want|like|need|for|prefer)(?: me)?"
REMEDIES = {
    "a new one": re.compile(
        rf"\breplace\b|{_WISHES_FOR} (?:(?:it|this|that|them) replaced|(?:(?:a|another|one|free|my) )*replacements?"
        r"|(?:(?:a|another) )?(?:new|another) one)\b"
        r"|(?:^|[,.;:!])\W*(?:(?:a|ok|yes|please|just|rather|actually|or)\W+)*replacement"
        r"(?:\W+(?:please|pls|thanks|then|instead))*[^\w?]*$",
        re.IGNORECASE,
    ),
    "the money back": re.compile(r"\b(?:money back|refund(?:ed)?|reimburse\w*)\b", re.IGNORECASE),
}
_NAMES_NEW_ONE = re.compile(r"\breplace\w*|\b(?:new|another) one\b", re.IGNORECASE)
# "Doesn't", "isn't" are said of the thing, not of the wish.
_NO_CLEAR_WISH = re.compile(
    r"\b(?:no|nope|nah|not|never|neither|nor|without|cannot|than|instead of)\b|\b(?:do|did|ca|wo|would|could)n'?t\b"
    r"|\b(?:how|when|where)(?:'s| is| are| do| does| did| will| would| can| long| much)\b|\bor\b.*\?",
    re.IGNORECASE,
)

_DAMAGED = re.compile(
    r"\b(?:holes?|rips?|ripped|torn|broken?|stain(?:s|ed)?|crack(?:s|ed)?|scratch(?:es|ed)?|dent(?:s|ed)?|damaged)\b",
    re.IGNORECASE,
)
_ANOTHER_THING_CAME = re.compile(
    r"\bwrong (?!with\b)\w|\b(?:came|got|get|sent|received|arrived|was|is) (?:\w+ ){0,4}instead\b|\binstead of\b"
    r"|\bnot what\b|(?:n't|\bnot|\bnever) (?:what i )?order(?:ed)?\b|\bdifferent\b",
    re.IGNORECASE,
)
_SENDS_BACK = re.compile(
    r"\b(?:return(?:ing)?|exchange|swap|send(?:ing)? (?:it|them|this|that|the \w+) back)\b", re.IGNORECASE
)


def says_damaged(text: str) -> bool:
    """ "it came with a hole", unless another thing came than was ordered."""
    plain = text.replace("’", "'")
    return says(_DAMAGED, plain) and not says(_ANOTHER_THING_CAME, plain)


def remedy_wished(text: str) -> str | None:
    """What the customer would like for something that came damaged or wrong, of `REMEDIES`; not what they send back.

    None, too, where both are named, or one only to say no to it.
    """
    plain = text.replace("’", "'")
    if says(_SENDS_BACK, plain) or says(_NO_CLEAR_WISH, plain):
        return None
    if says(_NAMES_NEW_ONE, plain) and says(REMEDIES["the money back"], plain):
        return None
    return next((remedy for remedy, words in REMEDIES.items() if says(words, plain)), None)
