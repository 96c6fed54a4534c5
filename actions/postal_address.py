"""US addresses as customers write them, with and without commas."""

import re
from collections.abc import Sequence
from string import capwords

from actions.shop.model import Address

_STATES = {
    "AL": "Alabama",
    "AK": "Alaska",
    "AZ": "Arizona",
    "AR": "Arkansas",
    "CA": "California",
    "CO": "Colorado",
    "CT": "Connecticut",
    "DE": "Delaware",
    "DC": "District of Columbia",
    "FL": "Florida",
    "GA": "Georgia",
    "HI": "Hawaii",
    "ID": "Idaho",
    "IL": "Illinois",
    "IN": "Indiana",
    "IA": "Iowa",
    "KS": "Kansas",
    "KY": "Kentucky",
    "LA": "Louisiana",
    "ME": "Maine",
    "MD": "Maryland",
    "MA": "Massachusetts",
    "MI": "Michigan",
    "MN": "Minnesota",
    "MS": "Mississippi",
    "MO": "Missouri",
    "MT": "Montana",
    "NE": "Nebraska",
    "NV": "Nevada",
    "NH": "New Hampshire",
    "NJ": "New Jersey",
    "NM": "New Mexico",
    "NY": "New York",
    "NC": "North Carolina",
    "ND": "North Dakota",
    "OH": "Ohio",
    "OK": "Oklahoma",
    "OR": "Oregon",
    "PA": "Pennsylvania",
    "RI": "Rhode Island",
    "SC": "South Carolina",
    "SD": "South Dakota",
    "TN": "Tennessee",
    "TX": "Texas",
    "UT": "Utah",
    "VT": "Vermont",
    "VA": "Virginia",
    "WA": "Washington",
    "WV": "West Virginia",
    "WI": "Wisconsin",
    "WY": "Wyoming",
}
_CODES = {name.lower(): code for code, name in _STATES.items()}
_STATE = "|".join((*_STATES, *sorted(_CODES, key=len, reverse=True)))
_END = rf"[,\s]+(?P<region>{_STATE})\.?[,\s]+(?P<postcode>\d{{5}})(?:-\d{{4}})?\b"
_CITY = r"(?P<city>[A-Za-z .'-]{2,40}?)"
_UNIT = r"(?:,?\s+(?:(?:apt|apartment|unit|suite|ste|floor|fl)\b\.?|#)\s*[\w-]{1,6})"
_NUMBER = r"(?<![\w-])\d+[a-z]?"
_KINDS = (
    "street|st|avenue|ave|road|rd|drive|dr|lane|ln|boulevard|blvd|court|ct|place|pl|terrace|ter|circle|cir|way|parkway|pkwy|"
    "square|sq|highway|hwy|trail|trl|loop|alley|row|crescent|plaza|pike"
)
_DIRECTION = r"(?:\s+(?:NE|NW|SE|SW|[NSEW]|north|south|east|west)\b\.?)"
# Commas, or lines, tell where the street ends; without them its kind does: "88 Alder Street Portland OR 97205".
_WITH_COMMAS = rf"(?P<street>{_NUMBER}\s(?:(?!\bto\b)[^,\n:]){{3,60}}{_UNIT}?)[,\n]\s*{_CITY}{_END}"
_WITHOUT = (
    rf"(?P<street>{_NUMBER}\s(?:(?:(?!\bto\b)[^,\n:]){{2,40}}?\s(?:{_KINDS})\b\.?|(?:[nsew]\.?\s)?broadway\b){_DIRECTION}?"
    rf"{_UNIT}?)[,\s]+{_CITY}{_END}"
)
_READERS = tuple(re.compile(written, re.IGNORECASE) for written in (_WITH_COMMAS, _WITHOUT))
_STREET = re.compile(rf"{_NUMBER}\s[^,\n:]{{2,40}}?\s(?:{_KINDS})\b", re.IGNORECASE)
_MEANT_AS_ONE = re.compile(
    r"(?<![\w-])\d{1,4}[a-z]?\s+[a-z][^:]{3,80}[\s,](?P<postcode>\d{5})(?:-\d{4})?\W*$", re.IGNORECASE
)
_STATE_AND_POSTCODE = re.compile(rf"\b(?:{_STATE})\.?[,\s]+(?P<postcode>\d{{5}})(?:-\d{{4}})?\W*$", re.IGNORECASE)
_POSTCODE_AT_END = re.compile(r"(?<![\w#-])(?P<postcode>\d{5})(?:-\d{4})?\W*$")
_PUT_RIGHT = re.compile(
    r"\W*(?:(?:no|nope|oh|oops|ok|okay|um+|hm+|wait|hold on|sorry|actually|rather|correction|typo|it|it's|its|that's|is|was"
    r"|should be|make (?:it|that)|i|mean|meant|the|my|with|but|zip|zip ?code|post ?code|postal code)\W+)*"
    r"(?<![\w-])(?P<postcode>\d{5})(?:-\d{4})?(?:\W+(?:please|pls|sorry|thanks|rather|instead))*[^\w?]*",
    re.IGNORECASE,
)
_MOST_LINES = 5
_SMALL_WORD = re.compile(
    r"\W*(?:(?:ok|okay|thanks|thank you|thx|yes|yeah|yep|no|nope|sorry|sure|please|hm+|um+)\b\W*)+", re.IGNORECASE
)
_NUMBER_BEFORE = re.compile(r"(?:\b(?:orders?|number|no|fd)\b|#)\W*(?:(?:is|was)\W+)?$", re.IGNORECASE)


