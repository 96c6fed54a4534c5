"""Signing in and out, and one's own password."""

import asyncio

from pydantic import BaseModel, Field

from connectors.gateway import metrics
from connectors.gateway.api.errors import ApiError, RateLimited
from connectors.gateway.api.route import Call, Fields, Routes, Words
from connectors.gateway.bus import Hint
from handoff import agents, passwords, sessions
from handoff.agents import AgentView

routes = Routes()

NO_MATCH = (
    "That e-mail address and password do not go together. "
    "After several wrong tries, signing in rests for a quarter of an hour."
)


class Credentials(Fields):
    email: Words = Field(min_length=1, max_length=254)
    password: Words = Field(min_length=1, max_length=passwords.MAX_LENGTH)


class NewPassword(Fields):
    current: Words = Field(min_length=1, max_length=passwords.MAX_LENGTH)
    new: Words = Field(min_length=passwords.MIN_LENGTH, max_length=passwords.MAX_LENGTH)


class SessionAnswer(BaseModel):
    agent: AgentView
    csrf: str
    """What the ``X-CSRF-Token`` header of every write must say."""


@routes.add("POST", "/api/session", permission=None, errors=(401, 429))
async def sign_in(call: Call, body: Credentials) -> SessionAnswer:
    """Sign in. Sets the session cookie; the answer to a wrong password and to an unknown address is the same."""
    database, door = call.desk.database, call.desk.door
    known_hash = await database.read(sessions.known_hash, body.email)
    try:
        verdict = await door.check(_client(call), body.email, body.password, known_hash)
    except RateLimited:
        metrics.SIGN_INS.labels("rate_limited").inc()
        raise
    begun = await database.write(sessions.sign_in, body.email, known_hash, verdict, call.now)
    if begun is None:
        metrics.SIGN_INS.labels("refused").inc()
        raise ApiError(401, "bad_credentials", NO_MATCH)
    metrics.SIGN_INS.labels("signed_in").inc()
    door.let_in(body.email)
    call.cookie = begun.token
    return SessionAnswer(agent=begun.agent, csrf=begun.signed_in.csrf)


@routes.add("GET", "/api/session", permission="own_account")
async def who_am_i(call: Call) -> SessionAnswer:
    """Who is signed in, and the CSRF token of this session."""
    agent = await call.desk.database.read(lambda session: agents.view(session, agents.by_id(session, call.agent_id)))
    return SessionAnswer(agent=agent, csrf=call.session.csrf)


@routes.add("PUT", "/api/password", permission="own_account", status=204, errors=(422, 429))
async def change_password(call: Call, body: NewPassword) -> None:
    """A new password for yourself. You stay signed in here, and are signed out everywhere else."""
    database, door = call.desk.database, call.desk.door
    agent = await database.read(agents.by_id, call.agent_id)
    email, known_hash = agent.email, agent.password_hash
    verdict = await door.check(_client(call), email, body.current, known_hash)
    if not verdict.right:
        raise ApiError(422, "wrong_password", "That is not your current password.")
    new_hash = await asyncio.to_thread(passwords.new_hash, body.new)
    if not await database.write(sessions.change_password, call.session.token_hash, known_hash, new_hash):
        raise ApiError(
            422, "wrong_password", "Your password was changed elsewhere a moment ago. Try again with that one."
        )
    door.let_in(email)
    call.desk.bus.publish(Hint("agents", data={"agent_id": call.agent_id}))


@routes.add("DELETE", "/api/session", permission="own_account", status=204)
async def sign_out(call: Call) -> None:
    """Sign out. The session is over at once, in every tab."""
    await call.desk.database.write(sessions.sign_out, call.session.token_hash)
    call.desk.bus.publish(Hint("agents", data={"agent_id": call.agent_id}))
    call.cookie = ""


def _client(call: Call) -> str:
    """Where the request comes from, as far as our own proxies say (``FRONTDESK_TRUSTED_PROXIES``)."""
    return str(call.request.remote_addr or call.request.ip)
