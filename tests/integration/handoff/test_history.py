"""What ran out and why stays on the ticket, and can be read by the agent it concerns."""

from handoff import agents, history, holder
from handoff.database import Database
from tests.integration.handoff.queueing import asks, conversation, let_offers_lapse, make_offers, ticket
from tests.people import at


def words(database: Database, conversation_id: str) -> list[str]:
    return [step["text"] for step in database.read_now(history.of_ticket, ticket(database, conversation_id))]


def test_an_ignored_offer_a_lost_lease_and_who_has_it_now(database: Database, ana: str, ben: str) -> None:
    maya = asks(database, "maya")
    [(_, first)] = make_offers(database, 1)
    assert first == ana
    let_offers_lapse(database, 62)
    make_offers(database, 63)
    database.write_now(holder.claim, maya, ben, at(70))
    database.write_now(holder.expire_leases, at(300))
    database.write_now(holder.claim, maya, ana, at(310))
    epoch = conversation(database, maya).epoch
    database.write_now(holder.transfer, maya, ana, epoch, ben, None, at(320))
    assert words(database, maya) == [
        "Offered to Ana, who did not take it within a minute.",
        "Ben took it.",
        "Ben took it and had not written after 3 minutes: back to its place in the queue.",
        "Ana took it.",
        "Ana passed it on to Ben.",
    ]
    assert [missed["kind"] for missed in database.read_now(history.missed_by, ana)] == ["offer_ignored"]
    [lost] = database.read_now(history.missed_by, ben)
    assert (lost["kind"], lost["conversation_id"], lost["at"]) == ("lease_lost", maya, "2026-03-02T12:05:00.000Z")


def test_being_set_away_is_kept_with_what_came_before(database: Database, ana: str) -> None:
    maya = asks(database, "maya")
    for minute in range(3):
        make_offers(database, minute * 100 + 1)
        let_offers_lapse(database, minute * 100 + 90)
    ignored = "Offered to Ana, who did not take it within a minute."
    away = "Ana was set away: 3 offers in a row went by."
    assert words(database, maya) == [ignored, ignored, ignored, away]
    assert [missed["text"] for missed in database.read_now(history.missed_by, ana)] == [away, ignored, ignored, ignored]


def test_an_offer_to_somebody_who_left_is_not_held_against_them(database: Database, ana: str) -> None:
    maya = asks(database, "maya")
    make_offers(database, 1)
    database.write_now(agents.set_present, ana, False, at(2))
    let_offers_lapse(database, 3)
    assert words(database, maya) == ["Offered to Ana, who went away."]


def test_a_new_ticket_begins_with_an_empty_history(database: Database, ana: str) -> None:
    maya = asks(database, "maya")
    database.write_now(holder.claim, maya, ana, at(1))
    database.write_now(holder.resolve, maya, ana, conversation(database, maya).epoch, None, at(2))
    assert words(database, maya) == ["Ana took it.", "Ana closed it."]
    asks(database, "maya", 100)
    assert words(database, maya) == []
