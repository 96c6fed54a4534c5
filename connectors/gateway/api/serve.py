"""Serving a declared route: who calls, may they, what do they say, and what they are answered."""

import re
import secrets
import time
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, TypeVar

from pydantic import ValidationError
from sanic import HTTPResponse, Request, Sanic

from connectors.gateway import metrics, origins
from connectors.gateway.api.desk import Desk
from connectors.gateway.api.errors import ApiError, Forbidden, Malformed, SignedOut, status_of
from connectors.gateway.api.route import Call, Fields, Route
from handoff import access, agents, sessions
from handoff.sessions import SignedIn

COOKIE = "frontdesk_session"
CSRF_HEADER = "x-csrf-token"
ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
WRITES = ("POST", "PUT", "DELETE")

F = TypeVar("F", bound=Fields)


def serve(app: Sanic[Any, Any], desk: Desk, routes: list[Route]) -> None:
    """Answer these calls."""
    for route in routes:
        path = re.sub(r"\{(\w+)\}", r"<\1:str>", route.path)
        app.add_route(
            _handler(desk, route),
            path,
            methods=[route.method],
            name=f"api_{route.name}",
            stream=route.form is not None,  # its file is larger than what may be sent elsewhere
            error_format="json",  # not left for Sanic to guess from the handler's source, route by route, at each start
        )


async def signed_in(desk: Desk, request: Request, now: datetime) -> SignedIn | None:
    """The session of the request's cookie, marked as used (once a minute is enough)."""
    token = request.cookies.get(COOKIE)
    if not token:
        return None
    session = await desk.database.read(sessions.signed_in, token, now)
    if session is not None and now - session.last_seen_at > sessions.TOUCH_EVERY:
        await desk.database.write(sessions.touch, session.token_hash, now)
    return session


def _handler(desk: Desk, route: Route) -> Any:
    async def handle(request: Request, **ids: str) -> HTTPResponse:
        began = time.monotonic()
        status = 500
        try:
            response = await _answer(desk, route, request, ids)
            status = response.status
        except Exception as error:
            status = status_of(error)
            raise
        finally:
            metrics.REQUESTS.labels(route.name, status).inc()
            metrics.REQUEST_SECONDS.labels(route.name).observe(time.monotonic() - began)
        return response

    return handle


async def _answer(desk: Desk, route: Route, request: Request, ids: dict[str, str]) -> HTTPResponse:
    now = datetime.now(UTC)
    if route.method in WRITES and not origins.is_own(request.headers, desk.public_url):
        raise Forbidden("This page may not act for an agent: its origin is not the desk's.")
    session = await signed_in(desk, request, now)
    if route.permission is not None:
        _check_allowed(route, request, session)
    if route.by_hand and session is not None:
        await desk.database.write(agents.acted, session.agent_id, now)
    if not all(ID.fullmatch(value) for value in ids.values()):
        raise ApiError(404, "not_found", "There is nothing at this address.")
    call = Call(desk, request, now, session, route.status)
    given: dict[str, Any] = dict(ids)
    if route.query is not None:
        given["query"] = _query(route.query, request)
    if route.body is not None:
        given["body"] = _body(route.body, request)
    if route.form is not None:
        upload = await desk.uploads.read(request)
        given["upload"], given["form"] = upload, _form(route.form, upload.fields)
    answer = await route.handler(call, **given)
    body = answer.model_dump_json().encode() if answer is not None else b""
    # Desks count waiting times by our clock, not by their own.
    headers = {"Cache-Control": "no-store", "Date": format_datetime(now, usegmt=True)}
    response = HTTPResponse(body, call.status, headers, "application/json")
    _set_cookie(response, call)
    return response


def _check_allowed(route: Route, request: Request, session: SignedIn | None) -> None:
    assert route.permission is not None
    if session is None:
        raise SignedOut
    if route.method in WRITES and not secrets.compare_digest(
        request.headers.get(CSRF_HEADER, "").encode(), session.csrf.encode()
    ):
        raise Forbidden("The X-CSRF-Token header is missing or wrong; GET /api/session tells the right one.")
    if not access.may(session.role, route.permission):
        raise Forbidden(f"The role {session.role} does not allow this.")


def _query(model: type[F], request: Request) -> F:
    try:
        return model.model_validate({name: values[-1] for name, values in request.args.items()})
    except ValidationError as error:
        raise Malformed(_words(error)) from error


def _body(model: type[F], request: Request) -> F:
    if not request.body:
        return _validated(model, b"{}")
    if request.content_type.partition(";")[0].strip().lower() != "application/json":
        raise Malformed("Send a JSON body with Content-Type: application/json.")
    return _validated(model, request.body)


def _form(model: type[F], fields: dict[str, str]) -> F:
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise Malformed(_words(error)) from error


def _validated(model: type[F], body: bytes) -> F:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise Malformed(_words(error)) from error


def _words(error: ValidationError) -> str:
    """All that is wrong, in one line; never the values, which may be secrets."""
    return "; ".join(
        dict.fromkeys(_problem(problem["type"], problem["loc"], problem["msg"]) for problem in error.errors())
    )


def _problem(kind: str, where: tuple[int | str, ...], message: str) -> str:
    field = ".".join(str(step) for step in where)
    match kind:
        case "json_invalid":
            return "The body is not JSON."
        case "extra_forbidden":
            return f"{field}: there is no such field."
        case "missing":
            return f"{field}: is missing."
    words = message.removeprefix("Value error, ")
    return f"{field}: {words}." if field else f"{words}."


def _set_cookie(response: HTTPResponse, call: Call) -> None:
    if call.cookie is None:
        return
    response.add_cookie(
        COOKIE,
        call.cookie,
        path="/",
        httponly=True,
        samesite="Strict",
        secure=origins.is_https(call.desk.public_url),
        max_age=int(sessions.ENDS_AFTER.total_seconds()) if call.cookie else 0,
    )
