"""What customers are told about their wait, in hours and out of them, and how it is held against what came true."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from handoff import agents, customer_view, figures, holder, replies, turns, waiting
from handoff.database import Database
from tests.integration.handoff.queueing import asks, conversation, last_message, ticket
from tests.people import add_agent, at, take, write_in
from tests.shop_hours import rules_with_hours

HOUR = 3600


@pytest.fixture
def portland(database_url: str, tmp_path: Path) -> Iterator[Database]:
    """A desk with opening hours. The tests' noon is 4 am on a Monday in Portland: closed until 8."""
    database = Database(database_url, rules=rules_with_hours(tmp_path))
    yield database
    database.close()


def test_asking_while_the_desk_is_closed_gets_a_ticket_with_a_time(portland: Database) -> None:
    maya = asks(portland, "maya")
    receipt = last_message(portland, maya)
    assert receipt["handoff"] == {
        "state": "ticket",
        "reason": "asked",
        "ticket": "T-1001",
        "position": 1,
        "eta_minutes": None,
        "promise": "2026-03-02T18:00:00Z",
        "kept": 0,
        "email": None,
    }
    assert "by 10 am on Monday 2 March, Portland time" in receipt["text"]
    assert conversation(portland, maya).holder == "queue", "the queue keeps it"


def test_a_ticket_waits_in_the_page_as_a_ticket_until_somebody_comes(portland: Database) -> None:
    maya = asks(portland, "maya")
    state = portland.read_now(customer_view.state, maya, at(0))["handoff"]
    assert state is not None
    assert (state["state"], state["promise"]) == ("ticket", "2026-03-02T18:00:00Z")
    portland.write_now(add_agent, "Ana")
    state = portland.read_now(customer_view.state, maya, at(0))["handoff"]
    assert state is not None
    assert (state["state"], state["position"]) == ("queued", 1)


def test_an_agent_at_the_desk_at_night_makes_it_open(portland: Database) -> None:
    portland.write_now(add_agent, "Ana")
    receipt = last_message(portland, asks(portland, "maya"))
    assert receipt["handoff"] is not None
    assert receipt["handoff"]["state"] == "queued"


def test_writing_on_after_a_promise_repeats_it(portland: Database) -> None:
    maya = asks(portland, "maya")
    write_in(portland, "it's about my scarf", "m2", 1)
    portland.write_now(turns.give_to_queue, take(portland, 1), at(1))
    assert "by 10 am on Monday 2 March" in last_message(portland, maya)["text"]


def test_a_promise_that_was_not_kept_is_counted_until_there_is_an_answer(portland: Database) -> None:
    maya = asks(portland, "maya")
    late = at(7 * HOUR)
    assert portland.read_now(figures.measure, at(5 * HOUR)).promises.overdue == 0
    assert portland.read_now(figures.measure, late).promises.overdue == 1
    ana = portland.write_now(add_agent, "Ana")
    portland.write_now(holder.claim, maya, ana, late)
    portland.write_now(replies.say, maya, ana, "id-1", "Good morning, sorry for the wait.", late)
    assert portland.read_now(figures.measure, late).promises.overdue == 0


def finished_talk(database: Database, name: str, agent: str, begins: float, minutes: float) -> None:
    """A customer who asks at ``begins`` seconds, is claimed half a minute later, and is done with after ``minutes``."""
    talk = asks(database, name, begins)
    database.write_now(holder.claim, talk, agent, at(begins + 30))
    epoch = conversation(database, talk).epoch
    database.write_now(holder.resolve, talk, agent, epoch, None, at(begins + 30 + 60 * minutes))


def test_no_range_is_invented_without_experience(database: Database, ana: str) -> None:
    for number in range(waiting.ENOUGH_TICKETS - 1):
        finished_talk(database, f"earlier{number}", ana, number, 10)
    maya = asks(database, "maya", HOUR)
    receipt = last_message(database, maya)
    assert receipt["handoff"] is not None
    assert receipt["handoff"]["eta_minutes"] is None
    assert ticket(database, maya).told is None


def test_a_free_agent_means_a_short_wait_and_a_line_a_longer_one(database: Database) -> None:
    ana = database.write_now(add_agent, "Ana", capacity=1)
    for number in range(6):
        finished_talk(database, f"earlier{number}", ana, number * 1000, 10)
    first, second, third = (asks(database, name, 2 * HOUR) for name in ("maya", "omar", "priya"))
    told = [ticket(database, one).told or {} for one in (first, second, third)]
    assert [one["turns"] for one in told] == [0, 1, 2]
    assert told[0]["high"] <= 2
    assert [one["expected"] for one in told] == [0.5, 10.5, 20.5]
    assert all(one["low"] < one["expected"] < one["high"] for one in told)


