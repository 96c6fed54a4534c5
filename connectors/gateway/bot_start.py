"""A bot that is still starting: whoever wrote before it was there is answered as soon as it is."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from connectors.gateway.rasa import Rasa

log = structlog.get_logger(__name__)

PROBE_SECONDS = 0.2


class BotStart:
    """``when_there`` is called once after somebody had missed the bot: when it is seen ready, or counts as starting no more."""

    def __init__(self, rasa: Rasa, when_there: Callable[[], Awaitable[None]]) -> None:
        self._rasa = rasa
        self._when_there = when_there
        self._watch: asyncio.Task[None] | None = None

    def missed(self) -> None:
        """The bot could not be asked. When it has been there before, it is tried again by and by instead."""
        if self._watch is None and self._rasa.is_starting:
            self._watch = asyncio.create_task(self._until_there())

    async def stop(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)

    async def _until_there(self) -> None:
        while not await self._is_ready():
            if not self._rasa.is_starting:
                break
            await asyncio.sleep(PROBE_SECONDS)
        try:
            await self._when_there()
        except SQLAlchemyError as error:
            log.error("database_unreachable", doing="greet the bot", error=type(error).__name__)

    async def _is_ready(self) -> bool:
        return any(answer.get("status") == "ok" for answer in (await self._rasa.health()).values())
