"""Who holds a conversation, over HTTP: one winner, and everyone else is told who."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from handoff import offers
from handoff.schema import Agent, Ticket
from tests.integration.api.running_desk import Person, RunningDesk


async def claimed(desk: RunningDesk, name: str = "ana") -> tuple[Person, str, int]:
    """Somebody who holds Maya's conversation, its id, and its epoch."""
    conversation_id = await desk.maya_waits()
    person = await desk.person(name)
    status, answer = await person.post(f"/api/conversations/{conversation_id}/claim", {})
    assert status == 200, answer
    return person, conversation_id, answer["conversation"]["epoch"]


async def test_of_many_claims_at_once_one_wins_and_the_others_hear_who(desk: RunningDesk) -> None:
    conversation_id = await desk.maya_waits()
    people = [await desk.person(name) for name in ("ana", "ben", "sam", "adele")]
    answers = await asyncio.gather(
        *(person.post(f"/api/conversations/{conversation_id}/claim", {}) for person in people)
    )
    won = [answer for status, answer in answers if status == 200]
    lost = [answer for status, answer in answers if status == 409]
    assert len(won) == 1
    assert len(lost) == 3
    winner = won[0]["conversation"]["agent"]["name"]
    for refusal in lost:
        assert refusal["error"] == "conflict"
        assert refusal["winner"] == winner
        assert refusal["holder"] == "agent"
        assert refusal["epoch"] == won[0]["conversation"]["epoch"]
        assert winner in refusal["detail"]


async def test_fifty_agents_claim_twenty_conversations_at_once_and_each_has_one_holder(desk: RunningDesk) -> None:
    waiting = [await desk.maya_waits(f"customer {n}") for n in range(20)]
    people = [await desk.new_colleague(n) for n in range(50)]
    answers = await asyncio.gather(
        *(
            person.post(f"/api/conversations/{conversation_id}/claim")
            for person in people
            for conversation_id in waiting
        )
    )
    assert sorted({status for status, _ in answers}) == [200, 409]
    won = [answer["conversation"] for status, answer in answers if status == 200]
    assert sorted(conversation["id"] for conversation in won) == sorted(waiting)
    holders = {conversation["id"]: conversation["agent"]["name"] for conversation in won}
    lost = [answer["winner"] for status, answer in answers if status == 409]
    assert len(lost) == 50 * 20 - 20
    assert set(lost) == set(holders.values())


async def test_a_claim_needs_no_body_and_repeats_harmlessly(desk: RunningDesk) -> None:
    conversation_id = await desk.maya_waits()
    ana = await desk.person("ana")
    first = await ana.post(f"/api/conversations/{conversation_id}/claim")
    again = await ana.post(f"/api/conversations/{conversation_id}/claim")
    assert first == again
    assert first[0] == 200


async def test_a_claim_of_an_older_epoch_loses(desk: RunningDesk) -> None:
    conversation_id = await desk.maya_waits()
    ana = await desk.person("ana")
    status, answer = await ana.post(f"/api/conversations/{conversation_id}/claim", {"epoch": 0})
    assert (status, answer["holder"], answer["winner"]) == (409, "queue", None)


async def test_ana_writes_to_maya_and_a_retry_changes_nothing(desk: RunningDesk) -> None:
    ana, conversation_id, _ = await claimed(desk)
    body = {"id": "6f8a2c9e-0000-4000-8000-000000000001", "text": "Hello Maya, I have your order here."}
    status, first = await ana.post(f"/api/conversations/{conversation_id}/messages", body)
    assert status == 201
    assert first["message"]["author"] == "agent"
    assert first["message"]["name"] == "Ana"
    assert await ana.post(f"/api/conversations/{conversation_id}/messages", body) == (200, first)
    _, transcript = await ana.get(f"/api/conversations/{conversation_id}/messages")
    assert [line["text"] for line in transcript["messages"]].count(body["text"]) == 1


async def test_an_id_cannot_carry_other_words(desk: RunningDesk) -> None:
    ana, conversation_id, _ = await claimed(desk)
    await ana.post(f"/api/conversations/{conversation_id}/messages", {"id": "one", "text": "Hello"})
    status, answer = await ana.post(f"/api/conversations/{conversation_id}/messages", {"id": "one", "text": "Goodbye"})
    assert (status, answer["error"]) == (409, "conflict")


async def test_ben_cannot_write_where_ana_holds(desk: RunningDesk) -> None:
    _, conversation_id, epoch = await claimed(desk)
    ben = await desk.person("ben")
    status, answer = await ben.post(f"/api/conversations/{conversation_id}/messages", {"id": "one", "text": "Hello"})
    assert status == 409
    assert (answer["winner"], answer["holder"], answer["epoch"]) == ("Ana", "agent", epoch)
    for action in ("handback", "resolve", "transfer"):
        status, answer = await ben.post(f"/api/conversations/{conversation_id}/{action}", {"epoch": epoch})
        assert (action, status, answer["winner"]) == (action, 409, "Ana")


