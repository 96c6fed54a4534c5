"""Whatever comes in, the answer is JSON with a word, the right status, and nothing of our insides."""

import asyncio
import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
import pytest
from openapi_spec_validator import validate
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from connectors.gateway.api import media
from connectors.gateway.api.routes import ROUTES
from handoff.database import Database
from tests.integration.api.running_desk import RunningDesk

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "id: is missing.; text: is missing."),
        (b"{", "The body is not JSON."),
        (b"\xff\xfe", "The body is not JSON."),
        (b'{"id": "\\ud800", "text": "Hello"}', "The body is not JSON."),
        (b"[]", "Input should be"),
        (b"null", "Input should be"),
        (b'{"id": "one"}', "text: is missing."),
        (b'{"id": "one", "text": "Hello", "urgent": true}', "urgent: there is no such field."),
        (b'{"id": "one", "text": "   "}', "text: should say something."),
        (b'{"id": "one", "text": 7}', "text: Input should be a valid string."),
        (b'{"id": "one", "text": "a\\u0000b"}', "text: may not contain a NUL character."),
        (b'{"id": "", "text": "Hello"}', "id: "),
        (b'{"id": "' + b"x" * 65 + b'", "text": "Hello"}', "id: "),
        (b'{"id": "one", "text": "' + b"x" * 4001 + b'"}', "text: String should have at most 4000 characters."),
    ],
)
async def test_a_body_that_cannot_be_used_is_refused_in_words(desk: RunningDesk, body: bytes, words: str) -> None:
    conversation_id = await desk.maya_waits()
    ana = await desk.person("ana")
    headers = {"X-CSRF-Token": ana.csrf, "Content-Type": "application/json"}
    url = f"{desk.url}/api/conversations/{conversation_id}/messages"
    async with ana.http.post(url, data=body, headers=headers) as response:
        answer = await response.json()
    assert (response.status, answer["error"]) == (400, "malformed")
    assert words in answer["detail"]


async def test_a_body_that_is_no_json_by_its_own_account_is_refused(desk: RunningDesk) -> None:
    ana = await desk.person("ana")
    headers = {"X-CSRF-Token": ana.csrf, "Content-Type": "text/plain"}
    async with ana.http.put(f"{desk.url}/api/presence", data=b'{"present": true}', headers=headers) as response:
        assert response.status == 400
        assert "Content-Type" in (await response.json())["detail"]


async def test_the_words_never_repeat_what_was_typed(desk: RunningDesk) -> None:
    person = await desk.person()
    secret = "s3cret-" * 60
    _, answer = await person.post("/api/session", {"email": "ana@example.com", "password": secret})
    assert "s3cret" not in json.dumps(answer)


async def test_a_body_over_256_kb_is_too_large(desk: RunningDesk) -> None:
    ana = await desk.person("ana")
    status, answer = await ana.call("PUT", "/api/presence", {"present": "x" * 300_000})
    assert (status, answer["error"]) == (413, "too_large")


async def test_an_unknown_address_and_a_wrong_method_are_json_too(desk: RunningDesk) -> None:
    ana = await desk.person("ana")
    assert await ana.get("/api/nothing") == (
        404,
        {"error": "not_found", "detail": "There is nothing at this address."},
    )
    status, answer = await ana.call("PATCH", "/api/presence")
    assert (status, answer["error"]) == (405, "method_not_allowed")


async def test_a_database_that_is_away_is_503_and_says_when_to_try_again(
    desk: RunningDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = await desk.person("ana")

    async def away(*_: object, **__: object) -> None:
        raise OperationalError("SELECT secret", {}, Exception("connection to db.internal refused"))

    monkeypatch.setattr(Database, "read", away)
    async with ana.http.get(f"{desk.url}/api/agents") as response:
        answer = await response.json()
    assert (response.status, answer["error"]) == (503, "unavailable")
    assert response.headers["Retry-After"] == "2"
    assert "secret" not in json.dumps(answer)
    assert "db.internal" not in json.dumps(answer)


async def test_a_bug_of_ours_shows_no_stack_trace(desk: RunningDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    ana = await desk.person("ana")

    async def broken(*_: object, **__: object) -> None:
        raise KeyError("the cupboard is bare")

    monkeypatch.setattr(Database, "read", broken)
    async with ana.http.get(f"{desk.url}/api/agents") as response:
        words = await response.text()
    assert response.status == 500
    assert json.loads(words)["error"] == "internal"
    assert "cupboard" not in words
    assert "Traceback" not in words


async def test_bytes_that_are_no_http_do_not_disturb_anyone(desk: RunningDesk) -> None:
    port = int(desk.url.rsplit(":", 1)[1])
    for garbage in (
        b"\x16\x03\x01\x02\x00",
        b"GET\r\n\r\n",
        b"POST /api/session HTTP/1.1\r\nContent-Length: x\r\n\r\n",
    ):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(garbage)
        writer.write_eof()
        answer = await reader.read()
        writer.close()
        assert b"Traceback" not in answer
        assert b" 500 " not in answer.partition(b"\r\n")[0]
    assert (await (await desk.person("ana")).get("/api/session"))[0] == 200


async def test_the_openapi_document_is_valid_and_names_every_route(desk: RunningDesk) -> None:
    async with aiohttp.ClientSession() as http, http.get(f"{desk.url}/api/openapi.json") as response:
        document = await response.json()
    validate(document)
    assert document["openapi"].startswith("3.1")
    described = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    assert described == {(route.method, route.path) for route in ROUTES} | {("GET", media.PATH)}


async def test_answers_tell_the_time_and_are_not_kept_by_caches(desk: RunningDesk) -> None:
    ana = await desk.person("ana")
    async with ana.http.get(f"{desk.url}/api/agents") as response:
        assert response.headers["Cache-Control"] == "no-store"
        said = parsedate_to_datetime(response.headers["Date"])
        assert abs((datetime.now(UTC) - said).total_seconds()) < 60
    async with ana.http.get(f"{desk.url}/api/nothing") as response:
        assert response.headers["Cache-Control"] == "no-store"


async def test_a_forged_cookie_is_nobody(desk: RunningDesk) -> None:
    stranger = await desk.person()
    for cookie in ("frontdesk_session=guess", "frontdesk_session=", 'frontdesk_session="; DROP TABLE agent', "%00=%00"):
        assert (await stranger.call("GET", "/api/session", Cookie=cookie))[0] == 401
    assert desk.database.read_now(lambda session: session.execute(text("SELECT count(*) FROM agent")).scalar_one()) == 5