def parse_address(text: str) -> Address | None:
    """The US address anywhere in the text: number and street, city, state and ZIP."""
    found = next(filter(None, (reader.search(text) for reader in _READERS)), None)
    if not found:
        return None
    street, city, region, postcode = (
        " ".join(found[part].split()) for part in ("street", "city", "region", "postcode")
    )
    code = _CODES.get(region.lower(), region.upper())
    return Address(capwords(street) if street.islower() else street, city.strip(" .").title(), code, postcode)


def lines_of_address(said: Sequence[str]) -> list[str]:
    """Of these messages the latest that names a street, and those after it: an address that is sent line by line.

    What is asked in between is no line of it, nor is an "ok" or "thanks".
    """
    stated = [text for text in said if not text.rstrip().endswith("?") and not _SMALL_WORD.fullmatch(text)]
    begun = [place for place, text in enumerate(stated) if names_street(text)]
    lines = stated[begun[-1] :] if begun else []
    return lines if len(lines) <= _MOST_LINES else []


def names_street(text: str) -> bool:
    """Whether it has a house number and a street: "no, 89 alder st"."""
    return bool(_STREET.search(text))


def is_unclear_address(text: str) -> bool:
    """Whether it begins and ends as an address does, though which part is which can't be told."""
    return _postcode(_MEANT_AS_ONE.search(text), text) is not None


def ends_in_postcode(text: str) -> bool:
    """Whether it ends as an address's last line does: "Portland, 97205"."""
    return _postcode(_POSTCODE_AT_END.search(text), text) is not None


def ends_in_state(text: str) -> bool:
    """Whether it ends in a state and its ZIP: "Portland, OR 97205"."""
    return _postcode(_STATE_AND_POSTCODE.search(text), text) is not None


def postcode_put_right(text: str) -> str | None:
    """The ZIP that is all there is to the text, said of an address just read back: "no wait, 89502"."""
    found = _PUT_RIGHT.fullmatch(text.replace("’", "'"))
    return found["postcode"] if found else None


def postcode_meant(text: str, before: Sequence[str] = ()) -> str | None:
    """The ZIP that ends an unclear address, a state and ZIP alone, or the last of an address's lines, others `before`."""
    found = _MEANT_AS_ONE.search(text) or _STATE_AND_POSTCODE.search(text)
    if not found and lines_of_address([*before, text]):
        found = _POSTCODE_AT_END.search(text)
    return _postcode(found, text)


def _postcode(found: re.Match[str] | None, text: str) -> str | None:
    """The ZIP that was found, unless it is said to be an order's number."""
    return None if found is None or _NUMBER_BEFORE.search(text[: found.start("postcode")]) else found["postcode"]
