"""E-mail addresses; telephone, card and tracking numbers, which are nobody's order number."""

import re

from bot.facts.fact import Fact, Text

NAME = r"[A-Za-z0-9][A-Za-z0-9._%+-]*"
DOMAIN = r"[A-Za-z0-9][A-Za-z0-9-]*(?:[.,][A-Za-z0-9-]+)*[.,][A-Za-z]{2,}"
EMAIL = re.compile(rf"(?P<name>{NAME})\s{{0,2}}@\s{{0,2}}(?P<domain>{DOMAIN})(?![A-Za-z0-9])")
SPOKEN_EMAIL = re.compile(
    rf"(?P<name>{NAME}(?:\s+dot\s+{NAME})*)\s*[\s(\[]at[\s)\]]\s*"
    r"(?P<domain>[A-Za-z0-9-]+(?:\s*(?:\.|[\s(\[]dot[\s)\]])\s*[A-Za-z0-9-]+)*\s*[\s(\[]dot[\s)\]]\s*[A-Za-z]{2,})\b",
    re.IGNORECASE,
)
DOT = re.compile(r"\s*(?:,|[\s(\[]dot[\s)\]])\s*", re.IGNORECASE)
PHONE = re.compile(
    r"\+\d[\d\s().-]{7,}\d"  # +1 503 555 0134
    r"|(?<!\d)\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}(?!\d)"  # (503) 555-0134
    r"|(?<!\d)(?:\d{4}[ -]){3}\d{3,4}(?!\d)"  # a card
    r"|(?<!\d)\d{3}-\d{4}(?!\d)"
    r"|(?<![A-Za-z])1Z[0-9A-Z]{16}\b"  # a parcel
    r"|\d{7,}"
)


def emails(text: Text) -> list[Fact]:
    """`Maya @Example,com` and "maya at example dot com" -> maya@example.com"""
    found = []
    for pattern in (EMAIL, SPOKEN_EMAIL):
        for match in text.find(pattern):
            text.take(match)
            name, domain = (DOT.sub(".", match[part]).strip(" .") for part in ("name", "domain"))
            found.append(Fact("email", f"{name}@{domain}".replace(" ", "").lower(), *match.span()))
    return found


def phones(text: Text) -> None:
    """Takes long numbers out of the others' way."""
    for match in text.find(PHONE):
        text.take(match)
