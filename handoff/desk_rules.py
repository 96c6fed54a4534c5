"""What the shop's authors decide about its desk: ``handoff/desk.toml``, or ``desk.toml`` in the desk's home.

The rules travel with the session (``Database(url, rules=…)``), so that domain functions need no globals. A session without
rules belongs to a desk that is always open and whose agents all do everything.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

import holidays
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from sqlalchemy.orm import Session

from handoff.opening_hours import Closed, OpeningHours, ShopTime, Span

DEFAULT_FILE = Path(__file__).parent / "desk.toml"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class BadRulesError(Exception):
    """The file can't be used; the message says where and why, one line each."""


@dataclass(frozen=True)
class DeskRules:
    """``skills``: which intents and FAQ answers call for each. ``another_way``: how to reach the shop without the chat."""

    hours: OpeningHours | None = None
    time_without_hours: ShopTime | None = None
    another_way: str | None = None
    skills: Mapping[str, frozenset[str]] = field(default_factory=dict)
    everybody_speaks: frozenset[str] | None = None
    """Languages, such as ``en``. None: languages play no part."""
    remind_before: timedelta = timedelta(minutes=30)
    """How long before a promise is due the desk is reminded of it."""
    ask_after: timedelta | None = timedelta(hours=24)
    """How long after a hand-back the customer is asked whether it worked. None: never."""

    @property
    def shop_time(self) -> ShopTime | None:
        """The time that customers read; None at a desk that has not said where it is."""
        return self.hours.shop_time if self.hours else self.time_without_hours


ALWAYS_OPEN = DeskRules()


def of(session: Session) -> DeskRules:
    """The rules of the desk this session belongs to."""
    rules: DeskRules = session.info.get("desk_rules", ALWAYS_OPEN)
    return rules


def file_for(home: Path) -> Path:
    """The desk's own file if it has one, or else the one that comes with the project."""
    own = home / "desk.toml"
    return own if own.exists() else DEFAULT_FILE


def read(path: Path) -> DeskRules:
    """Raises :class:`BadRulesError`."""
    try:
        rules = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        lines = [f"{path}: {'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
        raise BadRulesError("\n".join(lines)) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadRulesError(f"{path}: {error}") from None
    return DeskRules(
        hours=rules.hours.opening_hours() if rules.hours else None,
        time_without_hours=rules.shop.time() if rules.shop else None,
        another_way=rules.contact.another_way if rules.contact else None,
        skills={name: frozenset(intents) for name, intents in rules.skills.intents.items()},
        everybody_speaks=None if rules.skills.everybody_speaks is None else frozenset(rules.skills.everybody_speaks),
        remind_before=timedelta(minutes=rules.promises.remind_minutes_before),
        ask_after=timedelta(hours=rules.follow_up.ask_after_hours) if rules.follow_up.ask_after_hours else None,
    )


def _span(words: object) -> object:
    """``"08:00-20:00"`` as a pair of times."""
    if not isinstance(words, str):
        return words
    try:
        start, end = (time.fromisoformat(part.strip()) for part in words.split("-"))
    except ValueError:
        raise ValueError("write a span like 08:00-20:00") from None
    if start >= end:
        raise ValueError("a span begins before it ends; split it at midnight")
    return start, end


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("no such time zone; one is America/Los_Angeles")
    return name


def _calendar(name: str) -> str:
    country, _, region = name.partition("-")
    known = holidays.list_supported_countries()
    if name and (country not in known or (region and region not in known[country])):
        raise ValueError("no such country or region; some are US, US-OR, GB-SCT, DE-BY")
    return name


Spans = list[Annotated[Span, BeforeValidator(_span)]]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Shop(_Part):
    time_zone: Annotated[str, AfterValidator(_zone)]
    place: str

    def time(self) -> ShopTime:
        return ShopTime(ZoneInfo(self.time_zone), self.place)


class _Hours(_Shop):
    monday: Spans = []
    tuesday: Spans = []
    wednesday: Spans = []
    thursday: Spans = []
    friday: Spans = []
    saturday: Spans = []
    sunday: Spans = []
    holidays: Annotated[str, AfterValidator(_calendar)] = ""
    closed: list[date] = []
    answer_within_minutes: int = Field(default=120, ge=1, le=7 * 24 * 60)

    def opening_hours(self) -> OpeningHours:
        country, _, region = self.holidays.partition("-")
        calendar = holidays.country_holidays(country, subdiv=region or None) if country else {}
        return OpeningHours(
            zone=ZoneInfo(self.time_zone),
            place=self.place,
            weekly=[sorted(getattr(self, day)) for day in WEEKDAYS],
            closed=Closed(frozenset(self.closed), calendar),
            answer_within=timedelta(minutes=self.answer_within_minutes),
        )


class _Contact(_Part):
    another_way: str


class _Skills(_Part):
    everybody_speaks: list[str] | None = None
    intents: dict[str, list[str]] = {}


class _Promises(_Part):
    remind_minutes_before: int = Field(default=30, ge=0, le=24 * 60)


class _FollowUp(_Part):
    ask_after_hours: float = Field(default=24, ge=0, le=30 * 24, allow_inf_nan=False)


class _File(_Part):
    shop: _Shop | None = None
    hours: _Hours | None = None
    contact: _Contact | None = None
    skills: _Skills = _Skills()
    promises: _Promises = _Promises()
    follow_up: _FollowUp = _FollowUp()
