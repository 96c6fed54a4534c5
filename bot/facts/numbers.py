"""Order numbers and postcodes: both are five digits, so the words around them decide."""

import re

from bot.facts.fact import Fact, Text

# A prefix makes it sure, so letters that look like digits may pass: FD-1O412.
PREFIXED = re.compile(
    r"(?<![A-Za-z0-9])F[\s.-]{0,2}D[\s.:#_-]{0,3}(?P<digits>[0-9OoIl](?:[\s.-]?[0-9OoIl]){4})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
ZIP_PLUS_FOUR = re.compile(r"(?<![\w.,$€£-])(?P<digits>\d{5})-\d{4}(?!\w)")
BARE = re.compile(r"(?<![\w.$€£/-])(?P<hash>#\s?)?(?P<digits>\d{5})(?![\w/]|[.,]\d|-\d)")
# An address ends in its state and postcode: "Portland, OR 97205".
STATE_BEFORE = re.compile(r"(?:,\s*[A-Za-z ]{2,20}|\b[A-Z]{2})[,\s]+$")
POSTCODE_BEFORE = re.compile(
    r"\b(?:zip|zipcode|post(?:al)?[\s-]?code|postal|zip[\s-]?code)\W+(?:\w+\W+){0,3}$", re.IGNORECASE
)
POSTCODE_AFTER = re.compile(r"\W{0,3}(?:is\s+(?:my|the)\s+)?(?:zip|post(?:al)?[\s-]?code)", re.IGNORECASE)
ORDER_BEFORE = re.compile(
    r"\b(?:o?r?de?rs?|order|orders|ordernumber|number|nr|no|num|parcel|package|purchase|tracking|invoice|return|cancel)"
    r"\W+(?:\w+\W+){0,2}$",
    re.IGNORECASE,
)
LOOKALIKES = str.maketrans("OoIl", "0011")


def order_numbers_and_postcodes(text: Text) -> list[Fact]:
    """`fd 10412`, `#10412`, "order 10412" -> FD-10412. Five bare digits that could be either are given as both."""
    found = []
    for match in text.find(PREFIXED):
        text.take(match)
        found.append(_order(match))
    for match in text.find(ZIP_PLUS_FOUR):
        text.take(match)
        found.append(_postcode(match))
    for match in text.find(BARE):
        before, after = text.left[: match.start()], text.left[match.end() :]
        if not match["hash"] and (POSTCODE_BEFORE.search(before) or POSTCODE_AFTER.match(after) or _in_address(before)):
            found.append(_postcode(match))
        elif match["hash"] or ORDER_BEFORE.search(before):
            found.append(_order(match))
        else:
            found += [_order(match), _postcode(match)]
    return found


def _in_address(before: str) -> bool:
    return bool(STATE_BEFORE.search(before)) and bool(re.search(r"\d+\s+\w+", before))


def _order(match: "re.Match[str]") -> Fact:
    digits = re.sub(r"[\s.-]", "", match["digits"]).translate(LOOKALIKES)
    return Fact("order_number", f"FD-{digits}", *match.span())


def _postcode(match: "re.Match[str]") -> Fact:
    return Fact("postcode", match["digits"], *match.span("digits"))
