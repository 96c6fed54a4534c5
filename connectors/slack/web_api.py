"""Calls to Slack's Web API, and what its refusals mean for us."""

import asyncio
import time
from collections.abc import Awaitable
from typing import TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from connectors.connector import DeliveryError

Answer = TypeVar("Answer")

FAILURES = (SlackClientError, aiohttp.ClientError, TimeoutError, OSError, ValueError)
"""What a call may raise. ValueError: an answer that is no JSON."""

PERMANENT = frozenset(
    {
        "account_inactive",
        "channel_not_found",
        "file_deleted",
        "file_not_found",
        "cannot_dm_bot",
        "invalid_blocks",
        "is_archived",
        "is_inactive",
        "messages_tab_disabled",
        "msg_too_long",
        "no_text",
        "not_in_channel",
        "restricted_action",
        "thread_not_found",
        "user_disabled",
        "user_not_found",
    }
)
"""Errors that asking again will not mend."""
RETRY_SECONDS = 30.0
CALL_SECONDS = 10


def web_client(token: str | None, api_url: str) -> AsyncWebClient:
    """A client that never repeats a call by itself: whoever calls knows whether that is safe."""
    return AsyncWebClient(token, base_url=api_url, timeout=CALL_SECONDS, retry_handlers=[])


def error_code(error: BaseException) -> str:
    """Slack's name for what went wrong, or the kind of failure. No token, no customer's words."""
    if isinstance(error, SlackApiError):
        code = error.response.get("error") if isinstance(error.response.data, dict) else None
        return str(code or f"http_{error.response.status_code}")
    return type(error).__name__


def as_delivery_error(error: BaseException) -> DeliveryError:
    """What a failed call to write something means for the reply."""
    code = error_code(error)
    if not isinstance(error, SlackApiError):
        refused = isinstance(error, aiohttp.ClientConnectorError)
        return DeliveryError(code, ambiguous=not refused)
    status = error.response.status_code
    if status == 429 or code == "ratelimited":
        return DeliveryError(code, retry_after=retry_after(error))
    if status >= 500:
        return DeliveryError(code, ambiguous=True)
    return DeliveryError(code, permanent=code in PERMANENT)


def retry_after(error: SlackApiError) -> float:
    """Seconds that Slack asked us to wait."""
    headers = error.response.headers or {}
    try:
        return float(next(value for name, value in headers.items() if name.lower() == "retry-after"))
    except (StopIteration, ValueError):
        return RETRY_SECONDS


class Patience:
    """Keeps the waits that Slack asked for, each for what it was asked about: one channel's wait holds up no other."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    def check(self, about: str) -> None:
        """Raises :class:`DeliveryError` while Slack's wait lasts."""
        left = self._until.get(about, 0.0) - time.monotonic()
        if left > 0:
            raise DeliveryError("ratelimited", retry_after=left)
        self._until.pop(about, None)

    def note(self, about: str, error: DeliveryError) -> None:
        if error.retry_after is not None:
            self._until[about] = time.monotonic() + error.retry_after


async def in_time(call: Awaitable[Answer], seconds: float = CALL_SECONDS) -> Answer:
    """``call``, with an end. Raises what it raises, and TimeoutError."""
    async with asyncio.timeout(seconds):
        return await call
