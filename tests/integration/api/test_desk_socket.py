"""The desk's live side, with a real Socket.IO client."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import socketio
from socketio.exceptions import ConnectionError as ConnectionRefused
from sqlalchemy.orm import Session

from connectors.gateway import desk_feed, desk_socket
from connectors.gateway.bus import Hint
from handoff import agents, customer_view, desk_news, holder, inbox, outbox
from handoff.desk_news import DeskNews
from handoff.inbox import Inbound
from tests.integration.api.running_desk import GRACE_SECONDS, Person, RunningDesk, email_of
from tests.people import present_ids

PATIENCE_SECONDS = 30.0


class OpenDesk:
    """A desk in somebody's browser: everything it was told, in order."""

    def __init__(self) -> None:
        self.client = socketio.AsyncClient(reconnection=False)
        self.heard: list[tuple[str, Any]] = []
        self._news = asyncio.Condition()
        self.client.on("*", self._hear, namespace="/desk")

    async def _hear(self, event: str, frame: Any = None) -> None:
        async with self._news:
            self.heard.append((event, frame))
            self._news.notify_all()

    def all(self, event: str) -> list[Any]:
        return [frame for name, frame in self.heard if name == event]

    async def until(self, event: str, fits: Callable[[Any], bool] = lambda _: True) -> Any:
        """The first frame of this kind that fits, heard already or yet to come."""
        async with asyncio.timeout(PATIENCE_SECONDS), self._news:
            while True:
                for frame in self.all(event):
                    if fits(frame):
                        return frame
                await self._news.wait()

    async def say(self, event: str, frame: Any) -> None:
        await self.client.emit(event, frame, namespace="/desk")


@asynccontextmanager
async def open_desk(person: Person, transport: str = "websocket", **headers: str) -> AsyncIterator[OpenDesk]:
    desk = OpenDesk()
    await desk.client.connect(
        person.url,
        headers={"Cookie": person.cookie, **headers},
        namespaces=["/desk"],
        transports=[transport],
        wait_timeout=PATIENCE_SECONDS,
    )
    try:
        yield desk
    finally:
        await hang_up(desk.client)


async def hang_up(client: socketio.AsyncClient) -> None:
    """As a browser does: the request that waits for news is given up. The library's client would wait it out (30 s)."""
    reading = client.eio.read_loop_task
    client.eio.disconnect = partial(client.eio.disconnect, abort=True)
    await client.disconnect()
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)


@pytest.fixture
def quick_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    """What no hint told is found sooner than it would be outside tests."""
    monkeypatch.setattr(desk_feed, "POLL_SECONDS", 0.1)
    monkeypatch.setattr(desk_socket, "CHECK_SECONDS", 0.1)


@pytest.mark.parametrize("transport", ["websocket", "polling"])
async def test_ana_is_greeted_with_who_she_is_and_how_much_waits(desk: RunningDesk, transport: str) -> None:
    await desk.maya_waits()
    ana = await desk.person("ana")
    async with open_desk(ana, transport) as screen:
        hello = await screen.until("hello")
    assert hello["agent"]["name"] == "Ana"
    assert hello["counts"] == {"queue": 1, "mine": 0, "snoozed": 0, "agent": 0, "bot": 0}


async def test_a_new_customer_in_the_queue_appears_on_every_desk(desk: RunningDesk) -> None:
    ana, ben = await desk.person("ana"), await desk.person("ben")
    async with open_desk(ana) as hers, open_desk(ben) as his:
        await hers.until("hello")
        await his.until("hello")
        conversation_id = await desk.maya_waits()
        for screen in (hers, his):
            summary = await screen.until("conversation", lambda frame: frame["holder"] == "queue")
            assert summary["id"] == conversation_id
            assert summary["ticket"]["position"] == 1
            await screen.until("counts", lambda counts: counts["queue"] == 1)


