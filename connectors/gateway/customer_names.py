"""Puts a name to conversations whose channel gave none, once the customer has proved to the shop who they are."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError

from connectors.gateway.bus import Bus, Hint
from connectors.gateway.database_errors import in_words
from connectors.gateway.endless import Endless
from connectors.gateway.orders import OrdersUnavailableError
from handoff import customer_names
from handoff.conversations import NoConversation
from handoff.database import Database

log = structlog.get_logger(__name__)

TOGETHER_SECONDS = 0.2
MOST_AT_ONCE = 100

NameFor = Callable[[str], Awaitable[str | None]]
"""Who a sender (``<conversation>.<case>``) has proved to be. Raises :class:`OrdersUnavailableError`."""


class CustomerNames:
    """Looks at each conversation that changed. A shop that is away is asked again at the conversation's next change."""

    def __init__(self, database: Database, bus: Bus, name_for: NameFor) -> None:
        self._database = database
        self._bus = bus
        self._name_for = name_for
        self._changed: set[str] = set()
        self._wake = asyncio.Event()
        self._loop = Endless()
        bus.listen(self._on_hint)

    async def start(self) -> None:
        self._loop.start(self._keep_looking())

    async def stop(self) -> None:
        await self._loop.stop()

    def _on_hint(self, hint: Hint) -> None:
        if hint.kind == "changed" and hint.data.get("turn") != "waits":  # nothing is proved before the answer
            self._changed.add(hint.conversation_id)
            self._wake.set()

    async def _keep_looking(self) -> None:
        while True:
            await self._wake.wait()
            await asyncio.sleep(TOGETHER_SECONDS)
            batch = [self._changed.pop() for _ in range(min(len(self._changed), MOST_AT_ONCE))]
            if not self._changed:
                self._wake.clear()
            try:
                for conversation_id, sender_id in (await self._database.read(customer_names.nameless, batch)).items():
                    await self._name(conversation_id, sender_id)
            except SQLAlchemyError as error:
                log.error("database_failed", doing="name customers", error=in_words(error))

    async def _name(self, conversation_id: str, sender_id: str) -> None:
        try:
            name = await self._name_for(sender_id)
            if name is None:
                return
            is_new = await self._database.write(customer_names.learn, conversation_id, name, datetime.now(UTC))
        except (OrdersUnavailableError, NoConversation):
            return
        if is_new:
            self._bus.changed(conversation_id)
