"""Every error as JSON ``{error, detail}`` with the right status. What broke goes to the log, never to the caller."""

from typing import Any

import structlog
from sanic import HTTPResponse, Request, Sanic, json
from sanic.exceptions import SanicException, ServiceUnavailable
from sqlalchemy.exc import SQLAlchemyError

from connectors.gateway import stopping
from connectors.gateway.database_errors import UNREACHABLE, in_words
from connectors.gateway.uploads import UploadRefused
from handoff import (
    access,
    agents,
    listing,
    notes,
    offers,
    ownership,
    promises,
    replies,
    snoozing,
    urgent_endings,
    verdicts,
)
from handoff.conversations import NoConversation

log = structlog.get_logger(__name__)

RETRY_SECONDS = 2
CODES = {
    400: "malformed",
    401: "signed_out",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    408: "too_slow",
    413: "too_large",
    417: "malformed",
    429: "rate_limited",
    503: "unavailable",
}
WORDS = {
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    413: "The body is larger than 256 KB.",
}
ID_USED = "This id was used before for something else. Make a new one for new words."
DESK_PROBLEMS: tuple[tuple[tuple[type[Exception], ...], int, str, str | None], ...] = (
    ((replies.IdTaken, notes.NoteIdTaken), 409, "conflict", ID_USED),
    ((access.Forbidden,), 403, "forbidden", None),
    ((access.NoSuchConversation, NoConversation), 404, "not_found", "There is no such conversation."),
    ((agents.NoAgent,), 404, "not_found", "There is no such agent."),
    ((verdicts.NoTicketError,), 409, "no_ticket", None),
    ((offers.NotOffered,), 409, "not_offered", "This one isn't offered to you any more. Nothing was changed."),
    ((snoozing.BadTimeError,), 422, "bad_time", None),
    ((promises.NoPromiseError,), 404, "not_found", "There is no such promise."),
    ((promises.PromiseError,), 422, "bad_promise", None),
    ((replies.NoEmailError,), 422, "no_email", None),
    ((urgent_endings.UnansweredError,), 422, "unanswered", None),
    ((listing.BadCursor,), 400, "malformed", None),
)
"""What the desk itself refuses: status, code, and words where the error's own are not meant for the caller."""


class ApiError(Exception):
    """An answer that is an error. ``more``: further fields beside ``error`` and ``detail``."""

    def __init__(
        self, status: int, error: str, detail: str, headers: dict[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.error = error
        self.detail = detail
        self.headers = headers or {}
        self.more = more


class Malformed(ApiError):
    def __init__(self, detail: str) -> None:
        super().__init__(400, "malformed", detail)


class SignedOut(ApiError):
    def __init__(self) -> None:
        super().__init__(401, "signed_out", "You are signed out. Sign in and try again.")


class Forbidden(ApiError):
    def __init__(self, detail: str) -> None:
        super().__init__(403, "forbidden", detail)


class RateLimited(ApiError):
    def __init__(self, detail: str, seconds: int) -> None:
        super().__init__(429, "rate_limited", detail, {"Retry-After": str(seconds)})


def register(app: Sanic[Any, Any]) -> None:
    """Use these answers for everything that goes wrong in any route of the gateway."""
    app.error_handler.add(Exception, _answer)


def status_of(error: Exception) -> int:
    """The status that this error will be answered with."""
    problem = _problem(error)
    return problem.status if problem is not None else 500


def _answer(request: Request, error: Exception) -> HTTPResponse:
    problem = _problem(error)
    if problem is None and stopping.has_begun(request.app):
        log.warning("stopped_meanwhile", route=request.path, error=type(error).__name__)
        return stopping.answer()
    if problem is None:
        log.error("request_failed", method=request.method, route=request.path, exc_info=error)
        problem = ApiError(500, "internal", "Something broke on our side. It is in the log; please try again.")
    elif problem.status == 503:
        why = in_words(error) if isinstance(error, SQLAlchemyError) else type(error).__name__
        log.error("unavailable", route=request.path, error=why)
    body = {"error": problem.error, "detail": problem.detail, **problem.more}
    return json(body, status=problem.status, headers={"Cache-Control": "no-store", **problem.headers})


def _problem(error: Exception) -> ApiError | None:
    if isinstance(error, ApiError):
        return error
    if isinstance(error, UploadRefused):
        return ApiError(error.status, error.error, error.detail)
    if isinstance(error, SanicException) and (error.status_code < 500 or isinstance(error, ServiceUnavailable)):
        status = error.status_code
        headers = {str(name): str(value) for name, value in (error.headers or {}).items()}
        return ApiError(
            status, CODES.get(status, "malformed"), WORDS.get(status, str(error) or "Bad request."), headers
        )
    if isinstance(error, SQLAlchemyError):
        return _database_problem(error)
    return _desk_problem(error)


def _database_problem(error: SQLAlchemyError) -> ApiError | None:
    if not isinstance(error, UNREACHABLE):
        return None
    detail = "The database can't be reached right now. Nothing was changed; try again in a moment."
    return ApiError(503, "unavailable", detail, {"Retry-After": str(RETRY_SECONDS)})


def _desk_problem(error: Exception) -> ApiError | None:
    if isinstance(error, ownership.Conflict):
        return _conflict(error)
    for kinds, status, code, words in DESK_PROBLEMS:
        if isinstance(error, kinds):
            return ApiError(status, code, words or str(error))
    return None


def _conflict(conflict: ownership.Conflict) -> ApiError:
    holders = {
        "agent": f"{conflict.winner or 'A colleague'} has this conversation.",
        "queue": "This conversation is in the queue; claim it first.",
        "bot": "The bot has this conversation; claim it first.",
        "closed": "This conversation is closed.",
    }
    return ApiError(
        409,
        "conflict",
        holders[conflict.holder],
        winner=conflict.winner,
        holder=conflict.holder,
        epoch=conflict.epoch,
    )
