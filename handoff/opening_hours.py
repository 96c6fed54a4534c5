"""When people are at the desk, and by when they promise to answer those who ask while they are not."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS_AHEAD = 60
"""A desk that does not open within this many days promises nothing."""

Span = tuple[time, time]


@dataclass(frozen=True)
class ShopTime:
    """The time that customers read: the shop's own, wherever they are."""

    zone: ZoneInfo
    place: str

    def in_words(self, at: datetime) -> str:
        """``by 10 am on Monday 23 November, Portland time``: true on whichever day it is read."""
        local = at.astimezone(self.zone)
        return f"by {_clock(local)} on {local:%A} {local.day} {local:%B}, {self.place} time"


@dataclass(frozen=True)
class OpeningHours:
    """``weekly``: the spans of each weekday, Monday first. ``closed``: days on which nobody comes, holidays included."""

    zone: ZoneInfo
    place: str
    weekly: Sequence[Sequence[Span]]
    closed: Container[date]
    answer_within: timedelta

    def is_open(self, at: datetime) -> bool:
        local = at.astimezone(self.zone)
        return any(start <= local.time() < end for start, end in self._spans(local.date()))

    def next_opening(self, at: datetime) -> datetime | None:
        """The first moment after ``at`` at which the desk opens, or None when there is none in sight."""
        today = at.astimezone(self.zone).date()
        for days in range(DAYS_AHEAD):
            day = today + timedelta(days=days)
            for start, _ in self._spans(day):
                opens = datetime.combine(day, start, self.zone).astimezone(UTC)
                if opens > at:
                    return opens
        return None

    def promise(self, at: datetime) -> datetime | None:
        """By when a person will answer who asks at ``at`` while the desk is closed."""
        opens = self.next_opening(at)
        return opens + self.answer_within if opens else None

    def in_words(self, promised: datetime) -> str:
        """As :meth:`ShopTime.in_words`."""
        return self.shop_time.in_words(promised)

    @property
    def shop_time(self) -> ShopTime:
        return ShopTime(self.zone, self.place)

    def _spans(self, day: date) -> Sequence[Span]:
        return () if day in self.closed else self.weekly[day.weekday()]


def _clock(local: datetime) -> str:
    minutes = f":{local:%M}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes} {'am' if local.hour < 12 else 'pm'}"


@dataclass(frozen=True)
class Closed:
    """Several reasons for a day to be closed, asked together."""

    days: frozenset[date]
    holidays: Mapping[date, str]

    def __contains__(self, day: object) -> bool:
        # A holiday calendar works out a year when it is first asked about a day of it.
        return day in self.days or (isinstance(day, date) and day in self.holidays)