async def test_places_in_the_queue_move_up_when_somebody_is_claimed(desk: RunningDesk) -> None:
    first, second = await desk.maya_waits("maya"), await desk.maya_waits("omar")
    ana = await desk.person("ana")
    async with open_desk(ana) as screen:
        await screen.until("hello")
        await ana.post(f"/api/conversations/{first}/claim")
        mine = await screen.until("conversation", lambda frame: frame["id"] == first and frame["holder"] == "agent")
        assert mine["agent"]["name"] == "Ana"
        moved = await screen.until("conversation", lambda frame: frame["id"] == second)
        assert moved["ticket"]["position"] == 1
        await screen.until(
            "counts", lambda counts: counts == {"queue": 1, "mine": 1, "snoozed": 0, "agent": 1, "bot": 0}
        )


async def test_watching_replays_what_is_missing_and_goes_on_live(desk: RunningDesk) -> None:
    conversation_id = await desk.maya_waits()
    ana = await desk.person("ana")
    async with open_desk(ana) as screen:
        await screen.until("hello")
        await screen.say("watch", {"id": conversation_id, "last_seq": 0})
        await screen.until("message", lambda frame: frame["message"]["seq"] == 2)
        await desk.maya_writes("are you there?")
        live = await screen.until("message", lambda frame: frame["message"]["seq"] == 3)
        assert live["conversation_id"] == conversation_id
        assert live["message"]["text"] == "are you there?"
        await screen.say("unwatch", {"id": conversation_id})
        await screen.say("watch", {"id": "c_unknown"})  # answered after the frame before it was taken
        await screen.until("error_notice")
        await desk.maya_writes("hello?")
        await screen.until("conversation", lambda frame: frame["last_seq"] == 4)
        assert [frame["message"]["seq"] for frame in screen.all("message")] == [1, 2, 3]


async def test_a_message_whose_state_changes_is_told_again(desk: RunningDesk) -> None:
    conversation_id = await desk.maya_waits()
    ana = await desk.person("ana")
    async with open_desk(ana) as screen:
        await screen.until("hello")
        await screen.say("watch", {"id": conversation_id, "last_seq": 2})
        await screen.until(
            "message", lambda frame: frame["message"]["seq"] == 2 and frame["message"]["state"] == "pending"
        )
        await desk.database.write(customer_view.news, conversation_id, 0, datetime.now(UTC))
        await desk.database.write(outbox.all_shown, {conversation_id: 2}, datetime.now(UTC))
        desk.bus.changed(conversation_id)
        await screen.until(
            "message", lambda frame: frame["message"]["seq"] == 2 and frame["message"]["state"] == "sent"
        )


async def test_a_lost_hint_only_costs_time(quick_polls: None, desk: RunningDesk) -> None:
    ana = await desk.person("ana")
    async with open_desk(ana) as screen:
        await screen.until("hello")
        desk.bus.changed = lambda conversation_id: None  # type: ignore[method-assign]
        conversation_id = await desk.maya_waits()
        await screen.until("conversation", lambda frame: frame["id"] == conversation_id and frame["holder"] == "queue")


async def test_a_change_that_was_committed_late_is_found_too(quick_polls: None, desk: RunningDesk) -> None:
    ana = await desk.person("ana")
    async with open_desk(ana) as screen:
        await screen.until("hello")
        began = datetime.now(UTC) - timedelta(seconds=20)
        accepted = await desk.database.write(inbox.accept, Inbound("web", "maya", "m1", "hello"), began)
        await screen.until("conversation", lambda frame: frame["id"] == accepted.conversation_id)


async def test_opening_a_conversation_and_typing_in_it_count_as_being_at_work(desk: RunningDesk) -> None:
    conversation_id = await desk.maya_waits()
    ana, ben = await desk.person("ana"), await desk.person("ben")
    await ana.post(f"/api/conversations/{conversation_id}/claim")
    async with open_desk(ana) as hers, open_desk(ben) as his:
        await his.say("watch", {"id": conversation_id})
        await his.until("seen")
        assert await desk.database.read(acted_at, ben.id) is not None
        claimed_at = await desk.database.read(acted_at, ana.id)
        await hers.say("typing", {"id": conversation_id, "on": True})
        await his.until("typing")
        typed_at = await desk.database.read(acted_at, ana.id)
    assert claimed_at is not None
    assert typed_at is not None
    assert typed_at > claimed_at


def acted_at(session: Session, agent_id: str) -> datetime | None:
    return agents.by_id(session, agent_id).acted_at


