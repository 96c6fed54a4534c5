"""A route, declared once: its function's types say what it takes and gives, for serving and for OpenAPI alike."""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, get_type_hints

from pydantic import AfterValidator, BaseModel, ConfigDict
from sanic import Request

from connectors.gateway.api.desk import Desk
from connectors.gateway.api.errors import SignedOut
from handoff.access import Permission
from handoff.sessions import SignedIn

Method = Literal["GET", "POST", "PUT", "DELETE"]
Handler = Callable[..., Awaitable[BaseModel | None]]


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("may not contain a NUL character")
    return text


Words = Annotated[str, AfterValidator(_without_nul)]
"""A string that every database can keep."""


class Fields(BaseModel):
    """What a request may carry. A field we don't know is a mistake of the caller's, and is said to be one."""

    model_config = ConfigDict(extra="forbid")


@dataclass
class Call:
    """One request. A handler may set ``status`` and ``cookie`` (a value, or "" to take it back)."""

    desk: Desk
    request: Request
    now: datetime
    signed_in: SignedIn | None
    status: int
    cookie: str | None = None

    @property
    def agent_id(self) -> str:
        return self.session.agent_id

    @property
    def session(self) -> SignedIn:
        """Raises :class:`SignedOut`."""
        if self.signed_in is None:
            raise SignedOut
        return self.signed_in


@dataclass(frozen=True)
class Route:
    """One call of the API: its address, who may make it, what it takes, and what it answers."""

    method: Method
    path: str
    """With ``{name}`` for what varies."""
    permission: Permission | None
    """None: anybody may call it, signed in or not."""
    status: int
    also: tuple[int, ...]
    """Further statuses with the same answer."""
    errors: tuple[int, ...]
    by_hand: bool
    """The desk page asks only when its agent does something, never by itself."""
    handler: Handler
    body: type[Fields] | None
    """What the JSON body carries."""
    form: type[Fields] | None
    """What a form carries beside its one file; the handler is given both."""
    query: type[Fields] | None
    answer: type[BaseModel] | None

    @property
    def name(self) -> str:
        return self.handler.__name__

    @property
    def summary(self) -> str:
        return inspect.getdoc(self.handler) or self.name


class Routes:
    """The routes of one noun, in order."""

    def __init__(self) -> None:
        self.declared: list[Route] = []

    def add(
        self,
        method: Method,
        path: str,
        permission: Permission | None,
        status: int = 200,
        also: tuple[int, ...] = (),
        errors: tuple[int, ...] = (),
        by_hand: bool = False,
    ) -> Callable[[Handler], Handler]:
        """Declare a handler ``async def name(call, <path names>, body=…, query=…) -> Answer | None``.

        One with a ``form`` takes a file as well: ``async def name(call, <path names>, form=…, upload=…)``.
        Whatever is not a GET is ``by_hand``.
        """

        def declare(handler: Handler) -> Handler:
            hints = get_type_hints(handler)
            answer = hints["return"]
            self.declared.append(
                Route(
                    method=method,
                    path=path,
                    permission=permission,
                    status=status,
                    also=also,
                    errors=errors,
                    by_hand=by_hand or method != "GET",
                    handler=handler,
                    body=hints.get("body"),
                    form=hints.get("form"),
                    query=hints.get("query"),
                    answer=None if answer is type(None) else answer,
                )
            )
            return handler

        return declare
