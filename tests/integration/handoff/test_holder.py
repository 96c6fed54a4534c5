"""Who holds a conversation: one winner, and everybody else hears who it is."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from handoff import holder, outbox, replies, turns
from handoff.database import Database
from handoff.holder import FIRST_REPLY_WITHIN
from handoff.ownership import Conflict
from handoff.schema import Conversation, OwnershipChange, Ticket
from handoff.transcript import messages
from handoff.waiting import position
from tests.people import add_agent, at, bot_says, take, write_in

CONNECTIONS = 16
"""As many as a database hands out at once: nobody waits for one, however long the others take."""


def escalated(database: Database, address: str = "maya", seconds: float = 0, reason: str = "asked") -> str:
    write_in(database, "get me a person", f"{address}-{seconds}", seconds=seconds, address=address)
    turn = take(database, seconds=seconds)
    database.write_now(turns.hand_to_queue, turn, reason, [], "customer", at(seconds))
    return turn.conversation_id


def conversation(database: Database, conversation_id: str) -> Conversation:
    return database.read_now(lambda session: session.get_one(Conversation, conversation_id))


def ticket(database: Database, conversation_id: str) -> Ticket:
    query = select(Ticket).where(Ticket.conversation_id == conversation_id).order_by(Ticket.id.desc())
    return database.read_now(lambda session: session.scalars(query).first())  # type: ignore[return-value]


def test_the_second_to_claim_is_told_who_was_first(database: Database, ana: str, ben: str) -> None:
    maya = escalated(database)
    database.write_now(holder.claim, maya, ana, at(1))
    with pytest.raises(Conflict) as lost:
        database.write_now(holder.claim, maya, ben, at(2))
    assert (lost.value.winner, lost.value.holder) == ("Ana", "agent")


def test_claiming_twice_is_harmless(database: Database, ana: str) -> None:
    maya = escalated(database)
    first = database.write_now(holder.claim, maya, ana, at(1))
    assert database.write_now(holder.claim, maya, ana, at(2)).epoch == first.epoch


def test_fifty_agents_claim_twenty_conversations_at_once(database: Database) -> None:
    agents = [database.write_now(add_agent, f"Agent{n}") for n in range(50)]
    waiting = [escalated(database, f"customer{n}", seconds=n) for n in range(20)]

    def race(agent_id: str, conversation_id: str) -> str | None:
        try:
            database.write_now(holder.claim, conversation_id, agent_id, at(100))
        except Conflict:
            return None
        return agent_id

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        tries = [(agent, c, pool.submit(race, agent, c)) for c in waiting for agent in agents]
        winners = {(c, agent) for agent, c, outcome in tries if outcome.result() is not None}
    assert len(winners) == 20
    assert {c: conversation(database, c).agent_id for c in waiting} == dict(winners)


def test_a_claim_takes_back_what_the_bot_had_not_sent(database: Database, ana: str) -> None:
    accepted = write_in(database, "hello", "m1")
    database.write_now(turns.answer, take(database), bot_says("unsent words"), at(1))
    database.write_now(holder.claim, accepted.conversation_id, ana, at(2))
    shown = database.write_now(outbox.feed, accepted.conversation_id, 0, at(3))
    assert "unsent words" not in [m["text"] for m in shown]


def test_an_agent_speaks_only_while_they_hold(database: Database, ana: str, ben: str) -> None:
    maya = escalated(database)
    database.write_now(holder.claim, maya, ana, at(1))
    with pytest.raises(Conflict):
        database.write_now(replies.say, maya, ben, "id-1", "hello", at(2))
    said, created = database.write_now(replies.say, maya, ana, "id-2", "hello, Ana here", at(2))
    assert created
    assert said["author"] == "agent"


def test_a_retried_reply_is_said_once(database: Database, ana: str) -> None:
    maya = escalated(database)
    database.write_now(holder.claim, maya, ana, at(1))
    first, _ = database.write_now(replies.say, maya, ana, "id-1", "hello", at(2))
    again, created = database.write_now(replies.say, maya, ana, "id-1", "hello", at(3))
    assert (again["seq"], created) == (first["seq"], False)
    with pytest.raises(replies.IdTaken):
        database.write_now(replies.say, maya, ana, "id-1", "something else", at(4))


def test_handing_back_tells_the_bot_what_was_done(database: Database, ana: str) -> None:
    maya = escalated(database)
    epoch = database.write_now(holder.claim, maya, ana, at(1)).epoch
    database.write_now(holder.hand_back, maya, ana, epoch, 'Refunded $20, "as promised"', at(2))
    turn = take(database, seconds=2)
    assert turn.payload == '/agent_handed_back{"handback_note": "Refunded $20, \\"as promised\\""}'
    assert turn.holder == "bot"
    database.write_now(turns.answer, turn, bot_says("Back with Fern."), at(3))
    assert ticket(database, maya).state == "handed_back"


def test_a_stale_epoch_changes_nothing(database: Database, ana: str) -> None:
    maya = escalated(database)
    epoch = database.write_now(holder.claim, maya, ana, at(1)).epoch
    with pytest.raises(Conflict):
        database.write_now(holder.resolve, maya, ana, epoch - 1, None, at(2))
    assert conversation(database, maya).holder == "agent"


def test_a_claim_without_a_word_goes_back_to_its_old_place(database: Database, ana: str) -> None:
    first, second = escalated(database, "maya", 0), escalated(database, "omar", 10)
    database.write_now(holder.claim, first, ana, at(20))
    late = at(21 + FIRST_REPLY_WITHIN.total_seconds())
    assert database.write_now(holder.expire_leases, late) == [(first, ana)]
    assert conversation(database, first).holder == "queue"
    assert database.read_now(lambda s: position(s, ticket(database, first))) == 1
    assert database.read_now(lambda s: position(s, ticket(database, second))) == 2
    last = database.read_now(messages, first)[-1]
    assert "back in the queue at your old place" in last["text"]


def test_an_agent_who_has_written_keeps_the_conversation(database: Database, ana: str) -> None:
    maya = escalated(database)
    database.write_now(holder.claim, maya, ana, at(1))
    database.write_now(replies.say, maya, ana, "id-1", "hello", at(2))
    assert database.write_now(holder.expire_leases, at(10_000)) == []


def test_urgent_tickets_come_first_and_equals_in_order(database: Database) -> None:
    ordinary = escalated(database, "maya", 0)
    raised = escalated(database, "omar", 1, reason="complaint")
    urgent = escalated(database, "priya", 2, reason="safety")
    another = escalated(database, "tom", 3)
    places = {
        c: database.read_now(lambda s, c=c: position(s, ticket(database, c)))
        for c in (ordinary, raised, urgent, another)
    }
    assert places == {urgent: 1, raised: 2, ordinary: 3, another: 4}


def test_a_transfer_keeps_the_talk_going_with_a_colleague(database: Database, ana: str, ben: str) -> None:
    maya = escalated(database)
    epoch = database.write_now(holder.claim, maya, ana, at(1)).epoch
    database.write_now(holder.transfer, maya, ana, epoch, ben, "knows returns", at(2))
    held = conversation(database, maya)
    assert (held.holder, held.agent_id) == ("agent", ben)
    with pytest.raises(Conflict):
        database.write_now(replies.say, maya, ana, "id-1", "still me", at(3))


def test_every_change_of_hands_is_on_record(database: Database, ana: str) -> None:
    maya = escalated(database)
    epoch = database.write_now(holder.claim, maya, ana, at(1)).epoch
    database.write_now(holder.resolve, maya, ana, epoch, None, at(2))
    log = database.read_now(lambda s: s.scalars(select(OwnershipChange).order_by(OwnershipChange.epoch)).all())
    assert [(row.holder_before, row.holder_after) for row in log] == [
        ("bot", "queue"),
        ("queue", "agent"),
        ("agent", "closed"),
    ]


def test_a_supervisor_takes_over_once_and_the_customer_hears_who_has_them(
    database: Database, ana: str, ben: str
) -> None:
    maya = escalated(database)
    database.write_now(holder.claim, maya, ana, at(2))
    epoch = conversation(database, maya).epoch
    for seconds in (3, 4):
        database.write_now(holder.take_over, maya, ben, epoch, at(seconds))
        epoch = conversation(database, maya).epoch
    assert (conversation(database, maya).agent_id, epoch) == (ben, 3)
    last = database.read_now(messages, maya)[-1]
    assert last["text"] == "Ben has taken over from Ana and can see everything above."
