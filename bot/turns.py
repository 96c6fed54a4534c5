"""One turn at a time per sender, and never the same turn twice."""

import asyncio
from collections import OrderedDict
from collections.abc import Collection
from typing import Any
from weakref import WeakValueDictionary

from bot.processor import TurnProcessor
from bot.turn_request import TurnRequest

TurnKey = tuple[str, str]
Result = dict[str, Any]

REMEMBERED_TURNS = 1000


class Turns:
    """Runs turns; the same (sender_id, message_id) again gets the first one's result.

    It joins a turn in flight, or is answered from the turns just finished, or from the tracker store.
    """

    def __init__(self) -> None:
        self._in_flight: dict[TurnKey, asyncio.Task[Result]] = {}
        self._finished: OrderedDict[TurnKey, Result] = OrderedDict()
        # A lock lives as long as somebody holds or awaits it.
        self._senders: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def answer(self, processor: TurnProcessor, request: TurnRequest) -> Result:
        """Returns the turn's result; raises what the turn raised."""
        key = (request.sender_id, request.message_id)
        if key in self._finished:
            self._finished.move_to_end(key)
            return self._finished[key]
        task = self._in_flight.get(key)
        if task is None:
            task = asyncio.create_task(self._run(processor, request))
            self._in_flight[key] = task
            task.add_done_callback(lambda done: self._settle(key, done))
        # A gateway that hangs up must not cancel a turn whose action may already have had its effect.
        return await asyncio.shield(task)

    def forget(self, sender_ids: Collection[str]) -> None:
        """Lets go of what these senders were answered. A turn in flight still ends, and is forgotten the next time."""
        for key in [key for key in self._finished if key[0] in sender_ids]:
            del self._finished[key]

    async def _run(self, processor: TurnProcessor, request: TurnRequest) -> Result:
        async with self._senders.setdefault(request.sender_id, asyncio.Lock()):
            return (await processor.turn(request)).result()

    def _settle(self, key: TurnKey, done: "asyncio.Task[Result]") -> None:
        del self._in_flight[key]
        if done.cancelled() or done.exception() is not None:
            return
        self._finished[key] = done.result()
        if len(self._finished) > REMEMBERED_TURNS:
            self._finished.popitem(last=False)
