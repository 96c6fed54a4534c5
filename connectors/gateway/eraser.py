"""Follows an erased conversation to where its traces lie outside our tables: files, the bot's memory, the shop's sessions."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any

import structlog
from sqlalchemy import bindparam, create_engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from connectors.gateway.database_errors import in_words
from connectors.gateway.endless import Endless
from connectors.gateway.media_files import MediaFiles
from connectors.gateway.orders import OrdersUnavailableError, forget_in_shop
from connectors.gateway.rasa import BotUnavailable, Rasa
from handoff import erasing
from handoff.database import Database, normalise
from handoff.erasing import Outside

log = structlog.get_logger(__name__)

POLL_SECONDS = 5.0


class Eraser:
    """Tries until everything is gone; what is left to do is kept in the database and survives a restart."""

    def __init__(self, database: Database, bot_database_url: str, files: MediaFiles, rasa: Rasa) -> None:
        self._database = database
        self._rasa = rasa
        self._bot = create_engine(normalise(bot_database_url), pool_size=1)
        self._files = files
        self._loop = Endless()
        self._erased_once: set[int] = set()
        """Those that need nothing more until their last time: each telling empties what the bot remembers of sentences."""

    async def start(self) -> None:
        self._loop.start(self._run())

    async def stop(self) -> None:
        await self._loop.stop()
        self._bot.dispose()

    async def _run(self) -> None:
        while True:
            try:
                await self._round()
            except SQLAlchemyError as error:
                log.error("database_failed", doing="erase", error=in_words(error))
            await asyncio.sleep(POLL_SECONDS)

    async def _round(self) -> None:
        known = await self._database.read(erasing.outside, datetime.now(UTC))
        self._erased_once &= {outside.id for outside in known}
        due = [outside for outside in known if outside.last_time or outside.id not in self._erased_once]
        erased = [outside for outside in due if await _goes_well(self._erase(outside), outside)]
        # At once, for a bot that is slow to say yes costs each of them its whole deadline.
        await asyncio.gather(*(_goes_well(self._tell_bot(outside), outside) for outside in erased))

    async def _erase(self, outside: Outside) -> None:
        for name in outside.file_names:
            await asyncio.to_thread(self._files.delete, name)
        await asyncio.to_thread(self._erase_from_bot, outside.sender_ids)
        for sender_id in outside.sender_ids:
            await forget_in_shop(sender_id)

    async def _tell_bot(self, outside: Outside) -> None:
        await self._rasa.forget(outside.sender_ids)
        if outside.last_time:
            await self._database.write(erasing.finished, outside.id)
            self._erased_once.discard(outside.id)  # SQLite may give its id to another
        else:
            self._erased_once.add(outside.id)

    def _erase_from_bot(self, sender_ids: list[str]) -> None:
        """The bot's memory is Rasa's own table; it appears with the first turn."""
        if not inspect(self._bot).has_table("bot_events"):
            return
        forget = text("DELETE FROM bot_events WHERE sender_id IN :names").bindparams(bindparam("names", expanding=True))
        with self._bot.begin() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA secure_delete=ON")
            connection.execute(forget, {"names": sender_ids})


async def _goes_well(work: Coroutine[Any, Any, None], outside: Outside) -> bool:
    """Whether ``work`` was done. If not it is for the next round, and other erasures go on in this one."""
    try:
        await work
    except (SQLAlchemyError, OSError, OrdersUnavailableError, BotUnavailable) as error:
        log.error("erasing_put_off", erasure=outside.id, error=type(error).__name__)
        return False
    except Exception:
        log.exception("erasing_put_off", erasure=outside.id)
        return False
    return True
