"""Who counts as being at the desk: a browser at any gateway, or a chat that somebody said they work from."""

from datetime import timedelta

from handoff import agents, open_desks
from handoff.database import Database
from handoff.open_desks import Moved
from tests.people import at

PATIENCE = timedelta(seconds=15)


def checked(database: Database, seconds: float) -> Moved:
    """By a gateway at which nobody has a desk open."""
    return database.write_now(open_desks.check, "gateway-1", [], at(seconds + 30), PATIENCE, at(seconds))


def comes_online(database: Database, agent_id: str) -> None:
    database.write_now(agents.set_present, agent_id, True, at(0))


def test_somebody_without_a_browser_is_there_for_as_long_as_they_said(database: Database, ana: str, ben: str) -> None:
    for agent_id in (ana, ben):
        comes_online(database, agent_id)
    database.write_now(open_desks.here, "telegram", ana, at(3600))
    assert checked(database, 60).gone == [ben]
    assert checked(database, 3601).gone == [ana]


def test_somebody_who_left_the_chat_is_gone(database: Database, ana: str) -> None:
    comes_online(database, ana)
    database.write_now(open_desks.here, "telegram", ana, at(3600))
    database.write_now(open_desks.left, "telegram", ana)
    assert checked(database, 60).gone == [ana]


def test_saying_it_again_lasts_longer(database: Database, ana: str) -> None:
    comes_online(database, ana)
    database.write_now(open_desks.here, "telegram", ana, at(3600))
    database.write_now(open_desks.here, "telegram", ana, at(7200))
    assert checked(database, 3601).gone == []
