"""When a customer is told that the bot is away: in time, whatever each try does."""

from datetime import timedelta
from itertools import product

import pytest

from connectors.gateway.dispatcher import LONGEST_RETRY, NOTICE_WITHIN, POLL_SECONDS, must_tell

DEADLINE = timedelta(seconds=5)
AT_ONCE = timedelta()
POLL = timedelta(seconds=POLL_SECONDS)


@pytest.mark.parametrize("tries", list(product((AT_ONCE, DEADLINE), repeat=5)))
@pytest.mark.parametrize("found_after", [AT_ONCE, POLL])
def test_no_order_of_quick_and_slow_failures_keeps_a_customer_in_the_dark(
    tries: tuple[timedelta, ...], found_after: timedelta
) -> None:
    waited = timedelta()
    for attempt, takes in enumerate(tries):
        waited += takes
        pause = min(timedelta(seconds=0.5 * 2**attempt), LONGEST_RETRY)
        if must_tell(waited, pause, DEADLINE):
            break
        waited += pause + found_after
    assert waited <= NOTICE_WITHIN


def test_a_short_hiccup_is_not_worth_a_word() -> None:
    assert not must_tell(AT_ONCE, timedelta(seconds=0.5), DEADLINE)
