"""Days: "yesterday", "last Friday", "3 weeks ago", "Nov 3rd", 11/3 (month first) -> 2026-11-03."""

import re
from datetime import date, timedelta

from bot.facts.fact import Fact, Text

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NEAR = {"today": 0, "tonight": 0, "this morning": 0, "yesterday": -1, "last night": -1, "tomorrow": 1}
NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10}
UNITS = {"day": 1, "week": 7, "month": 30}

MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:r?uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
YEAR = r"(?:,?\s+(?P<year>20\d\d))?"
COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(NUMBERS)})"
UNIT = r"(?P<unit>day|week|month)s?"
ISO = re.compile(r"(?<!\d)(?P<year>20\d\d)-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d)")
SLASHED = re.compile(r"(?<![\d/])(?P<first>\d{1,2})/(?P<second>\d{1,2})(?:/(?P<year>20\d\d|\d\d))?(?![\d/])")
NAMED = [
    re.compile(rf"\b{MONTH}\s+(?:the\s+)?{DAY}\b{YEAR}", re.IGNORECASE),
    re.compile(rf"(?<![\d-]){DAY}\s+(?:of\s+)?{MONTH}{YEAR}", re.IGNORECASE),
]
NEAR_DAY = re.compile(rf"\b(?:{'|'.join(NEAR)}|yesteday|yestarday|tomorow|tommorow)\b", re.IGNORECASE)
WEEKDAY = re.compile(
    r"\b(?:(?P<which>last|next|this|on|by|since|until)\s+)(?P<weekday>mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur)?(?:day)?\b",
    re.IGNORECASE,
)
AGO = re.compile(rf"\b{COUNT}\s+{UNIT}\s+ago\b", re.IGNORECASE)
AHEAD = re.compile(rf"\bin\s+{COUNT}\s+{UNIT}\b", re.IGNORECASE)


def dates(text: Text, today: date) -> list[Fact]:
    """In the year that brings the day closest to today, where none is given."""
    readers = [
        (ISO, lambda match: _day(int(match["year"]), int(match["month"]), int(match["day"]))),
        (SLASHED, lambda match: _slashed(match, today)),
        *((pattern, lambda match: _named(match, today)) for pattern in NAMED),
        (NEAR_DAY, lambda match: today + timedelta(days=_near(match[0].lower()))),
        (WEEKDAY, lambda match: _weekday(match, today)),
        (AGO, lambda match: today - _span(match)),
        (AHEAD, lambda match: today + _span(match)),
    ]
    found = []
    for pattern, read in readers:
        for match in text.find(pattern):
            day = read(match)
            if day is not None:
                text.take(match)
                found.append(Fact("date", day.isoformat(), *match.span()))
    return found


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _slashed(match: "re.Match[str]", today: date) -> date | None:
    month, day = int(match["first"]), int(match["second"])
    if month > 12:
        month, day = day, month
    return _closest(match["year"], month, day, today)


def _named(match: "re.Match[str]", today: date) -> date | None:
    month = MONTHS.index(match["month"][:3].lower()) + 1
    return _closest(match["year"], month, int(match["day"]), today)


def _closest(year: str | None, month: int, day: int, today: date) -> date | None:
    if year is not None:
        return _day(int(year) % 100 + 2000, month, day)
    candidates = [_day(today.year + shift, month, day) for shift in (-1, 0, 1)]
    return min((found for found in candidates if found), key=lambda found: abs(found - today), default=None)


def _near(word: str) -> int:
    return NEAR.get(word, -1 if word.startswith("y") else 1)


def _weekday(match: "re.Match[str]", today: date) -> date:
    ahead = (WEEKDAYS.index(match["weekday"].lower()) - today.weekday()) % 7
    if match["which"].lower() in {"last", "since"}:
        return today + timedelta(days=ahead - 7)
    return today + timedelta(days=ahead or 7)


def _span(match: "re.Match[str]") -> timedelta:
    count = match["count"].lower()
    return timedelta(days=(NUMBERS.get(count) or int(count)) * UNITS[match["unit"].lower()])
