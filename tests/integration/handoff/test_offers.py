"""Offers: who is asked to take whom, and what happens when they don't."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from handoff import agents, desk_rules, holder, listing, offers, tickets
from handoff.conversations import locked
from handoff.database import Database
from handoff.ownership import Conflict
from handoff.schema import Conversation
from handoff.summaries import summary
from tests.integration.handoff.queueing import (
    asks,
    conversation,
    let_offers_lapse,
    make_offers,
    offer_states,
    ticket,
    waits,
)
from tests.people import add_agent, at, take, write_in

TOO_LATE = offers.OFFER_FOR.total_seconds() + 1


@pytest.fixture
def skilled(database_url: str) -> Iterator[Database]:
    """A desk with the rules that come with the project."""
    database = Database(database_url, rules=desk_rules.read(desk_rules.DEFAULT_FILE))
    yield database
    database.close()


def test_the_first_in_line_is_offered_first_and_stays_in_the_queue(database: Database, ana: str) -> None:
    maya, omar = asks(database, "maya", 0), asks(database, "omar", 1)
    assert make_offers(database, 2) == [(maya, ana), (omar, ana)]
    assert conversation(database, maya).holder == "queue"
    shown = database.read_now(lambda s: summary(s, conversation(database, maya)))["ticket"]
    assert shown is not None
    assert shown["offer"] == {"agent": {"id": ana, "name": "Ana"}, "until": "2026-03-02T12:01:02.000Z"}


def test_list_place_and_offers_go_by_priority_and_then_first_come(database: Database, ana: str) -> None:
    reasons = ["asked", "complaint", "asked", "safety", "frustrated", "safety"]
    by_order_of_asking = [asks(database, f"customer{n}", n, reason=reason) for n, reason in enumerate(reasons)]
    expected = [by_order_of_asking[n] for n in (3, 5, 1, 4, 0, 2)]
    page = database.read_now(listing.queue_page, select(Conversation), None, 10).conversations
    assert [one["id"] for one in page] == expected
    assert [one["ticket"]["position"] for one in page if one["ticket"]] == [1, 2, 3, 4, 5, 6]
    offered = [conversation_id for conversation_id, _ in make_offers(database, 10)]
    assert offered == expected[:4], "as many as Ana can hold, from the front"


def test_agents_take_turns(database: Database, ana: str, ben: str) -> None:
    for number in range(4):
        asks(database, f"customer{number}", number)
    assert [agent for _, agent in make_offers(database, 5)] == [ana, ben, ana, ben]


def test_nobody_is_offered_more_than_they_can_hold(database: Database) -> None:
    ana = database.write_now(add_agent, "Ana", capacity=2)
    first, second, third = (asks(database, f"customer{number}", number) for number in range(3))
    database.write_now(holder.claim, first, ana, at(4))
    assert make_offers(database, 5) == [(second, ana)]
    epoch = conversation(database, first).epoch
    database.write_now(holder.resolve, first, ana, epoch, None, at(6))
    assert make_offers(database, 7) == [(third, ana)]


def test_nobody_is_offered_anything_while_away(database: Database) -> None:
    database.write_now(add_agent, "Ana", present=False)
    asks(database, "maya")
    assert not database.read_now(offers.may_make)
    assert make_offers(database, 1) == []


def test_an_author_at_the_desk_is_not_offered_customers(database: Database) -> None:
    author = database.write_now(add_agent, "Olive")
    database.write_now(lambda s: setattr(agents.by_id(s, author), "role", "author"))
    asks(database, "maya")
    assert make_offers(database, 1) == []


def test_anyone_may_claim_what_is_offered_to_somebody_else(database: Database, ana: str, ben: str) -> None:
    maya = asks(database, "maya")
    assert make_offers(database, 1) == [(maya, ana)]
    database.write_now(holder.claim, maya, ben, at(2))
    with pytest.raises(Conflict) as lost:
        database.write_now(holder.claim, maya, ana, at(3))
    assert lost.value.winner == "Ben"
    assert offer_states(database, maya) == [(ana, "over")]


def test_an_offer_that_was_taken_is_on_record(database: Database, ana: str) -> None:
    maya = asks(database, "maya")
    make_offers(database, 1)
    database.write_now(holder.claim, maya, ana, at(2))
    assert offer_states(database, maya) == [(ana, "taken")]


def test_leaving_the_queue_ends_the_offer(database: Database, ana: str) -> None:
    maya = asks(database, "maya")
    make_offers(database, 1)
    database.write_now(lambda s: holder.withdraw(s, locked(s, maya), at(2)))
    assert offer_states(database, maya) == [(ana, "over")]
    assert make_offers(database, 3) == []


def test_an_ignored_offer_goes_to_the_next_agent_and_is_on_record(database: Database, ana: str, ben: str) -> None:
    maya = asks(database, "maya")
    make_offers(database, 0)
    let_offers_lapse(database, TOO_LATE)
    assert make_offers(database, TOO_LATE) == [(maya, ben)]
    assert offer_states(database, maya) == [(ana, "ignored"), (ben, "open")]


def test_an_offer_is_not_withdrawn_before_its_time(database: Database, ana: str) -> None:
    maya = asks(database, "maya")
    make_offers(database, 0)
    let_offers_lapse(database, TOO_LATE - 2)
    assert offer_states(database, maya) == [(ana, "open")]


def test_who_ignores_three_offers_in_a_row_is_set_away_and_told_why(database: Database, ana: str) -> None:
    asks(database, "maya")
    for number in range(3):
        make_offers(database, number * TOO_LATE)
        let_offers_lapse(database, (number + 1) * TOO_LATE)
    view = database.read_now(lambda s: agents.view(s, agents.by_id(s, ana)))
    assert (view["present"], view["away_reason"]) == (False, offers.SET_AWAY)
    assert make_offers(database, 10 * TOO_LATE) == []


def test_the_last_one_at_the_desk_is_not_set_away_while_an_urgent_ticket_waits(
    database: Database, ana: str, ben: str
) -> None:
    maya = asks(database, "maya", reason="safety")
    for number in range(8):
        assert len(make_offers(database, number * TOO_LATE)) == 1
        let_offers_lapse(database, (number + 1) * TOO_LATE)
    present = [database.read_now(lambda s, one=one: agents.by_id(s, one).present) for one in (ana, ben)]  # type: ignore[misc]
    assert sum(present) == 1
    [(offered, _)] = make_offers(database, 9 * TOO_LATE)
    assert offered == maya


def test_an_ignored_urgent_ticket_goes_to_anybody_free_before_the_same_agent_again(skilled: Database) -> None:
    ana = skilled.write_now(add_agent, "Ana")
    ben = skilled.write_now(add_agent, "Ben", skills=("returns",))
    maya = waits(skilled, "maya", wants="return_item")
    skilled.write_now(lambda s: setattr(tickets.open_ticket(s, locked(s, maya)), "priority", tickets.URGENT))
    for number in range(4):
        make_offers(skilled, number * TOO_LATE)
        let_offers_lapse(skilled, (number + 1) * TOO_LATE)
    assert [agent_id for agent_id, _ in offer_states(skilled, maya)] == [ben, ana, ben, ana]


def test_coming_back_online_wipes_the_slate(database: Database, ana: str) -> None:
    maya = asks(database, "maya")
    for number in range(3):
        make_offers(database, number * TOO_LATE)
        let_offers_lapse(database, (number + 1) * TOO_LATE)
    view = database.write_now(agents.set_present, ana, True, at(5 * TOO_LATE))
    assert view["away_reason"] is None
    assert make_offers(database, 5 * TOO_LATE) == [(maya, ana)]
    let_offers_lapse(database, 7 * TOO_LATE)
    assert database.read_now(lambda s: agents.by_id(s, ana)).present


def test_who_claims_between_ignored_offers_is_at_work_and_stays(database: Database, ana: str) -> None:
    asks(database, "maya")
    for number in range(3):
        make_offers(database, number * TOO_LATE)
        if number == 1:
            omar = asks(database, "omar", number * TOO_LATE)
            database.write_now(holder.claim, omar, ana, at(number * TOO_LATE + 1))
        let_offers_lapse(database, (number + 1) * TOO_LATE)
    assert database.read_now(lambda s: agents.by_id(s, ana)).present


def test_offers_that_stand_side_by_side_count_as_one(database: Database, ana: str) -> None:
    for number in range(4):
        asks(database, f"customer{number}", 0)
    for number in range(3):
        assert database.read_now(lambda s: agents.by_id(s, ana)).present
        assert len(make_offers(database, number * TOO_LATE)) == 4
        let_offers_lapse(database, (number + 1) * TOO_LATE)
    view = database.read_now(lambda s: agents.view(s, agents.by_id(s, ana)))
    assert (view["present"], view["away_reason"]) == (False, offers.SET_AWAY)


def test_offers_that_overlap_count_as_one(database: Database, ana: str) -> None:
    for number in range(4):
        asks(database, f"customer{number}", number * 10)
        make_offers(database, number * 10)
    for number in range(4):
        let_offers_lapse(database, TOO_LATE + number * 10)
    assert database.read_now(lambda s: agents.by_id(s, ana)).present


def test_who_does_anything_at_the_desk_begins_a_new_row(database: Database, ana: str) -> None:
    asks(database, "maya")
    for number in range(5):
        assert len(make_offers(database, number * TOO_LATE)) == 1
        if number == 1:
            database.write_now(agents.acted, ana, at(number * TOO_LATE + 50))
        assert database.read_now(lambda s: agents.by_id(s, ana)).present
        let_offers_lapse(database, (number + 1) * TOO_LATE)
    assert not database.read_now(lambda s: agents.by_id(s, ana)).present


def test_an_agent_who_leaves_has_ignored_nothing(database: Database, ana: str, ben: str) -> None:
    maya = asks(database, "maya")
    make_offers(database, 0)
    database.write_now(agents.set_present, ana, False, at(1))
    let_offers_lapse(database, 2)
    assert make_offers(database, 2) == [(maya, ben)]
    assert offer_states(database, maya) == [(ana, "left"), (ben, "open")]


def test_a_ticket_goes_to_the_skill_it_calls_for(skilled: Database) -> None:
    skilled.write_now(add_agent, "Ana")
    ben = skilled.write_now(add_agent, "Ben", skills=("returns",))
    maya = waits(skilled, "maya", wants="return_item")
    assert ticket(skilled, maya).skills == ["returns"]
    assert make_offers(skilled, 1) == [(maya, ben)]


def test_a_skilled_colleague_is_worth_waiting_for_and_others_are_served_meanwhile(skilled: Database) -> None:
    ana = skilled.write_now(add_agent, "Ana")
    ben = skilled.write_now(add_agent, "Ben", skills=("returns",), capacity=1)
    first, second = waits(skilled, "maya", 0, "return_item"), waits(skilled, "omar", 1, "return_item")
    third = waits(skilled, "priya", 2, "leave_review")
    assert make_offers(skilled, 3) == [(first, ben), (third, ana)]
    skilled.write_now(agents.set_present, ben, False, at(4))
    let_offers_lapse(skilled, 4)
    assert make_offers(skilled, 5) == [(first, ana), (second, ana)], "somebody rather than nobody"


def test_a_language_that_not_everybody_speaks_is_a_skill(skilled: Database) -> None:
    skilled.write_now(add_agent, "Ana")
    ben = skilled.write_now(add_agent, "Ben", skills=("lang-de",))
    write_in(skilled, "a person please", "m1")
    turn = take(skilled)
    skilled.write_now(lambda s: setattr(locked(s, turn.conversation_id), "locale", "de-AT"))
    skilled.write_now(lambda s: holder.escalate(s, locked(s, turn.conversation_id), "asked", [], "customer", at(1)))
    assert make_offers(skilled, 2) == [(turn.conversation_id, ben)]


def test_gateways_side_by_side_offer_each_ticket_once_and_fill_nobody_twice(database: Database) -> None:
    for name in ("Ana", "Ben"):
        database.write_now(add_agent, name, capacity=3)
    for number in range(10):
        asks(database, f"customer{number}", number)
    with ThreadPoolExecutor(8) as pool:
        made = [one.result() for one in [pool.submit(database.write_now, offers.make, at(20)) for _ in range(20)]]
    given = [one for one in made if one is not None]
    assert len(given) == len({one.conversation_id for one in given}) == 6
    assert sorted(one.agent_id for one in given) == ["a_ana"] * 3 + ["a_ben"] * 3


def test_a_declined_offer_goes_to_the_next_at_once_and_back_only_after_a_while(
    database: Database, ana: str, ben: str
) -> None:
    maya = asks(database, "maya")
    assert make_offers(database, 1) == [(maya, ana)]
    database.write_now(offers.decline, maya, ana, at(2))
    assert make_offers(database, 3) == [(maya, ben)]
    database.write_now(offers.decline, maya, ben, at(4))
    assert make_offers(database, 5) == []
    pause = offers.DECLINED_FOR.total_seconds()
    assert make_offers(database, 2 + pause) == [(maya, ana)]
    assert offer_states(database, maya) == [(ana, "declined"), (ben, "declined"), (ana, "open")]


def test_who_declined_may_still_claim(database: Database, ana: str) -> None:
    maya = asks(database, "maya")
    make_offers(database, 1)
    database.write_now(offers.decline, maya, ana, at(2))
    database.write_now(holder.claim, maya, ana, at(3))
    assert conversation(database, maya).agent_id == ana


def test_only_who_is_offered_a_ticket_can_decline_it(database: Database, ana: str, ben: str) -> None:
    maya = asks(database, "maya")
    make_offers(database, 1)
    with pytest.raises(offers.NotOffered):
        database.write_now(offers.decline, maya, ben, at(2))
    database.write_now(holder.claim, maya, ben, at(3))
    with pytest.raises(offers.NotOffered):
        database.write_now(offers.decline, maya, ana, at(4))


def test_declining_sets_nobody_away(database: Database, ana: str) -> None:
    for number in range(offers.IGNORED_BEFORE_AWAY - 1):
        asks(database, f"ignored{number}", number)
    make_offers(database, 10)
    let_offers_lapse(database, 10 + TOO_LATE)
    maya = asks(database, "maya", 100)
    assert (maya, ana) in make_offers(database, 101)
    database.write_now(offers.decline, maya, ana, at(102))
    omar = asks(database, "omar", 103)
    assert (omar, ana) in make_offers(database, 104)
    let_offers_lapse(database, 104 + TOO_LATE)
    assert database.read_now(lambda session: agents.by_id(session, ana)).present


def test_a_colleague_with_less_skill_is_asked_while_the_skilled_one_has_declined(skilled: Database) -> None:
    ana = skilled.write_now(add_agent, "Ana", skills=["returns"])
    ben = skilled.write_now(add_agent, "Ben")
    maya = waits(skilled, "maya", wants="return_item")
    assert make_offers(skilled, 1) == [(maya, ana)]
    skilled.write_now(offers.decline, maya, ana, at(2))
    assert make_offers(skilled, 3) == [(maya, ben)]
