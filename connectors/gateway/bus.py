"""Wake-up hints, inside this gateway and (with Redis) between gateways.

A hint says "look at this conversation again", never what changed: the database does. Losing one may slow things down to
the next poll; it can never lose or double a message.
"""

import asyncio
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from handoff.customer_view import News

log = structlog.get_logger(__name__)

REDIS_CHANNEL = "frontdesk:hints"
RECONNECT_SECONDS = 1.0


@dataclass(frozen=True)
class Hint:
    """``kind``: ``changed`` (a conversation), ``typing``, ``seen``, ``agents`` (someone's presence or session)."""

    kind: Literal["changed", "typing", "seen", "agents"]
    conversation_id: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    news: News | None = None
    """What changed, for open pages of this gateway: they need not look. It stays here."""

    @property
    def of_answer(self) -> bool:
        """The bot has answered, and nothing else has changed: no work for whoever looks after turns."""
        return self.data.get("turn") == "answered"

    @property
    def of_talk(self) -> bool:
        """The customer wrote to the bot or it answered, and nothing else has changed: no ticket, and nobody's place."""
        return self.data.get("turn") in ("waits", "answered")


Listener = Callable[[Hint], None]


class Bus:
    """Listeners are called on the event loop, must not block, and must not raise."""

    def __init__(self, redis_url: str | None = None) -> None:
        self._listeners: list[Listener] = []
        self._origin = secrets.token_hex(8)
        self._redis = Redis.from_url(redis_url) if redis_url else None
        self._outgoing: asyncio.Queue[Hint] = asyncio.Queue(maxsize=10_000)
        self._tasks: list[asyncio.Task[None]] = []

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def publish(self, hint: Hint) -> None:
        self._tell_listeners(hint)
        if self._redis is not None:
            try:
                self._outgoing.put_nowait(hint)
            except asyncio.QueueFull:
                log.warning("hint_dropped", reason="redis is behind")

    def changed(self, conversation_id: str) -> None:
        self.publish(Hint("changed", conversation_id))

    async def start(self) -> None:
        if self._redis is not None:
            self._tasks = [asyncio.create_task(self._send_to_redis()), asyncio.create_task(self._hear_from_redis())]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._redis is not None:
            await self._redis.aclose()

    def _tell_listeners(self, hint: Hint) -> None:
        for listener in self._listeners:
            listener(hint)

    async def _send_to_redis(self) -> None:
        assert self._redis is not None
        while True:
            hint = await self._outgoing.get()
            try:
                fields = {"kind": hint.kind, "conversation_id": hint.conversation_id, "data": hint.data}
                await self._redis.publish(REDIS_CHANNEL, json.dumps({"origin": self._origin, **fields}))
            except (RedisError, OSError) as error:
                log.warning("redis_unreachable", error=type(error).__name__)
                await asyncio.sleep(RECONNECT_SECONDS)

    async def _hear_from_redis(self) -> None:
        assert self._redis is not None
        while True:
            try:
                async with self._redis.pubsub() as subscription:
                    await subscription.subscribe(REDIS_CHANNEL)
                    async for message in subscription.listen():
                        if message["type"] == "message":
                            self._hear(message["data"])
            except (RedisError, OSError) as error:
                log.warning("redis_unreachable", error=type(error).__name__)
                await asyncio.sleep(RECONNECT_SECONDS)

    def _hear(self, data: bytes) -> None:
        fields = json.loads(data)
        if fields.pop("origin") != self._origin:
            self._tell_listeners(Hint(**fields))
