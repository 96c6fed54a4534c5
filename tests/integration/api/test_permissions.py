"""Every route against every role. The expectation is generated from the one table, the request from the route."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.gateway.api.route import Route
from connectors.gateway.api.routes import ROUTES
from handoff.access import PERMISSIONS
from handoff.agents import ROLES
from handoff.transcript import iso
from tests.integration.api.running_desk import PASSWORD, Person, RunningDesk

NAME_OF = {"agent": "ana", "supervisor": "sam", "author": "olive", "admin": "adele"}
FOR_SIGNED_IN = [route for route in ROUTES if route.permission is not None]
BODIES: dict[str, object] = {
    "set_presence": {"present": True},
    "say": {"id": "one", "text": "Hello"},
    "write_note": {"id": "one", "text": "Hello"},
    "judge": {"needed": True},
    "hand_back": {"epoch": 1},
    "resolve": {"epoch": 1},
    "transfer": {"epoch": 1},
    "snooze": {"epoch": 1, "until": iso(datetime.now(UTC) + timedelta(days=1))},
    "wake": {"epoch": 1},
    "change_password": {"current": PASSWORD, "new": "another good one"},
    "take_over": {"epoch": 1},
    "make_promise": {"id": "p_one", "text": "Call back", "due_at": iso(datetime.now(UTC) + timedelta(days=1))},
    "say_by_email": {"epoch": 1},
}


def path_of(route: Route, conversation_id: str) -> str:
    return route.path.format(conversation_id=conversation_id, promise_id="p_unknown")


async def call(person: Person, route: Route, conversation_id: str) -> tuple[int, Any]:
    if route.form is not None:
        return await person.send_file(path_of(route, conversation_id), b"\x89PNG\r\n\x1a\n")
    return await person.call(route.method, path_of(route, conversation_id), BODIES.get(route.name))


@pytest.mark.parametrize(
    ("route", "role"), list(itertools.product(FOR_SIGNED_IN, ROLES)), ids=lambda value: getattr(value, "name", value)
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_each_role_may_do_what_the_table_says_and_nothing_else(
    desk: RunningDesk, route: Route, role: str
) -> None:
    conversation_id = await desk.maya_waits()
    person = await desk.person(NAME_OF[role])
    status, answer = await call(person, route, conversation_id)
    assert route.permission is not None
    if role in PERMISSIONS[route.permission]:
        # Past the door: what it finds there (nothing, somebody else's conversation, an old epoch) is another matter.
        assert status in (200, 201, 204, 404, 409), answer
    else:
        assert (status, answer["error"]) == (403, "forbidden")


@pytest.mark.parametrize("route", FOR_SIGNED_IN, ids=lambda route: route.name)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_nobody_gets_in_without_signing_in(desk: RunningDesk, route: Route) -> None:
    conversation_id = await desk.maya_waits()
    stranger = await desk.person()
    status, answer = await call(stranger, route, conversation_id)
    assert (status, answer["error"]) == (401, "signed_out")


def test_authors_read_no_conversation_and_supervisors_do_everything() -> None:
    for route in FOR_SIGNED_IN:
        assert route.permission is not None
        assert "supervisor" in PERMISSIONS[route.permission]
        assert ("author" in PERMISSIONS[route.permission]) == (route.path in ("/api/session", "/api/password"))


def test_only_signing_in_is_open_to_everybody() -> None:
    assert [(route.method, route.path) for route in ROUTES if route.permission is None] == [("POST", "/api/session")]