async def test_handing_back_gives_the_bot_the_note(desk: RunningDesk) -> None:
    ana, conversation_id, epoch = await claimed(desk)
    body = {"epoch": epoch, "note": "Booked a redirect with UPS."}
    status, answer = await ana.post(f"/api/conversations/{conversation_id}/handback", body)
    assert (status, answer["conversation"]["holder"]) == (200, "bot")
    status, conflict = await ana.post(f"/api/conversations/{conversation_id}/handback", body)
    assert (status, conflict["holder"]) == (409, "bot")


@pytest.mark.parametrize("end", ["handback", "resolve"])
async def test_a_blank_note_is_no_word_about_what_is_urgent(desk: RunningDesk, end: str) -> None:
    ana, conversation_id, epoch = await claimed(desk)
    desk.database.write_now(lambda session: session.execute(update(Ticket).values(reason="safety")))
    status, answer = await ana.post(f"/api/conversations/{conversation_id}/{end}", {"epoch": epoch, "note": " "})
    assert (status, answer["error"]) == (422, "unanswered")


async def test_resolving_closes_and_maya_opens_a_new_case_by_writing(desk: RunningDesk) -> None:
    ana, conversation_id, epoch = await claimed(desk)
    body = {"epoch": epoch, "note": "Sent a new label."}
    status, answer = await ana.post(f"/api/conversations/{conversation_id}/resolve", body)
    assert (status, answer["conversation"]["holder"]) == (200, "closed")
    await desk.maya_writes("one more thing")
    _, detail = await ana.get(f"/api/conversations/{conversation_id}")
    assert detail["conversation"]["case"] == 2
    (earlier,) = detail["brief"]["earlier"]
    assert earlier["case"] == 1
    assert earlier["summary"].endswith("They asked for a person. Sent a new label.")


async def test_ana_passes_it_to_ben_or_back_to_the_queue(desk: RunningDesk) -> None:
    ana, conversation_id, epoch = await claimed(desk)
    body = {"epoch": epoch, "agent_id": desk.ids["ben"], "note": "Knows about furniture"}
    status, answer = await ana.post(f"/api/conversations/{conversation_id}/transfer", body)
    assert (status, answer["conversation"]["agent"]) == (200, {"id": desk.ids["ben"], "name": "Ben"})
    ben = await desk.person("ben")
    epoch = answer["conversation"]["epoch"]
    status, answer = await ben.post(f"/api/conversations/{conversation_id}/transfer", {"epoch": epoch})
    assert (status, answer["conversation"]["holder"]) == (200, "queue")


async def test_it_cannot_be_passed_to_nobody_or_to_an_author(desk: RunningDesk) -> None:
    ana, conversation_id, epoch = await claimed(desk)
    for agent_id in ("a_nobody", desk.ids["olive"]):
        body = {"epoch": epoch, "agent_id": agent_id}
        status, answer = await ana.post(f"/api/conversations/{conversation_id}/transfer", body)
        assert status == 422
        assert answer["detail"]
    _, detail = await ana.get(f"/api/conversations/{conversation_id}")
    assert detail["conversation"]["agent"]["name"] == "Ana"


async def test_a_supervisor_takes_over_and_an_agent_may_not(desk: RunningDesk) -> None:
    ana, conversation_id, epoch = await claimed(desk)
    ben, sam = await desk.person("ben"), await desk.person("sam")
    assert (await ben.post(f"/api/conversations/{conversation_id}/takeover", {"epoch": epoch}))[0] == 403
    status, answer = await sam.post(f"/api/conversations/{conversation_id}/takeover", {"epoch": epoch})
    assert (status, answer["conversation"]["agent"]["name"]) == (200, "Sam")
    status, _ = await ana.post(f"/api/conversations/{conversation_id}/messages", {"id": "one", "text": "Hello"})
    assert status == 409


async def test_a_note_is_for_colleagues_and_is_kept_once(desk: RunningDesk) -> None:
    conversation_id = await desk.maya_waits()
    ana, ben = await desk.person("ana"), await desk.person("ben")
    body = {"id": "note-1", "text": "She prefers e-mail."}
    status, written = await ana.post(f"/api/conversations/{conversation_id}/notes", body)
    assert (status, written["note"]["agent"]["name"]) == (201, "Ana")
    assert await ana.post(f"/api/conversations/{conversation_id}/notes", body) == (200, written)
    assert (await ben.post(f"/api/conversations/{conversation_id}/notes", body))[0] == 409
    _, detail = await ben.get(f"/api/conversations/{conversation_id}")
    assert detail["notes"] == [written["note"]]
    assert all(body["text"] != message["text"] for message in detail["messages"])


