"""Shows customers on pushed channels that an answer is being written. (The web chat's sockets hear it directly.)"""

import asyncio
from collections.abc import Sequence

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from connectors.connector import PushConnector
from connectors.gateway.bus import Bus, Hint
from handoff.database import Database
from handoff.schema import Conversation

log = structlog.get_logger(__name__)

NOT_WORTH_SHOWING_SECONDS = 0.3
"""An answer that is there by then needs no announcement."""
AGAIN_SECONDS = 4.0
LONGEST_SECONDS = 60.0


class TypingRelay:
    """One small task a conversation in which somebody is typing."""

    def __init__(self, database: Database, bus: Bus, connectors: Sequence[PushConnector]) -> None:
        self._database = database
        self._connectors = {connector.name: connector for connector in connectors}
        self._shows: dict[str, asyncio.Task[None]] = {}
        if connectors:
            bus.listen(self._on_hint)

    async def start(self) -> None:
        """Nothing to open: hints start the work."""

    async def stop(self) -> None:
        shows = list(self._shows.values())
        for show in shows:
            show.cancel()
        await asyncio.gather(*shows, return_exceptions=True)

    def _on_hint(self, hint: Hint) -> None:
        if hint.kind != "typing" or hint.data.get("author") == "customer":
            return
        show = self._shows.pop(hint.conversation_id, None)
        if show is not None:
            show.cancel()
        if hint.data.get("on"):
            self._shows[hint.conversation_id] = asyncio.get_running_loop().create_task(self._show(hint.conversation_id))

    async def _show(self, conversation_id: str) -> None:
        await asyncio.sleep(NOT_WORTH_SHOWING_SECONDS)
        try:
            where = await self._database.read(_where, conversation_id)
        except SQLAlchemyError as error:
            log.debug("typing_not_shown", error=type(error).__name__)
            return
        if where is None or where[0] not in self._connectors:
            return
        channel, address = where
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                while True:
                    await self._connectors[channel].typing(address)
                    await asyncio.sleep(AGAIN_SECONDS)
        except TimeoutError:
            self._shows.pop(conversation_id, None)


def _where(session: Session, conversation_id: str) -> tuple[str, str] | None:
    conversation = session.get(Conversation, conversation_id)
    return (conversation.channel, conversation.address) if conversation is not None else None
