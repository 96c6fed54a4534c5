"""When the desk is open, what it promises when it is not, and a rules file that says what is wrong with it."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from handoff import desk_rules
from handoff.desk_rules import BadRulesError
from handoff.opening_hours import OpeningHours
from tests.shop_hours import rules_with_hours

PACIFIC = ZoneInfo("America/Los_Angeles")


@pytest.fixture
def hours(tmp_path: Path) -> OpeningHours:
    hours = rules_with_hours(tmp_path).hours
    assert hours is not None
    return hours


def portland(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=PACIFIC)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (portland(3, 2, 8), True),
        (portland(3, 2, 7, 59), False),
        (portland(3, 2, 19, 59), True),
        (portland(3, 2, 20), False),
        (portland(3, 7, 16, 59), True),
        (portland(3, 7, 17), False),
        (portland(3, 8, 12), False),
        (portland(11, 26, 12), False),
        (datetime(2026, 3, 3, 3, 30, tzinfo=UTC), True),
    ],
    ids=[
        "opens",
        "before",
        "last minute",
        "closes",
        "saturday",
        "after",
        "sunday",
        "Thanksgiving",
        "UTC of the day after",
    ],
)
def test_the_desk_is_open_in_the_shops_own_time(hours: OpeningHours, at: datetime, is_open: bool) -> None:
    assert hours.is_open(at) == is_open


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (portland(3, 2, 6), "by 10 am on Monday 2 March, Portland time"),
        (portland(3, 2, 21), "by 10 am on Tuesday 3 March, Portland time"),
        (portland(3, 6, 21), "by 11 am on Saturday 7 March, Portland time"),
        (portland(11, 25, 21), "by 10 am on Friday 27 November, Portland time"),
        # The clocks go forward that night: eight in the morning is still eight in the morning.
        (portland(3, 7, 23), "by 10 am on Monday 9 March, Portland time"),
    ],
    ids=["early", "evening", "friday night", "before Thanksgiving", "summer time begins"],
)
def test_a_promise_is_kept_after_the_next_opening(hours: OpeningHours, asked: datetime, words: str) -> None:
    promised = hours.promise(asked)
    assert promised is not None
    assert hours.in_words(promised) == words
    assert promised > asked


def test_a_desk_that_never_opens_promises_nothing(tmp_path: Path) -> None:
    never = _rules(tmp_path, '[hours]\ntime_zone = "Europe/Berlin"\nplace = "Berlin"').hours
    assert never is not None
    assert never.promise(portland(3, 2, 12)) is None


def test_lunch_is_a_gap_between_two_spans(tmp_path: Path) -> None:
    file = '[hours]\ntime_zone = "UTC"\nplace = "London"\nmonday = ["13:30-17:00", "09:00-12:30"]'
    hours = _rules(tmp_path, file).hours
    assert hours is not None
    lunch = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
    assert not hours.is_open(lunch)
    assert hours.next_opening(lunch) == datetime(2026, 3, 2, 13, 30, tzinfo=UTC)
    promised = hours.promise(lunch)
    assert promised is not None
    assert hours.in_words(promised) == "by 3:30 pm on Monday 2 March, London time"


@pytest.mark.parametrize(
    ("file", "complaint"),
    [
        ('[hours]\nplace = "X"\ntime_zone = "Mars/Olympus"', "no such time zone"),
        ('[shop]\nplace = "X"\ntime_zone = "Mars/Olympus"', "no such time zone"),
        ('[hours]\nplace = "X"\ntime_zone = "UTC"\nmonday = ["9 to 5"]', "write a span like 08:00-20:00"),
        ('[hours]\nplace = "X"\ntime_zone = "UTC"\nmonday = ["20:00-08:00"]', "begins before it ends"),
        ('[hours]\nplace = "X"\ntime_zone = "UTC"\nholidays = "ZZ"', "no such country or region"),
        ('[hours]\nplace = "X"\ntime_zone = "UTC"\nmoonday = []', "hours.moonday"),
        ("[hours", "desk.toml"),
    ],
)
def test_a_rules_file_with_a_mistake_says_what_it_is(tmp_path: Path, file: str, complaint: str) -> None:
    with pytest.raises(BadRulesError, match=complaint):
        _rules(tmp_path, file)


def test_a_desk_of_its_own_file_wins(tmp_path: Path) -> None:
    assert desk_rules.file_for(tmp_path) == desk_rules.DEFAULT_FILE
    (tmp_path / "desk.toml").touch()
    assert desk_rules.file_for(tmp_path) == tmp_path / "desk.toml"


def _rules(folder: Path, text: str) -> desk_rules.DeskRules:
    path = folder / "desk.toml"
    path.write_text(text)
    return desk_rules.read(path)


def test_the_shipped_file_promises_no_time_that_the_shop_has_not_decided() -> None:
    assert desk_rules.read(desk_rules.DEFAULT_FILE).hours is None


def test_a_desk_without_hours_still_has_the_shops_time(tmp_path: Path) -> None:
    noon = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    shop = '[shop]\ntime_zone = "Europe/Berlin"\nplace = "Berlin"\n'
    time = _rules(tmp_path, shop).shop_time
    assert time is not None
    assert time.in_words(noon) == "by 1 pm on Monday 2 March, Berlin time"
    hours = '[hours]\ntime_zone = "Europe/London"\nplace = "London"\n'
    time = _rules(tmp_path, shop + hours).shop_time
    assert time is not None
    assert time.in_words(noon) == "by 12 pm on Monday 2 March, London time"
    assert _rules(tmp_path, "").shop_time is None