async def test_ana_says_whether_she_was_needed(desk: RunningDesk) -> None:
    ana, conversation_id, _ = await claimed(desk)
    for needed in (False, True):
        status, answer = await ana.post(f"/api/conversations/{conversation_id}/needed", {"needed": needed})
        assert (status, answer["ticket"]["needed"]) == (200, needed)


async def test_without_a_ticket_there_is_nothing_to_judge(desk: RunningDesk) -> None:
    accepted = await desk.maya_writes("hello")
    ana = await desk.person("ana")
    status, answer = await ana.post(f"/api/conversations/{accepted.conversation_id}/needed", {"needed": True})
    assert (status, answer["error"]) == (409, "no_ticket")


async def test_everyone_sees_who_is_there_and_who_holds_what(desk: RunningDesk) -> None:
    ana, _, _ = await claimed(desk)
    status, answer = await ana.call("PUT", "/api/presence", {"present": True})
    assert (status, answer["agent"]["present"], answer["agent"]["holding"]) == (200, True, 1)
    _, answer = await ana.get("/api/agents")
    assert [(agent["name"], agent["holding"]) for agent in answer["agents"]] == [
        ("Adele", 0),
        ("Ana", 1),
        ("Ben", 0),
        ("Olive", 0),
        ("Sam", 0),
    ]


async def test_what_is_urgent_is_not_closed_without_a_word(desk: RunningDesk) -> None:
    conversation_id = await desk.maya_waits(reason="safety")
    ana = await desk.person("ana")
    _, answer = await ana.post(f"/api/conversations/{conversation_id}/claim", {})
    resolve = f"/api/conversations/{conversation_id}/resolve"
    status, refused = await ana.post(resolve, {"epoch": answer["conversation"]["epoch"], "note": " "})
    assert (status, refused["error"]) == (422, "unanswered")
    assert "Answer first, or leave a note" in refused["detail"]
    body = {"epoch": answer["conversation"]["epoch"], "note": "I called her, she is fine."}
    status, answer = await ana.post(resolve, body)
    assert (status, answer["conversation"]["holder"]) == (200, "closed")


async def test_whatever_an_agent_does_counts_as_being_at_work_and_what_the_page_fetches_does_not(
    desk: RunningDesk,
) -> None:
    ana, conversation_id, _ = await claimed(desk)
    at_work = partial(acts_of, desk, ana)
    address = f"/api/conversations/{conversation_id}"
    due_at = (datetime.now(UTC) + timedelta(hours=2)).isoformat()
    for method, path, body in (
        ("POST", f"{address}/messages", {"id": "r1", "text": "I'm looking into it."}),
        ("POST", f"{address}/notes", {"id": "n1", "text": "A lamp."}),
        ("POST", f"{address}/promises", {"id": "p1", "text": "A call", "due_at": due_at}),
        ("GET", "/api/agents", None),
        ("POST", f"{address}/transfer", {"epoch": 0}),
    ):
        await at_work(None)
        await ana.call(method, path, body)
        assert await at_work() is not None, path
    for path in ("/api/session", "/api/promises", address, "/api/conversations?holder=queue"):
        await at_work(None)
        await ana.get(path)
        assert await at_work() is None, path


async def test_a_declined_offer_is_nobody_elses_to_decline(desk: RunningDesk) -> None:
    ana, ben = await desk.person("ana"), await desk.person("ben")
    conversation_id = await desk.maya_waits()
    await asyncio.to_thread(desk.database.write_now, offered_to, conversation_id, "Ana")
    path = f"/api/conversations/{conversation_id}/decline"
    status, refusal = await ben.post(path)
    assert (status, refusal["error"]) == (409, "not_offered")
    status, answer = await ana.post(path)
    assert (status, answer["conversation"]["holder"]) == (200, "queue")
    status, refusal = await ana.post(path)
    assert (status, refusal["error"]) == (409, "not_offered")


async def acts_of(desk: RunningDesk, person: Person, *forget: None) -> datetime | None:
    """When they acted last, as far as is known; with None, nothing is known any more."""

    def look(session: Session) -> datetime | None:
        agent = session.get_one(Agent, person.id)
        if forget:
            agent.acted_at = None
        return agent.acted_at

    return await desk.database.write(look)


def offered_to(session: Session, conversation_id: str, name: str) -> None:
    """Whatever was offered before, the conversation's ticket is offered to this agent now, who is there to stay."""
    now = datetime.now(UTC)
    ticket = session.scalars(select(Ticket).where(Ticket.conversation_id == conversation_id)).one()
    offers.settle(session, ticket, None, now)
    session.flush()
    agent = session.scalars(select(Agent).where(Agent.name == name)).one()
    agent.present, agent.present_at = True, now + timedelta(hours=1)
    offers.hold_out(session, ticket, agent.id, now)
