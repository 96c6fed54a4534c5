"""The Socket.IO server: python-socketio's, which also ends what it has begun."""

import asyncio
from collections.abc import Callable
from typing import Any

import engineio
import socketio


class _Engine(engineio.AsyncServer):  # type: ignore[misc]  # python-engineio ships no types
    """Each connection's next ping is a task, which the library leaves to die with the loop: an error in the log for each."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._tasks: set[asyncio.Task[Any]] = set()

    def start_background_task(self, target: Callable[..., Any], *args: Any, **kwargs: Any) -> asyncio.Task[Any]:
        task: asyncio.Task[Any] = super().start_background_task(target, *args, **kwargs)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def shutdown(self) -> None:
        await super().shutdown()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class SocketServer(socketio.AsyncServer):  # type: ignore[misc]  # python-socketio ships no types
    """:meth:`shutdown` it once all connections are closed."""

    def _engineio_server_class(self) -> type[_Engine]:
        return _Engine
