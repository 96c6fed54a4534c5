"""Small phrases that steer a talk whatever else a message says: "forget it, …", "the other one", "start over"."""

import re

_ANOTHER = re.compile(r"\b(other|another|second|remaining|rest)\b", re.IGNORECASE)
_GOES_ON = re.compile(
    r"\b(and|also|too|same|what about|how about|mean|meant|no|not|sorry|instead|rather)\b", re.IGNORECASE
)
_STARTS_OVER = re.compile(
    r"\b(start (?:over|again|afresh|anew)|restart|from the (?:top|start|beginning)|back to the start)\b", re.IGNORECASE
)
_DROPS = re.compile(
    r"\W*(?:(?:ok|okay|oh|ah|no|well|actually|hm+|sorry)\W+)*"
    r"(?:(?:forget (?:about )?(?:it|that|this)|never\s?mind|nvm|scrap that|drop (?:it|that))\b|"
    r"(?:stop(?: it)?|leave (?:it|that)|skip (?:it|that))(?=\s*[,.;:!–—-]))"
    r"[\s,.;:!–—-]+(?=\w+\W+\w)",
    re.IGNORECASE,
)
_FURTHER = re.compile(
    r"(?<!\d)\d{5}\s*,?\s*(?:and|&|\+|plus)\s+(?:also\s+)?(?:the\s+)?(?:order\s+|number\s+)*(?:#|fd[\s-]?)?(\d{5})(?![\d-])",
    re.IGNORECASE,
)
# The comma sets it apart: "cancel 10457" names an order, "cancel it, 94107" does not.
_POSTCODE_AT_END = re.compile(
    r"(?<!\d)\d{5}(?!\d).*(?:[,;\n–—]|\b(?:zip|post ?code|postal code)\b[^,;]{0,12}?)\s*(?<!\d)(\d{5})\W*$",
    re.IGNORECASE | re.DOTALL,
)

_FORGOTTEN = re.compile(
    r"\b(?:forgot(?:ten)?|(?:can'?t|can ?not|don'?t|do not) (?:remember|recall|know|have)|no (?:idea|clue)|idk|dunno)\b",
    re.IGNORECASE,
)
_WHAT_IS_FORGOTTEN = set(
    re.findall(
        r"\w+",
        "i ve have had a any it that them which what one ones was is the my of this order s number e mail email emails "
        "address addresses post code postcode zip zipcode used use ordered with for to anymore more right now at all "
        "oh ah um uh hm hmm sorry well ok okay no and but or honestly actually either",
    )
)
"""Of what is beside the forgetting: anything else, such as "password", makes it another matter."""


def means_another(text: str) -> bool:
    """ "and the other one?" """
    return _says(_ANOTHER, text)


def goes_on(text: str) -> bool:
    """ "what about 10457": a fact that is joined to what was said before, or puts it right."""
    return _says(_GOES_ON, text)


def starts_over(text: str) -> bool:
    return _says(_STARTS_OVER, text)


def drops_task(text: str) -> bool:
    """ "forget it, what are your opening hours?": leaves the task under way and goes on to say something else."""
    return bool(_DROPS.match(text))


def has_forgotten(text: str) -> bool:
    """ "i forgot my email", "no idea": the fact that was asked for isn't at hand. "Forget it" is something else."""
    plain = text.replace("’", "'")
    rest = re.findall(r"\w+", _FORGOTTEN.sub(" ", plain).lower())
    return _says(_FORGOTTEN, plain) and _WHAT_IS_FORGOTTEN.issuperset(rest)


def further_number(text: str) -> str | None:
    """The second order of "track 10412 and 10457"."""
    found = _FURTHER.search(text)
    return f"FD-{found[1]}" if found else None


def postcode_at_end(text: str) -> str | None:
    """The postcode that ends "track 10457 and cancel it, 94107", which names its order before."""
    found = None if means_another(text) else _POSTCODE_AT_END.search(text)
    return found[1] if found else None


def _says(phrase: re.Pattern[str], text: str) -> bool:
    # A button's payload is no sentence.
    return not text.startswith("/") and bool(phrase.search(text))
