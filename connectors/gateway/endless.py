"""Work that goes on from a part's start to its stop. What is short and follows an acknowledgement is `background.py`'s."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

log = structlog.get_logger(__name__)


class Endless:
    """One loop of the gateway. It is for the loop itself to survive what goes wrong in a round."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """``work`` goes on until it is cancelled, or has done what it is for. Should it die, that is logged by its name."""
        name = work.__qualname__  # type: ignore[attr-defined]  # what an async function returns has one
        self._task = asyncio.create_task(work, name=name)
        self._task.add_done_callback(_tell_what_it_died_of)

    async def stop(self) -> None:
        """Returns when it has ended, wherever it was; at once if it never began."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)


def _tell_what_it_died_of(task: asyncio.Task[None]) -> None:
    error = None if task.cancelled() else task.exception()
    if error is not None:
        log.critical("loop_died", loop=task.get_name(), exc_info=error)