async def test_typing_and_seen_reach_those_who_watch(desk: RunningDesk) -> None:
    conversation_id = await desk.maya_waits()
    ana, ben = await desk.person("ana"), await desk.person("ben")
    await ana.post(f"/api/conversations/{conversation_id}/claim")
    hints: list[Hint] = []
    desk.bus.listen(hints.append)
    async with open_desk(ana) as hers, open_desk(ben) as his:
        for screen in (hers, his):
            await screen.until("hello")
            await screen.say("watch", {"id": conversation_id})
            await screen.until("seen")
        desk.bus.publish(Hint("typing", conversation_id, {"on": True, "author": "customer"}))
        desk.bus.publish(Hint("seen", conversation_id, {"seq": 2, "author": "customer"}))
        for screen in (hers, his):
            assert await screen.until("typing") == {
                "conversation_id": conversation_id,
                "on": True,
                "author": "customer",
                "name": None,
            }
            await screen.until("seen", lambda frame: frame == {"conversation_id": conversation_id, "seq": 2})
        await hers.say("typing", {"id": conversation_id, "on": True})
        typed = await his.until("typing", lambda frame: frame["author"] == "agent")
        assert typed["name"] == "Ana"
        await his.say("typing", {"id": conversation_id, "on": True})
        await his.say("watch", {"id": "c_unknown"})
        await his.until("error_notice")
    assert [hint.data["name"] for hint in hints if hint.kind == "typing" and hint.data["author"] == "agent"] == ["Ana"]
    assert [frame["author"] for frame in hers.all("typing")] == ["customer"]


async def test_only_the_holder_can_have_read_it_for_the_customer(desk: RunningDesk) -> None:
    conversation_id = await desk.maya_waits()
    ana, ben = await desk.person("ana"), await desk.person("ben")
    await ana.post(f"/api/conversations/{conversation_id}/claim")
    async with open_desk(ana) as hers, open_desk(ben) as his:
        await his.until("hello")
        await his.say("seen", {"id": conversation_id, "seq": 1})
        await his.say("watch", {"id": "c_unknown"})
        await his.until("error_notice")
        state = await desk.database.read(customer_view.state, conversation_id, datetime.now(UTC))
        assert state["seen_seq"] == 0
        await hers.until("hello")
        await hers.say("seen", {"id": conversation_id, "seq": 1})
        await hers.until("conversation", lambda frame: frame["id"] == conversation_id and frame["unread"] == 0)
        state = await desk.database.read(customer_view.state, conversation_id, datetime.now(UTC))
        assert state["seen_seq"] == 1


async def test_a_lost_lease_is_told_to_the_one_who_lost_it(desk: RunningDesk) -> None:
    conversation_id = await desk.maya_waits()
    ana, ben = await desk.person("ana"), await desk.person("ben")
    async with open_desk(ana) as hers, open_desk(ben) as his:
        await hers.until("hello")
        await his.until("hello")
        await ana.post(f"/api/conversations/{conversation_id}/claim")
        await hers.until("conversation", lambda frame: frame["holder"] == "agent")
        later = datetime.now(UTC) + holder.FIRST_REPLY_WITHIN + timedelta(seconds=1)
        await desk.database.write(holder.expire_leases, later)
        desk.bus.changed(conversation_id)
        lost = await hers.until("lease_lost")
        assert lost["conversation_id"] == conversation_id
        await his.until("conversation", lambda frame: frame["holder"] == "queue")
        assert his.all("lease_lost") == []
        assert len(hers.all("lease_lost")) == 1


async def test_signing_out_closes_every_desk_of_that_session(desk: RunningDesk) -> None:
    ana = await desk.person("ana")
    async with open_desk(ana) as screen:
        await screen.until("hello")
        await ana.call("DELETE", "/api/session")
        await screen.until("signed_out")
        async with asyncio.timeout(PATIENCE_SECONDS):
            await screen.client.wait()


async def test_a_disabled_account_is_cut_off_without_a_hint(quick_polls: None, desk: RunningDesk) -> None:
    ana = await desk.person("ana")
    async with open_desk(ana) as screen:
        await screen.until("hello")
        await desk.database.write(agents.disable_agent, email_of("ana"), datetime.now(UTC))
        await screen.until("signed_out")


