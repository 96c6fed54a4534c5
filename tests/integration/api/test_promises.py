"""Promises and answers by e-mail, over HTTP."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from handoff.schema import Ticket
from tests.integration.api.running_desk import Person, RunningDesk
from tests.integration.api.test_holding import claimed

SOON = (datetime.now(UTC) + timedelta(days=2)).isoformat()


async def promises_call(person: Person, conversation_id: str, **other: str) -> tuple[int, dict[str, object]]:
    body = {"id": "p-1", "text": "call you back.", "due_at": SOON, **other}
    status, answer = await person.post(f"/api/conversations/{conversation_id}/promises", body)
    return status, answer


async def test_an_agent_promises_and_the_customer_and_the_list_have_it(desk: RunningDesk) -> None:
    ana, maya, _ = await claimed(desk)
    status, answer = await promises_call(ana, maya)
    assert status == 201, answer
    assert (await promises_call(ana, maya))[0] == 200
    _, detail = await ana.get(f"/api/conversations/{maya}")
    said = [message["text"] for message in detail["messages"] if message["text"].startswith("Ana has promised")]
    assert len(said) == 1
    assert said[0].startswith("Ana has promised to call you back, by ")
    ben = await desk.person("ben")
    _, listed = await ben.get("/api/promises")
    assert [(one["id"], one["state"], one["agent"]["name"]) for one in listed["promises"]] == [("p-1", "open", "Ana")]
    status, answer = await ben.post("/api/promises/p-1/kept")
    assert (status, answer["promise"]["state"]) == (200, "kept")
    assert (await ben.get("/api/promises"))[1] == {"promises": []}
    _, of_maya = await ben.get(f"/api/conversations/{maya}/promises")
    assert [one["state"] for one in of_maya["promises"]] == ["kept"]
    status, answer = await ben.post("/api/promises/p-1/released")
    assert (status, answer["error"]) == (422, "bad_promise")


async def test_only_the_holder_promises_and_only_what_can_be_kept(desk: RunningDesk) -> None:
    ana, maya, _ = await claimed(desk)
    ben = await desk.person("ben")
    assert (await promises_call(ben, maya))[0] == 409
    past = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    status, answer = await promises_call(ana, maya, due_at=past)
    assert (status, answer["error"]) == (422, "bad_promise")
    assert (await promises_call(ana, maya, due_at="tomorrow"))[0] == 400
    assert (await promises_call(ana, maya, text="  "))[0] == 400
    assert (await ana.post("/api/promises/p-9/kept"))[0] == 404
    olive = await desk.person("olive")
    assert (await olive.get("/api/promises"))[0] == 403


async def test_the_agent_answers_by_e_mail_where_the_customer_left_an_address(desk: RunningDesk) -> None:
    ana, maya, epoch = await claimed(desk)
    status, answer = await ana.post(f"/api/conversations/{maya}/emailed", {"epoch": epoch})
    assert (status, answer["error"]) == (422, "no_email")
    desk.database.write_now(leave_address, maya)
    status, answer = await ana.post(f"/api/conversations/{maya}/emailed", {"epoch": epoch})
    assert status == 200, answer
    assert answer["conversation"]["ticket"]["email"] == "maya@example.com"
    _, detail = await ana.get(f"/api/conversations/{maya}")
    assert detail["messages"][-1]["text"] == "Ana has answered you by e-mail, at maya@example.com."
    assert detail["ticket"]["first_reply_at"] is not None
    ben = await desk.person("ben")
    assert (await ben.post(f"/api/conversations/{maya}/emailed", {"epoch": epoch}))[0] == 409


def leave_address(session: Session, conversation_id: str) -> None:
    ticket = session.scalars(select(Ticket).where(Ticket.conversation_id == conversation_id)).one()
    ticket.email = "maya@example.com"
