"""Every field of every route, with values that break things elsewhere. Generated from the routes themselves."""

from typing import Any
from urllib.parse import quote

from connectors.gateway.api.route import Route
from connectors.gateway.api.routes import ROUTES
from tests.integration.api.running_desk import RunningDesk

NASTY: list[Any] = [
    None,
    True,
    -1,
    0,
    2**31,
    2**63,
    10**400,
    1.5,
    1e308,
    "",
    " ",
    "\0",
    "a\0b",
    "\u202e\u0000\ufeff",
    "😀" * 3000,
    "x" * 20_000,
    "'; DROP TABLE agent; --",
    "{}",
    "../../etc/passwd",
    "/human",
    [],
    [1] * 1000,
    {},
    {"$ne": None},
]
USUAL = {
    "epoch": 1,
    "id": "one",
    "text": "Hello",
    "needed": True,
    "present": False,
    "email": "ana@x.example",
    "password": "p",
    "due_at": "2026-03-02T12:00:00Z",
    "until": "2026-03-02T12:00:00Z",
    "current": "p",
    "new": "another password",
}
NASTY_WORDS = [str(value) for value in NASTY if isinstance(value, str | int | float)]


async def test_no_value_in_any_body_breaks_the_desk(desk: RunningDesk) -> None:
    conversation_id = await desk.maya_waits()
    sam = await desk.person("sam")
    for route in _with("body"):
        assert route.body is not None
        needed = {name: USUAL[name] for name, field in route.body.model_fields.items() if field.is_required()}
        for field in route.body.model_fields:
            for value in NASTY:
                path = route.path.format(conversation_id=conversation_id)
                status, answer = await sam.call(route.method, path, {**needed, field: value})
                assert status < 500, (route.name, field, value, answer)
        for body in NASTY:
            status, answer = await sam.call(route.method, route.path.format(conversation_id=conversation_id), body)
            assert status < 500, (route.name, body, answer)


async def test_no_value_in_any_address_breaks_the_desk(desk: RunningDesk) -> None:
    conversation_id = await desk.maya_waits()
    ana = await desk.person("ana")
    for route in _with("query"):
        assert route.query is not None
        for field in route.query.model_fields:
            for word in NASTY_WORDS:
                path = route.path.format(conversation_id=conversation_id)
                status, answer = await ana.get(f"{path}?{field}={quote(word[:4000])}")
                assert status < 500, (route.name, field, word, answer)
    for route in ROUTES:
        if "{" in route.path:
            for word in NASTY_WORDS:
                path = "/".join(quote(word[:2000], safe="") if "{" in step else step for step in route.path.split("/"))
                status, answer = await ana.call(route.method, path)
                assert status < 500, (route.name, word, answer)


def _with(part: str) -> list[Route]:
    return [route for route in ROUTES if getattr(route, part) is not None]