@pytest.mark.parametrize("name", [None, "olive"])
async def test_nobody_else_gets_a_desk(desk: RunningDesk, name: str | None) -> None:
    person = await desk.person(name)
    with pytest.raises(ConnectionRefused):
        async with open_desk(person):
            pass


async def test_another_sites_page_gets_no_desk_even_with_the_cookie(desk: RunningDesk) -> None:
    ana = await desk.person("ana")
    with pytest.raises(ConnectionRefused):
        async with open_desk(ana, Origin="https://evil.example"):
            pass
    async with open_desk(ana, Origin=desk.url) as screen:
        await screen.until("hello")


@pytest.mark.parametrize(
    "frame", [None, [], "x", {}, {"id": 7}, {"id": "\0"}, {"id": "c", "last_seq": -1}, {"id": "c", "x": 1}]
)
async def test_a_frame_that_makes_no_sense_is_answered_and_breaks_nothing(desk: RunningDesk, frame: Any) -> None:
    ana = await desk.person("ana")
    async with open_desk(ana) as screen:
        await screen.until("hello")
        await screen.say("watch", frame)
        notice = await screen.until("error_notice")
        assert notice["error"] == "malformed"
        assert screen.client.connected


async def present(desk: RunningDesk) -> list[str]:
    return await desk.database.read(present_ids)


async def until_present(desk: RunningDesk, names: list[str], hints: asyncio.Queue[Hint]) -> None:
    """Wait for these people, and nobody else, to be present. The hint comes after the change."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await present(desk) != [desk.ids[name] for name in names]:
            await hints.get()


async def test_ana_is_there_while_her_desk_is_open_and_away_soon_after(desk: RunningDesk) -> None:
    ana = await desk.person("ana")
    hints: asyncio.Queue[Hint] = asyncio.Queue()
    desk.bus.listen(hints.put_nowait)
    async with open_desk(ana) as screen:
        await screen.until("hello")
        await ana.call("PUT", "/api/presence", {"present": True})
        async with open_desk(ana) as other:
            await other.until("hello")
        await asyncio.sleep(GRACE_SECONDS * 3)
        assert await present(desk) == [ana.id]
    await until_present(desk, [], hints)


async def test_ana_is_back_when_her_desk_is_back(desk: RunningDesk) -> None:
    ana = await desk.person("ana")
    hints: asyncio.Queue[Hint] = asyncio.Queue()
    desk.bus.listen(hints.put_nowait)
    status, answer = await ana.call("PUT", "/api/presence", {"present": True})
    assert (status, answer["agent"]["present"]) == (200, True)
    await until_present(desk, [], hints)
    async with open_desk(ana):
        await until_present(desk, ["ana"], hints)


async def test_who_says_away_stays_away_with_the_desk_open(desk: RunningDesk) -> None:
    ana = await desk.person("ana")
    async with open_desk(ana) as screen:
        await screen.until("hello")
        await ana.call("PUT", "/api/presence", {"present": True})
        status, answer = await ana.call("PUT", "/api/presence", {"present": False})
        assert (status, answer["agent"]["present"]) == (200, False)
        async with open_desk(ana) as other:
            await other.until("hello")
            assert await present(desk) == []


async def test_a_conversation_that_cannot_be_shown_hides_no_other_and_is_tried_again(
    desk: RunningDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, tries = "", 0

    def breaks_on_one(session: Session, changed: list[str], *more: Any) -> DeskNews:
        nonlocal tries
        if broken in changed:
            tries += 1
            if tries <= 3:
                raise KeyError("this one can't be read")
        return desk_news.desk_news(session, changed, *more)

    monkeypatch.setattr(desk_feed, "desk_news", breaks_on_one)
    monkeypatch.setattr(desk_feed, "RETRY_SECONDS", 0.05)
    ana = await desk.person("ana")
    async with open_desk(ana) as screen:
        await screen.until("hello")
        broken = (await desk.maya_writes("hello", "maya")).conversation_id
        omar = (await desk.maya_writes("hello", "omar")).conversation_id
        await screen.until("conversation", lambda frame: frame["id"] == omar)
        await screen.until("conversation", lambda frame: frame["id"] == broken)
    assert tries > 3
