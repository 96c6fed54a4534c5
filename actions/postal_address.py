"""US addresses as customers write them, with and without commas."""

import re
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


def names_street(text: str) -> bool:
    """Whether it has a house number and a street: "no, 89 alder st"."""
    return bool(_STREET.search(text))


def postcode_meant(text: str) -> str | None:
    """The ZIP of what begins and ends as an address does, though which part is which can't be told."""
    found = _MEANT_AS_ONE.search(text)
    if not found or _NUMBER_BEFORE.search(text[: found.start("postcode")]):
        return None
    return found["postcode"]