def test_who_asks_when_somebody_comes_hears_the_place_and_the_range(database: Database) -> None:
    ana = database.write_now(add_agent, "Ana", capacity=1)
    for number in range(6):
        finished_talk(database, f"earlier{number}", ana, number * 1000, 10)
    asks(database, "omar", 2 * HOUR)
    maya = asks(database, "maya", 2 * HOUR)
    write_in(database, "when is someone coming?", "m2", 2 * HOUR + 10)
    database.write_now(turns.give_to_queue, take(database, 2 * HOUR + 10), at(2 * HOUR + 10))
    told = last_message(database, maya)
    assert told["handoff"] is not None
    low, high = told["handoff"]["eta_minutes"]
    line = f"You're 2nd in line; it usually takes {low} to {high} minutes."
    assert told["text"] == f"You're in the queue for a person. {line}"


def test_what_came_true_is_kept_beside_what_was_told(database: Database, ana: str) -> None:
    for number in range(6):
        finished_talk(database, f"earlier{number}", ana, number * 1000, 10)
    maya = asks(database, "maya", 2 * HOUR)
    database.write_now(holder.claim, maya, ana, at(2 * HOUR + 60))
    assert ticket(database, maya).waited_minutes == 1.0
    late = 2 * HOUR + 61 + holder.FIRST_REPLY_WITHIN.total_seconds()
    database.write_now(holder.expire_leases, at(late))
    database.write_now(holder.claim, maya, ana, at(late + 600))
    assert ticket(database, maya).waited_minutes == 1.0, "the first claim ended the wait that was told"


def test_ranges_widen_when_forecasts_were_wrong_and_narrow_when_they_were_right(database: Database, ana: str) -> None:
    right = waiting.Forecast(10, 3).range([0.0, 0.02, -0.02] * 10)
    wrong = waiting.Forecast(10, 3).range([1.5, -1.5, 0.0] * 10)
    assert right[0] > 9
    assert right[1] < 11
    assert wrong[0] < 6
    assert wrong[1] > 15


def test_the_desk_knows_how_often_it_was_right(database: Database, ana: str) -> None:
    for number in range(6):
        finished_talk(database, f"earlier{number}", ana, number * 1000, 10)
    for name, waits in (("maya", 30), ("omar", 1800)):
        begins = 3 * HOUR if name == "maya" else 4 * HOUR
        talk = asks(database, name, begins)
        database.write_now(holder.claim, talk, ana, at(begins + waits))
    known = database.read_now(waiting.calibration)
    # The sixth of the earlier talks was told a range too, and claimed as expected.
    assert (known.told, known.inside) == (3, 2)


def test_away_agents_do_not_shorten_the_wait(database: Database, ana: str) -> None:
    for number in range(6):
        finished_talk(database, f"earlier{number}", ana, number * 1000, 10)
    database.write_now(agents.set_present, ana, False, at(2 * HOUR))
    receipt = last_message(database, asks(database, "maya", 2 * HOUR))
    assert receipt["handoff"] is not None
    assert receipt["handoff"]["eta_minutes"] is None
    assert "Nobody is at the desk right now" in receipt["text"]


def quick_talks_of_urgent_tickets(database: Database, agent: str) -> None:
    for number in range(25):
        begins = number * 60
        talk = asks(database, f"earlier{number}", begins, reason="safety")
        database.write_now(holder.claim, talk, agent, at(begins + 20))
        database.write_now(
            holder.resolve, talk, agent, conversation(database, talk).epoch, "By phone.", at(begins + 50)
        )


def test_a_range_is_not_below_what_people_in_the_same_queue_wait_already(database: Database, ana: str) -> None:
    quick_talks_of_urgent_tickets(database, ana)
    maya = asks(database, "maya", HOUR)
    told = ticket(database, maya).told
    assert told is not None
    assert told["high"] <= 2
    assert "0 to" not in last_message(database, maya)["text"]
    later = HOUR + 11 * 60
    state = database.read_now(customer_view.state, maya, at(later))["handoff"]
    assert state is not None
    assert state["eta_minutes"] == [0, 15]
    omar = asks(database, "omar", later)
    assert "it should be up to 15 minutes" in last_message(database, omar)["text"]
    urgent = ticket(database, asks(database, "priya", later, reason="safety")).told
    assert urgent is not None
    assert urgent["high"] <= 2, "nobody urgent waits for long"


def test_hours_in_which_nobody_was_there_do_not_lengthen_the_range(database: Database, ana: str) -> None:
    quick_talks_of_urgent_tickets(database, ana)
    database.write_now(agents.set_present, ana, False, at(HOUR))
    maya = asks(database, "maya", HOUR)
    database.write_now(agents.set_present, ana, True, at(12 * HOUR))
    state = database.read_now(customer_view.state, maya, at(12 * HOUR + 30))["handoff"]
    assert state is not None
    assert state["eta_minutes"][1] <= 2
