"""Lists of conversations, and one conversation with everything beside it."""

import secrets

import pytest

from tests.integration.api.running_desk import Person, RunningDesk


async def pages(person: Person, query: str, limit: int = 2) -> list[list[str]]:
    """The ids on each page of a list."""
    found: list[list[str]] = []
    cursor = ""
    while True:
        status, answer = await person.get(f"/api/conversations?{query}&limit={limit}{cursor}")
        assert status == 200, answer
        found.append([conversation["id"] for conversation in answer["conversations"]])
        if answer["next_cursor"] is None:
            return found
        cursor = f"&cursor={answer['next_cursor']}"


async def test_the_queue_shows_who_waits_in_the_order_they_are_served(desk: RunningDesk) -> None:
    first = await desk.maya_waits("maya")
    second = await desk.maya_waits("omar")
    urgent = await desk.maya_waits("priya", reason="safety")
    ana = await desk.person("ana")
    assert await pages(ana, "holder=queue") == [[urgent, first], [second]]
    _, answer = await ana.get("/api/conversations?holder=queue")
    assert [row["ticket"]["position"] for row in answer["conversations"]] == [1, 2, 3]
    assert answer["counts"] == {"queue": 3, "mine": 0, "snoozed": 0, "agent": 0, "bot": 0}


async def test_a_summary_says_what_a_list_needs(desk: RunningDesk) -> None:
    conversation_id = await desk.maya_waits()
    ana = await desk.person("ana")
    _, answer = await ana.get("/api/conversations?holder=queue")
    (summary,) = answer["conversations"]
    assert summary["id"] == conversation_id
    assert summary["channel"] == "web"
    assert summary["customer"] == {"name": "Maya"}
    assert summary["holder"] == "queue"
    assert summary["agent"] is None
    assert summary["case"] == 1
    assert summary["ticket"]["reason"] == "asked"
    assert summary["unread"] == 1
    assert summary["last_message"]["author"] == "customer", "a receipt reads the same in every row"
    assert summary["updated_at"].endswith("Z")


async def test_mine_are_those_i_hold(desk: RunningDesk) -> None:
    ana, ben = await desk.person("ana"), await desk.person("ben")
    hers, his = await desk.maya_waits("maya"), await desk.maya_waits("omar")
    await ana.post(f"/api/conversations/{hers}/claim", {})
    await ben.post(f"/api/conversations/{his}/claim", {})
    assert await pages(ana, "mine=1") == [[hers]]
    assert sorted((await pages(ana, "holder=agent", limit=5))[0]) == sorted([hers, his])
    _, answer = await ana.get("/api/conversations?mine=1")
    assert answer["counts"] == {"queue": 0, "mine": 1, "snoozed": 0, "agent": 2, "bot": 0}


async def test_turning_pages_neither_skips_nor_doubles_what_changes_meanwhile(desk: RunningDesk) -> None:
    written = [(await desk.maya_writes("hello", f"customer {n}")).conversation_id for n in range(6)]
    ana = await desk.person("ana")
    _, first = await ana.get("/api/conversations?holder=bot&limit=3")
    await desk.maya_writes("are you there?", "customer 0")
    await desk.maya_writes("are you there?", "customer 5")
    await desk.maya_writes("hello", "a new customer")
    _, second = await ana.get(f"/api/conversations?holder=bot&limit=3&cursor={first['next_cursor']}")
    seen = [row["id"] for row in first["conversations"] + second["conversations"]]
    assert seen == written[::-1]


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=many", "holder=nobody", "colour=red", "cursor=%00", "cursor=WzFd", "cursor=?"],
)
async def test_a_list_that_cannot_be_made_is_refused_in_words(desk: RunningDesk, query: str) -> None:
    ana = await desk.person("ana")
    status, answer = await ana.get(f"/api/conversations?{query}")
    assert (status, answer["error"]) == (400, "malformed")
    assert answer["detail"]


async def test_a_queue_cursor_does_not_fit_another_list(desk: RunningDesk) -> None:
    for address in ("maya", "omar"):
        await desk.maya_waits(address)
    ana = await desk.person("ana")
    _, answer = await ana.get("/api/conversations?holder=queue&limit=1")
    status, refusal = await ana.get(f"/api/conversations?holder=bot&cursor={answer['next_cursor']}")
    assert (status, refusal["error"]) == (400, "malformed")


