"""Snoozing: put off by its agent, back at its time or when the customer writes, and never forgotten."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from handoff import agents, desk_rules, history, holder, listing, notes, ownership, replies, snoozing
from handoff.database import Database
from handoff.schema import Conversation
from handoff.snoozing import BadTimeError
from handoff.summaries import CountsView, counts
from tests.integration.handoff.queueing import asks, conversation, last_message, make_offers, ticket
from tests.people import add_agent, at, write_in

HOUR = 3600.0


def helped_by(database: Database, agent_id: str, name: str = "maya", seconds: float = 0, answered: bool = True) -> str:
    conversation_id = asks(database, name, seconds)
    database.write_now(holder.claim, conversation_id, agent_id, at(seconds))
    if answered:
        database.write_now(replies.say, conversation_id, agent_id, f"{name}-hi", "I'll look into it.", at(seconds))
    return conversation_id


def snooze(
    database: Database, conversation_id: str, agent_id: str, until: float, note: str | None = None, seconds: float = 10
) -> None:
    epoch = conversation(database, conversation_id).epoch
    database.write_now(snoozing.snooze, conversation_id, agent_id, epoch, at(until), note, at(seconds))


def end_snoozes(database: Database, seconds: float) -> list[str]:
    due = database.read_now(snoozing.due, at(seconds))
    return [one for one in due if database.write_now(snoozing.end, one, at(seconds))]


def kinds(database: Database, conversation_id: str) -> list[str]:
    found = ticket(database, conversation_id)
    return [step["kind"] for step in database.read_now(history.of_ticket, found)]


def test_what_is_snoozed_leaves_the_active_list_and_the_capacity(database: Database) -> None:
    ana = database.write_now(add_agent, "Ana", capacity=1)
    maya = helped_by(database, ana)
    assert make_offers(database, 5) == []
    snooze(database, maya, ana, HOUR, "the parcel should be there by then")
    assert database.read_now(counts, ana) == CountsView(queue=0, mine=0, snoozed=1, agent=1, bot=0)
    assert database.read_now(agents.all_views)[0]["holding"] == 0
    readable = select(Conversation)
    assert database.read_now(listing.page, readable, None, 10, None, ana).conversations == []
    [aside] = database.read_now(listing.snoozed_page, readable, None, 10, ana).conversations
    assert aside["snooze"] == {"until": "2026-03-02T13:00:00.000Z", "note": "the parcel should be there by then"}
    assert aside["agent"] == {"id": ana, "name": "Ana"}
    omar = asks(database, "omar", 20)
    assert make_offers(database, 21) == [(omar, ana)]


def test_the_note_is_still_there_when_it_is_back(database: Database, ana: str) -> None:
    maya = helped_by(database, ana)
    snooze(database, maya, ana, HOUR, "ask the carrier")
    end_snoozes(database, HOUR)
    kept = database.read_now(lambda session: notes.of_conversation(session, session.get_one(Conversation, maya)))
    assert [note["text"] for note in kept] == ["ask the carrier"]


def test_it_comes_back_to_its_agent_at_its_time_and_not_before(database: Database, ana: str) -> None:
    maya = helped_by(database, ana)
    snooze(database, maya, ana, HOUR)
    said_before = last_message(database, maya)
    assert end_snoozes(database, HOUR - 1) == []
    assert end_snoozes(database, HOUR) == [maya]
    assert end_snoozes(database, HOUR + 1) == []
    back = conversation(database, maya)
    assert (back.holder, back.agent_id, back.snoozed_until) == ("agent", ana, None)
    assert last_message(database, maya) == said_before, "the customer's agent has not changed: there is nothing to say"
    assert kinds(database, maya) == ["claimed", "snoozed", "snooze_over"]


def test_it_comes_back_at_once_when_the_customer_writes(database: Database, ana: str) -> None:
    maya = helped_by(database, ana)
    snooze(database, maya, ana, HOUR)
    write_in(database, "it arrived!", "m-2", seconds=60)
    back = conversation(database, maya)
    assert (back.holder, back.agent_id, back.snoozed_until, back.turn_due) == ("agent", ana, None, None)
    assert kinds(database, maya)[-1] == "customer_wrote"


@pytest.mark.parametrize("woken_by", ["time", "customer"])
def test_with_the_agent_away_the_customer_gets_their_old_place_and_is_told(
    database: Database, ana: str, ben: str, woken_by: str
) -> None:
    maya = helped_by(database, ana, seconds=0)
    snooze(database, maya, ana, HOUR)
    asks(database, "omar", 30)
    database.write_now(agents.set_present, ana, False, at(40))
    if woken_by == "time":
        assert end_snoozes(database, HOUR) == [maya]
    else:
        write_in(database, "it arrived!", "m-2", seconds=60)
    back, waiting = conversation(database, maya), ticket(database, maya)
    assert (back.holder, back.snoozed_until, back.turn_due) == ("queue", None, None)
    assert waiting.queued_at == at(0)
    told = last_message(database, maya)
    assert told["text"].startswith("Ana isn't at the desk right now, so you're back in the queue at your old place.")
    assert told["handoff"] is not None
    assert told["handoff"]["position"] == 1
    assert kinds(database, maya)[-1] == "absent"
    [missed] = database.read_now(history.missed_by, ana)
    assert missed["text"] == "The snooze ended while Ana was away: back to its place in the queue."
    assert make_offers(database, HOUR + 1)[0] == (maya, ben)


def test_the_lease_stands_still_meanwhile_and_the_customer_hears_why(database: Database, ana: str) -> None:
    maya = helped_by(database, ana, answered=False)
    snooze(database, maya, ana, HOUR, seconds=60)
    said = last_message(database, maya)["text"]
    assert said == (
        "Ana has your request and will be back to it later. "
        "If you write before then, it comes straight back to the desk."
    )
    assert database.write_now(holder.expire_leases, at(HOUR - 1)) == []
    end_snoozes(database, HOUR)
    assert ticket(database, maya).lease_until == at(HOUR) + timedelta(seconds=120)
    assert database.write_now(holder.expire_leases, at(HOUR + 121)) == [(maya, ana)]
    assert kinds(database, maya) == ["claimed", "snoozed", "snooze_over", "lease_lost"]


def test_a_shop_with_hours_tells_the_time_in_its_own_zone(database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "desk.toml"
    file.write_text('[hours]\ntime_zone = "America/Los_Angeles"\nplace = "Portland"\nmonday = ["08:00-20:00"]\n')
    database = Database(database_url, rules=desk_rules.read(file))
    ana = database.write_now(add_agent, "Ana")
    maya = helped_by(database, ana, answered=False)
    snooze(database, maya, ana, 2 * HOUR)
    said = last_message(database, maya)["text"]
    database.close()
    assert said.startswith("Ana has your request and will be back to it by 6 am on Monday 2 March, Portland time.")


def test_writing_while_it_is_snoozed_ends_the_lease_for_good(database: Database, ana: str) -> None:
    maya = helped_by(database, ana, answered=False)
    snooze(database, maya, ana, HOUR)
    database.write_now(replies.say, maya, ana, "hello", "Back tomorrow with news.", at(20))
    end_snoozes(database, HOUR)
    assert ticket(database, maya).lease_until is None


def test_the_agent_may_take_it_up_early(database: Database, ana: str) -> None:
    maya = helped_by(database, ana)
    snooze(database, maya, ana, HOUR)
    epoch = conversation(database, maya).epoch
    for _ in range(2):
        database.write_now(snoozing.wake, maya, ana, epoch, at(30))
    assert conversation(database, maya).snoozed_until is None
    assert kinds(database, maya) == ["claimed", "snoozed", "woken"]


def test_snoozing_again_moves_the_time(database: Database, ana: str) -> None:
    maya = helped_by(database, ana)
    snooze(database, maya, ana, HOUR)
    snooze(database, maya, ana, 2 * HOUR, seconds=20)
    assert end_snoozes(database, HOUR) == []
    assert end_snoozes(database, 2 * HOUR) == [maya]


@pytest.mark.parametrize("until", [10.0, 0.0, 61 * 24 * HOUR])
def test_a_time_that_is_past_or_far_off_is_refused(database: Database, ana: str, until: float) -> None:
    maya = helped_by(database, ana)
    with pytest.raises(BadTimeError):
        snooze(database, maya, ana, until)
    assert conversation(database, maya).snoozed_until is None


def test_only_the_holder_snoozes_and_only_what_they_saw(database: Database, ana: str, ben: str) -> None:
    maya = helped_by(database, ana)
    epoch = conversation(database, maya).epoch
    for agent, seen in ((ben, epoch), (ana, epoch - 1)):
        with pytest.raises(ownership.Conflict):
            database.write_now(snoozing.snooze, maya, agent, seen, at(HOUR), None, at(10))


@pytest.fixture
def snoozed(database: Database, ana: str) -> Iterator[tuple[str, int]]:
    maya = helped_by(database, ana)
    snooze(database, maya, ana, HOUR)
    yield maya, conversation(database, maya).epoch
    assert conversation(database, maya).snoozed_until is None
    assert end_snoozes(database, HOUR) == []


def test_a_supervisor_takes_over_what_is_snoozed(database: Database, ben: str, snoozed: tuple[str, int]) -> None:
    maya, epoch = snoozed
    database.write_now(holder.take_over, maya, ben, epoch, at(20))
    assert conversation(database, maya).agent_id == ben
    assert kinds(database, maya)[-1] == "taken_over"


def test_what_is_snoozed_can_be_closed(database: Database, ana: str, snoozed: tuple[str, int]) -> None:
    maya, epoch = snoozed
    database.write_now(holder.resolve, maya, ana, epoch, None, at(20))
    assert conversation(database, maya).holder == "closed"
