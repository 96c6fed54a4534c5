"""Snoozing, teams, what was missed, and finding things again, over HTTP."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handoff import holder, sessions
from handoff.transcript import iso
from tests.integration.api.running_desk import Person, RunningDesk, email_of


def later(**parts: float) -> str:
    return iso(datetime.now(UTC) + timedelta(**parts))


async def claims(person: Person, conversation_id: str) -> int:
    status, answer = await person.post(f"/api/conversations/{conversation_id}/claim")
    assert status == 200
    epoch: int = answer["conversation"]["epoch"]
    return epoch


async def listed(person: Person, query: str) -> list[str]:
    status, answer = await person.get(f"/api/conversations?{query}")
    assert status == 200, answer
    return [one["id"] for one in answer["conversations"]]


async def test_ana_snoozes_until_tomorrow_and_takes_it_up_again(desk: RunningDesk) -> None:
    maya = await desk.maya_waits()
    ana = await desk.person("ana")
    epoch = await claims(ana, maya)
    until = later(days=1)
    body = {"epoch": epoch, "until": until, "note": " the parcel should be there "}
    status, answer = await ana.post(f"/api/conversations/{maya}/snooze", body)
    assert status == 200
    assert answer["conversation"]["snooze"] == {"until": until, "note": "the parcel should be there"}
    assert await listed(ana, "mine=1") == []
    assert await listed(ana, "mine=1&snoozed=1") == [maya]
    assert await listed(await desk.person("ben"), "mine=1&snoozed=1") == []
    _, detail = await ana.get(f"/api/conversations/{maya}")
    assert [(step["kind"], step["until"]) for step in detail["history"]] == [("claimed", None), ("snoozed", until)]
    assert [note["text"] for note in detail["notes"]] == ["the parcel should be there"]
    status, answer = await ana.post(f"/api/conversations/{maya}/wake", {"epoch": epoch})
    assert (status, answer["conversation"]["snooze"]) == (200, None)
    assert await listed(ana, "mine=1") == [maya]


@pytest.mark.parametrize(
    ("until", "status", "error"),
    [
        (later(minutes=-1), 422, "bad_time"),
        (later(days=100), 422, "bad_time"),
        ("2099-01-01T10:00:00", 400, "malformed"),
        ("tomorrow", 400, "malformed"),
        (None, 400, "malformed"),
    ],
)
async def test_a_time_that_will_not_do_is_refused(desk: RunningDesk, until: Any, status: int, error: str) -> None:
    maya = await desk.maya_waits()
    ana = await desk.person("ana")
    epoch = await claims(ana, maya)
    answered, answer = await ana.post(f"/api/conversations/{maya}/snooze", {"epoch": epoch, "until": until})
    assert (answered, answer["error"]) == (status, error)


async def test_somebody_elses_conversation_can_not_be_snoozed(desk: RunningDesk) -> None:
    maya = await desk.maya_waits()
    ana, ben = await desk.person("ana"), await desk.person("ben")
    epoch = await claims(ana, maya)
    status, answer = await ben.post(f"/api/conversations/{maya}/snooze", {"epoch": epoch, "until": later(hours=1)})
    assert (status, answer["error"], answer["winner"]) == (409, "conflict", "Ana")


async def test_passing_on_to_a_team(desk: RunningDesk) -> None:
    maya = await desk.maya_waits()
    ana = await desk.person("ana")
    epoch = await claims(ana, maya)
    await desk.has_skills("ben", "billing")
    _, colleagues = await ana.get("/api/agents")
    assert colleagues["teams"] == [{"name": "billing", "agents": 1, "present": 0}]
    transfer = f"/api/conversations/{maya}/transfer"
    status, answer = await ana.post(transfer, {"epoch": epoch, "team": "juggling"})
    assert (status, answer["error"]) == (422, "no_such_team")
    status, answer = await ana.post(transfer, {"epoch": epoch, "team": "billing", "agent_id": ana.id})
    assert (status, answer["error"]) == (400, "malformed")
    status, answer = await ana.post(transfer, {"epoch": epoch, "team": "billing", "note": "charged twice"})
    assert status == 200
    assert (answer["conversation"]["holder"], answer["conversation"]["ticket"]["skills"]) == ("queue", ["billing"])


async def test_ana_reads_what_ran_out_on_her_and_ben_does_not(desk: RunningDesk) -> None:
    maya = await desk.maya_waits()
    ana, ben = await desk.person("ana"), await desk.person("ben")
    await claims(ana, maya)
    await desk.database.write(holder.expire_leases, datetime.now(UTC) + timedelta(minutes=5))
    _, answer = await ana.get("/api/missed")
    [missed] = answer["missed"]
    assert (missed["kind"], missed["conversation_id"], missed["ticket"]) == ("lease_lost", maya, "T-1001")
    assert missed["text"] == "Ana took it and had not written after 3 minutes: back to its place in the queue."
    assert await ben.get("/api/missed") == (200, {"missed": []})


async def test_older_messages_come_a_page_at_a_time(desk: RunningDesk) -> None:
    for number in range(120):
        accepted = await desk.maya_writes(f"message {number}")
    ana = await desk.person("ana")
    path = f"/api/conversations/{accepted.conversation_id}/messages"
    seqs = []
    for before in (121, 21, 1):
        _, answer = await ana.get(f"{path}?before={before}")
        seqs.append([message["seq"] for message in answer["messages"]])
    assert seqs == [list(range(21, 121)), list(range(1, 21)), []]
    assert (await ana.get(f"{path}?before=5&after=2"))[0] == 400


async def test_searching_finds_what_any_holder_has(desk: RunningDesk) -> None:
    maya = await desk.maya_waits()
    await desk.maya_writes("a lamp, please", "omar")
    ana = await desk.person("ana")
    assert await listed(ana, "q=t-1001") == [maya]
    assert len(await listed(ana, "q=lamp")) == 1
    assert len(await listed(ana, "q=Maya")) == 2
    assert (await ana.get("/api/conversations?q=x"))[0] == 400
    assert (await (await desk.person("olive")).get("/api/conversations?q=lamp"))[0] == 403


async def test_a_password_changed_twice_at_once_is_changed_once(desk: RunningDesk) -> None:
    known = await desk.database.read(sessions.known_hash, email_of("ana"))
    ana = await desk.person("ana")
    assert known is not None
    body = [{"current": "correct horse battery", "new": f"another good one {n}"} for n in range(2)]
    answers = await asyncio.gather(*(ana.call("PUT", "/api/password", one) for one in body))
    assert sorted(status for status, _ in answers) == [204, 422]
