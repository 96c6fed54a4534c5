"""The way to the action server: one kept-alive connection pool, a deadline, and failures that are not swallowed.

Rasa sends the whole domain with each call, most of what a call weighs. rasa-sdk remembers it by a digest, and asks with
status 449 when it does not have it.
"""

import asyncio
import hashlib
import json as jsonlib
import os
from typing import Any

import aiohttp
import ujson  # Rasa's own: a long conversation is written five times as fast
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

DEFAULT_URL = "http://127.0.0.1:5055/webhook"
DEFAULT_TIMEOUT = 20.0
# Shorter than any server's own, so that we never write to a connection it is just closing.
KEEP_ALIVE = 4.0
REJECTED = 400
DOMAIN_UNKNOWN = 449


class ActionFailed(Exception):
    """The action server is down, too slow, or the action crashed.

    Deliberately no RasaException: Rasa logs and forgets those while it fills slots.
    """


class ActionServerUnreachable(ActionFailed):
    """Nobody listens: it is being started again, and the same turn may well succeed in a moment."""


class ActionEndpoint(EndpointConfig):
    """`BOT_ACTION_URL` and `BOT_ACTION_TIMEOUT` (seconds) override endpoints.yml."""

    def __init__(self, configured: EndpointConfig | None) -> None:
        url = os.environ.get("BOT_ACTION_URL") or (configured.url if configured else None) or DEFAULT_URL
        super().__init__(url=url, **(configured.kwargs if configured else {}))
        self._timeout = float(os.environ.get("BOT_ACTION_TIMEOUT", DEFAULT_TIMEOUT))
        self._session: aiohttp.ClientSession | None = None
        self._domain: dict[str, Any] | None = None
        self._digest = ""

    async def request(self, method: str = "post", *_: Any, json: Any = None, **__: Any) -> Any:
        """Posts one action call. Raises ActionFailed, or ClientResponseError for an action that declines to run."""
        try:
            status, answer = await self._post(method, self._without_domain(json))
            if status == DOMAIN_UNKNOWN:
                status, answer = await self._post(method, {**self._without_domain(json), "domain": json["domain"]})
        except asyncio.TimeoutError as error:
            raise ActionFailed(f"action {json['next_action']!r} took longer than {self._timeout:g} s") from error
        except aiohttp.ClientConnectionError as error:
            raise ActionServerUnreachable(f"nobody answers at {self.url}") from error
        except (aiohttp.ClientError, ValueError) as error:
            raise ActionFailed(f"action {json['next_action']!r} could not be run at {self.url}: {error}") from error
        if status == REJECTED:
            raise ClientResponseError(status, "the action declines to run", answer)
        if status != 200:
            raise ActionFailed(f"action {json['next_action']!r} answered with status {status}")
        return answer

    async def _post(self, method: str, call: dict[str, Any]) -> tuple[int, Any]:
        """(status, what the action did); any other answer than 200 is given as its text."""
        async with self._kept_alive().request(method, self.url, json=call) as response:
            return response.status, await (response.json() if response.status == 200 else response.text())

    def _without_domain(self, call: dict[str, Any]) -> dict[str, Any]:
        domain = call.get("domain")
        if domain is None:
            return call
        if domain is not self._domain:  # a loaded domain is one object, see bot/fast_turn.py
            self._domain, self._digest = domain, hashlib.sha256(jsonlib.dumps(domain).encode()).hexdigest()
        rest = {name: value for name, value in call.items() if name != "domain"}
        return {**rest, "domain_digest": self._digest}

    def _kept_alive(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                headers={"Authorization": f"Bearer {os.environ.get('FRONTDESK_INTERNAL_TOKEN', '')}"},
                timeout=aiohttp.ClientTimeout(total=self._timeout),
                json_serialize=ujson.dumps,
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE),
            )
        return self._session

    async def close(self) -> None:
        """Closes the kept connections."""
        if self._session is not None:
            await self._session.close()
