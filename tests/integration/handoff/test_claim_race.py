"""The race of ``bench/claim_race.py``, short enough for every run."""

from bench.claim_race import race
from handoff.database import Database


def test_a_crowd_claims_everything_at_once_and_each_is_won_once(database: Database) -> None:
    wins, record, _ = race(database, people=20, waiting=30)
    assert len(wins) == len(record) == 30
    assert set(wins.values()) == {1}
