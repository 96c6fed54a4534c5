"""Floods are stopped at the limit, everybody by themselves, and who has gone is forgotten."""

import pytest
from limits import RateLimitItemPerMinute, RateLimitItemPerSecond

from connectors.web import moving_windows
from connectors.web.moving_windows import SWEEP_SECONDS, MovingWindows

THREE_IN_TEN_SECONDS = RateLimitItemPerSecond(3, 10)


class Clock:
    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(moving_windows, "time", clock)
    return clock


def hits(windows: MovingWindows, visitor: str, times: int) -> list[bool]:
    return [windows.hit(THREE_IN_TEN_SECONDS, visitor) for _ in range(times)]


def test_what_is_over_the_limit_is_refused_and_does_not_count(clock: Clock) -> None:
    windows = MovingWindows()
    assert hits(windows, "maya", 5) == [True, True, True, False, False]
    clock.now += 10
    assert hits(windows, "maya", 4) == [True, True, True, False]


def test_the_window_moves_with_each_hit(clock: Clock) -> None:
    windows = MovingWindows()
    for _ in range(3):
        assert hits(windows, "maya", 1) == [True]
        clock.now += 4
    clock.now -= 3
    assert hits(windows, "maya", 1) == [False]
    clock.now += 1
    assert hits(windows, "maya", 2) == [True, False]


def test_nobody_is_slowed_down_by_others_or_by_what_else_they_do(clock: Clock) -> None:
    windows = MovingWindows()
    assert hits(windows, "omar", 4)[-1] is False
    assert hits(windows, "maya", 1) == [True]
    assert windows.hit(RateLimitItemPerMinute(1), "omar")


def test_who_has_gone_is_forgotten(clock: Clock) -> None:
    windows = MovingWindows()
    for visitor in range(1000):
        windows.hit(THREE_IN_TEN_SECONDS, f"visitor-{visitor}")
    clock.now += SWEEP_SECONDS
    windows.hit(THREE_IN_TEN_SECONDS, "maya")
    assert len(windows) == 1
