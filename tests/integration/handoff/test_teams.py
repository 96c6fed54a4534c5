"""Passing on to a team: back into the queue, at the old place, for whoever has the skill."""

from pathlib import Path

import pytest
from sqlalchemy import select

from handoff import agents, desk_rules, history, holder, notes, skills
from handoff.database import Database
from handoff.schema import Conversation
from tests.integration.handoff.queueing import asks, conversation, last_message, make_offers, ticket
from tests.people import add_agent, at


@pytest.fixture
def ana(database: Database) -> str:
    return database.write_now(add_agent, "Ana", skills=("returns",))


@pytest.fixture
def ben(database: Database) -> str:
    return database.write_now(add_agent, "Ben", skills=("billing",))


def pass_on(database: Database, conversation_id: str, agent_id: str, team: str | None, seconds: float) -> None:
    epoch, now = conversation(database, conversation_id).epoch, at(seconds)
    if team is None:
        database.write_now(holder.transfer, conversation_id, agent_id, epoch, None, None, now)
    else:
        note = "charged twice, see the second order"
        database.write_now(holder.transfer_to_team, conversation_id, agent_id, epoch, team, note, now)


def held_by_ana(database: Database, ana: str) -> str:
    maya = asks(database, "maya")
    database.write_now(holder.claim, maya, ana, at(1))
    return maya


def test_it_goes_to_the_team_at_its_old_place_and_the_customer_hears_so(database: Database, ana: str, ben: str) -> None:
    maya = held_by_ana(database, ana)
    omar = asks(database, "omar", 5)
    pass_on(database, maya, ana, "billing", 20)
    queued = ticket(database, maya)
    assert (queued.state, queued.queued_at, queued.skills) == ("queued", at(0), ["billing"])
    told = last_message(database, maya)
    assert told["text"].startswith(
        "Ana has passed you on to the billing team, at your old place in the queue. They can see everything above."
    )
    assert told["handoff"] is not None
    assert told["handoff"]["position"] == 1
    assert make_offers(database, 21) == [(maya, ben), (omar, ana)]
    steps = database.read_now(history.of_ticket, queued)
    assert [step["text"] for step in steps] == ["Ana took it.", "Ana passed it on to the billing team."]
    kept = database.read_now(lambda session: notes.of_conversation(session, session.get_one(Conversation, maya)))
    assert [note["text"] for note in kept] == ["charged twice, see the second order"]


def test_the_customers_language_is_still_asked_for(database: Database) -> None:
    assert skills.for_team(["returns", "lang-de"], "billing") == ["billing", "lang-de"]


@pytest.mark.parametrize("team", ["billing", None])
def test_whoever_let_go_is_not_offered_it_again_but_may_take_it(database: Database, ana: str, team: str | None) -> None:
    maya = held_by_ana(database, ana)
    pass_on(database, maya, ana, team, 20)
    assert make_offers(database, 21) == []
    cleo = database.write_now(add_agent, "Cleo")
    assert make_offers(database, 22) == [(maya, cleo)]
    database.write_now(holder.claim, maya, ana, at(23))
    assert conversation(database, maya).agent_id == ana


def test_who_lost_a_lease_may_be_offered_it_again(database: Database, ana: str) -> None:
    maya = held_by_ana(database, ana)
    assert database.write_now(holder.expire_leases, at(200)) == [(maya, ana)]
    assert make_offers(database, 201) == [(maya, ana)]


def test_a_team_is_a_skill_of_the_rules_or_of_an_agent_and_no_language(database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "desk.toml"
    file.write_text('[skills]\neverybody_speaks = ["en"]\n[skills.intents]\nreturns = ["return_item"]\n')
    database = Database(database_url, rules=desk_rules.read(file))
    database.write_now(add_agent, "Ben", skills=("billing", "lang-de"))
    ana = database.write_now(add_agent, "Ana", skills=("billing",))
    database.write_now(agents.set_present, ana, False, at(0))
    teams = database.read_now(skills.teams)
    database.close()
    assert teams == [
        {"name": "billing", "agents": 2, "present": 1},
        {"name": "returns", "agents": 0, "present": 0},
    ]


def test_a_colleague_gets_the_note_as_well(database: Database, ana: str, ben: str) -> None:
    maya = held_by_ana(database, ana)
    epoch = conversation(database, maya).epoch
    database.write_now(holder.transfer, maya, ana, epoch, ben, "you know her", at(20))
    [note] = database.read_now(lambda session: notes.of_conversation(session, session.get_one(Conversation, maya)))
    assert (note["agent"]["name"], note["text"]) == ("Ana", "you know her")
    assert database.read_now(lambda session: session.scalars(select(Conversation.agent_id)).one()) == ben