async def test_one_conversation_comes_with_all_an_agent_needs(desk: RunningDesk) -> None:
    accepted = await desk.maya_writes("where's my order 10412?")
    understanding = {
        "intent": {"name": "track_order", "confidence": 0.97},
        "faq": None,
        "entities": [],
        "frustration": None,
    }
    await desk.bot_answers("Which e-mail did you use?", understanding=understanding)
    await desk.maya_waits(slots={"order_number": "FD-10412"})
    ana = await desk.person("ana")
    status, detail = await ana.get(f"/api/conversations/{accepted.conversation_id}")
    assert status == 200
    assert [message["seq"] for message in detail["messages"]] == list(range(1, len(detail["messages"]) + 1))
    assert detail["messages"][0]["text"] == "where's my order 10412?"
    assert detail["messages"][0]["understanding"]["intent"]["name"] == "track_order"
    assert detail["ticket"]["state"] == "queued"
    assert detail["ticket"]["number"].startswith("T-")
    assert detail["notes"] == []
    assert detail["customer"]["name"] == "Maya"
    assert detail["brief"]["summary"][0] == "The customer wants to know where an order is (order FD-10412)."


async def test_the_brief_shows_the_verified_customers_orders(desk: RunningDesk) -> None:
    conversation_id = await desk.maya_waits()
    order = {
        "number": "FD-10412",
        "state": "shipped",
        "placed_at": "2026-03-01T09:00:00.000Z",
        "due_at": None,
        "delivered_at": None,
        "carrier": "UPS",
        "tracking_number": "1Z",
        "items": [{"name": "Linen shirt", "size": "M", "quantity": 1, "price": "49.00"}],
        "total": "49.00",
        "currency": "USD",
        "email_masked": "m•••@example.com",
    }
    desk.shop.orders[f"{conversation_id}.1"] = [order]
    ana = await desk.person("ana")
    _, detail = await ana.get(f"/api/conversations/{conversation_id}")
    assert detail["brief"]["orders"] == [order]
    assert detail["brief"]["orders_note"] is None


async def test_a_shop_that_does_not_answer_is_said_so_and_hides_nothing_else(desk: RunningDesk) -> None:
    conversation_id = await desk.maya_waits()
    desk.shop.is_up = False
    ana = await desk.person("ana")
    status, detail = await ana.get(f"/api/conversations/{conversation_id}")
    assert status == 200
    assert detail["brief"]["orders"] == []
    assert "does not answer" in detail["brief"]["orders_note"]
    assert detail["messages"]


async def test_messages_can_be_read_from_any_point_on(desk: RunningDesk) -> None:
    conversation_id = await desk.maya_waits()
    await desk.maya_writes("still here")
    ana = await desk.person("ana")
    _, everything = await ana.get(f"/api/conversations/{conversation_id}/messages")
    _, rest = await ana.get(f"/api/conversations/{conversation_id}/messages?after=2")
    assert rest["messages"] == everything["messages"][2:]


@pytest.mark.parametrize("path", ["", "/messages"])
async def test_an_unknown_conversation_is_not_found(desk: RunningDesk, path: str) -> None:
    ana = await desk.person("ana")
    for strange in ("c_unknown", "%00", "..%2f..%2fetc", "x" * 500):
        status, answer = await ana.get(f"/api/conversations/{strange}{path}")
        assert (status, answer["error"]) == (404, "not_found")


async def test_a_conversations_routes_do_not_exist_for_unknown_ids(desk: RunningDesk) -> None:
    ana = await desk.person("ana")
    bodies: dict[str, object] = {
        "claim": {},
        "messages": {"id": secrets.token_hex(4), "text": "hello"},
        "handback": {"epoch": 1, "note": ""},
        "resolve": {"epoch": 1},
        "transfer": {"epoch": 1},
        "notes": {"id": secrets.token_hex(4), "text": "hello"},
        "needed": {"needed": True},
    }
    for action, body in bodies.items():
        status, answer = await ana.post(f"/api/conversations/c_unknown/{action}", body)
        assert (action, status, answer["error"]) == (action, 404, "not_found")
