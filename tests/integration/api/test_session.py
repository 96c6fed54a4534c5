"""Signing in and out of the desk."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from connectors.gateway import api
from connectors.gateway.api.desk import HASHES_AT_ONCE
from connectors.gateway.media_files import MediaFiles
from connectors.gateway.settings import Settings
from handoff import agents, passwords, sessions
from handoff.schema import Agent, AgentSession
from tests.integration.api.running_desk import PASSWORD, RunningDesk, email_of, new_app, running


async def test_ana_signs_in_and_is_known_from_then_on(desk: RunningDesk) -> None:
    ana = await desk.person("ana")
    status, answer = await ana.get("/api/session")
    assert status == 200
    assert answer["agent"]["name"] == "Ana"
    assert answer["agent"]["role"] == "agent"
    assert answer["csrf"] == ana.csrf


async def test_the_address_may_be_typed_in_any_case(desk: RunningDesk) -> None:
    person = await desk.person()
    status, _ = await person.post("/api/session", {"email": f"  {email_of('ana').upper()} ", "password": PASSWORD})
    assert status == 200


async def test_the_cookie_is_for_the_server_alone(desk: RunningDesk) -> None:
    person = await desk.person()
    body = {"email": email_of("ana"), "password": PASSWORD}
    async with person.http.post(f"{desk.url}/api/session", json=body) as response:
        cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("frontdesk_session=")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Secure" not in cookie  # this desk's public address is plain http


async def test_behind_https_the_cookie_never_travels_in_the_clear(desk: RunningDesk, tmp_path: Path) -> None:
    app = new_app()
    settings = Settings(home=tmp_path, public_url="https://desk.juniperandfinch.example")
    api.register(app, desk.database, desk.bus, settings, desk.shop, MediaFiles(tmp_path))
    person = await desk.person()
    body = {"email": email_of("ana"), "password": PASSWORD}
    async with running(app) as url:
        headers = {"Origin": "https://desk.juniperandfinch.example"}
        async with person.http.post(f"{url}/api/session", json=body, headers=headers) as response:
            assert response.status == 200
            assert "Secure" in response.headers["Set-Cookie"]


async def test_only_the_hash_of_the_cookie_is_kept(desk: RunningDesk) -> None:
    ana = await desk.person("ana")
    token = ana.cookie.removeprefix("frontdesk_session=")
    kept = await desk.database.read(lambda session: session.scalars(select(AgentSession.token_hash)).all())
    assert len(kept) == 1
    assert token not in kept[0]


async def test_a_wrong_password_and_an_unknown_address_are_told_the_same(desk: RunningDesk) -> None:
    person = await desk.person()
    wrong = await person.post("/api/session", {"email": email_of("ana"), "password": "not this one"})
    unknown = await person.post("/api/session", {"email": email_of("zoe"), "password": "not this one"})
    assert wrong == unknown
    assert wrong[0] == 401
    assert wrong[1]["error"] == "bad_credentials"


async def test_known_and_unknown_addresses_are_slowed_down_alike(desk: RunningDesk) -> None:
    person = await desk.person()
    for email in (email_of("ana"), email_of("zoe")):
        statuses = [
            (await person.post("/api/session", {"email": email, "password": f"guess number {n}"}))[0] for n in range(6)
        ]
        assert statuses == [401] * 5 + [429]


async def test_a_crowd_of_guesses_at_once_gets_no_more_tries_than_one_after_another(desk: RunningDesk) -> None:
    person = await desk.person()
    guesses = ({"email": email_of("ana"), "password": f"guess number {n}"} for n in range(40))
    answers = await asyncio.gather(*(person.post("/api/session", guess) for guess in guesses))
    tried = [status for status, _ in answers].count(401)
    assert tried <= 5 + HASHES_AT_ONCE - 1


async def test_a_whole_office_signs_in_from_one_address_at_once(desk: RunningDesk) -> None:
    people = [await desk.person() for _ in range(40)]
    answers = await asyncio.gather(*(person.sign_in("ana") for person in people))
    assert {status for status, _ in answers} == {200}


async def test_too_many_tries_say_when_to_come_back(desk: RunningDesk) -> None:
    person = await desk.person()
    body = {"email": email_of("ana"), "password": "wrong"}
    for _ in range(5):
        await person.post("/api/session", body)
    async with person.http.post(f"{desk.url}/api/session", json=body) as response:
        assert response.status == 429
        assert 0 < int(response.headers["Retry-After"]) <= 300
        assert (await response.json())["error"] == "rate_limited"


async def test_ten_wrong_passwords_in_a_row_lock_the_account_for_a_while(desk: RunningDesk) -> None:
    now = datetime.now(UTC)
    known = await desk.database.read(sessions.known_hash, email_of("ana"))
    for _ in range(10):
        begun = await desk.database.write(sessions.sign_in, email_of("ana"), known, passwords.Verdict(False), now)
        assert begun is None
    right = passwords.Verdict(True)
    assert await desk.database.write(sessions.sign_in, email_of("ana"), known, right, now) is None
    later = now + sessions.LOCKED_FOR + timedelta(seconds=1)
    assert await desk.database.write(sessions.sign_in, email_of("ana"), known, right, later) is not None


async def test_a_hash_with_older_parameters_is_renewed_at_sign_in(desk: RunningDesk) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=512, parallelism=1).hash(PASSWORD)
    await desk.database.write(
        lambda session: session.execute(update(Agent).where(Agent.id == desk.ids["ana"]).values(password_hash=old))
    )
    await desk.person("ana")
    kept = await desk.database.read(sessions.known_hash, email_of("ana"))
    assert kept is not None
    assert kept != old
    assert not passwords.HASHER.check_needs_rehash(kept)
    await desk.person("ana")


async def test_signing_out_ends_the_session_on_the_server(desk: RunningDesk) -> None:
    ana = await desk.person("ana")
    cookie = ana.cookie
    assert (await ana.call("DELETE", "/api/session"))[0] == 204
    assert ana.cookie == ""
    thief = await desk.person()
    status, answer = await thief.call("GET", "/api/session", Cookie=cookie)
    assert (status, answer["error"]) == (401, "signed_out")


async def test_a_session_ends_after_idling_and_after_a_day(desk: RunningDesk) -> None:
    now = datetime.now(UTC)
    known = await desk.database.read(sessions.known_hash, email_of("ana"))
    begun = await desk.database.write(sessions.sign_in, email_of("ana"), known, passwords.Verdict(True), now)
    assert begun is not None

    async def counts(hours: float) -> bool:
        return await desk.database.read(sessions.signed_in, begun.token, now + timedelta(hours=hours)) is not None

    assert await counts(7.9)
    assert not await counts(8.1)
    await desk.database.write(sessions.touch, begun.signed_in.token_hash, now + timedelta(hours=23))
    assert await counts(23.9)
    assert not await counts(24.1)


async def test_a_disabled_account_is_out_at_once_and_stays_out(desk: RunningDesk) -> None:
    ana = await desk.person("ana")
    await desk.database.write(agents.disable_agent, email_of("ana"), datetime.now(UTC))
    assert (await ana.get("/api/session"))[0] == 401
    assert (await (await desk.person()).sign_in("ana"))[1]["error"] == "bad_credentials"


async def test_a_new_password_signs_out_everywhere(desk: RunningDesk) -> None:
    ana = await desk.person("ana")
    new_hash = passwords.new_hash("another good one")
    await desk.database.write(agents.set_password, email_of("ana"), new_hash)
    assert (await ana.get("/api/session"))[0] == 401
    assert (await ana.sign_in("ana", "another good one"))[0] == 200


async def test_ana_changes_her_password_and_is_signed_out_elsewhere(desk: RunningDesk) -> None:
    ana, at_home = await desk.person("ana"), await desk.person("ana")
    body = {"current": PASSWORD, "new": "another good one"}
    assert await ana.call("PUT", "/api/password", body) == (204, None)
    assert (await ana.get("/api/session"))[0] == 200
    assert (await at_home.get("/api/session"))[0] == 401
    assert (await at_home.sign_in("ana"))[0] == 401
    assert (await at_home.sign_in("ana", "another good one"))[0] == 200


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"current": "not it, I think", "new": "another good one"}, 422, "wrong_password"),
        ({"current": PASSWORD, "new": "short"}, 400, "malformed"),
        ({"current": PASSWORD}, 400, "malformed"),
    ],
)
async def test_a_password_that_will_not_do_changes_nothing(
    desk: RunningDesk, body: dict[str, str], status: int, error: str
) -> None:
    ana = await desk.person("ana")
    answered, answer = await ana.call("PUT", "/api/password", body)
    assert (answered, answer["error"]) == (status, error)
    assert (await (await desk.person()).sign_in("ana"))[0] == 200


async def test_whoever_finds_an_open_desk_can_not_guess_the_password(desk: RunningDesk) -> None:
    ana = await desk.person("ana")
    wrong = {"current": "not it, I think", "new": "another good one"}
    for _ in range(5):
        assert (await ana.call("PUT", "/api/password", wrong))[0] == 422
    status, answer = await ana.call("PUT", "/api/password", {**wrong, "current": PASSWORD})
    assert (status, answer["error"]) == (429, "rate_limited")


async def test_a_write_without_the_csrf_token_is_refused(desk: RunningDesk) -> None:
    ana = await desk.person("ana")
    conversation_id = await desk.maya_waits()
    ana.csrf = ""
    for token in ({}, {"X-CSRF-Token": "wrong"}):
        status, answer = await ana.post(f"/api/conversations/{conversation_id}/claim", {}, **token)
        assert (status, answer["error"]) == (403, "forbidden")


async def test_a_write_from_another_site_is_refused_even_with_the_token(desk: RunningDesk) -> None:
    ana = await desk.person("ana")
    for origin in ("https://evil.example", "null", desk.url.replace("http:", "ftp:").replace("127.0.0.1", "127.0.0.2")):
        status, answer = await ana.call("PUT", "/api/presence", {"present": True}, Origin=origin)
        assert (status, answer["error"]) == (403, "forbidden")
    assert (await ana.call("PUT", "/api/presence", {"present": True}, Origin=desk.url))[0] == 200


async def test_signing_in_from_another_site_is_refused(desk: RunningDesk) -> None:
    person = await desk.person()
    body = {"email": email_of("ana"), "password": PASSWORD}
    assert (await person.post("/api/session", body, Origin="https://evil.example"))[0] == 403
