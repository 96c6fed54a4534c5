"""A supervisor over fake processes, and ways to watch it."""

import asyncio
import io
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil

from connectors.gateway.home import running_processes
from connectors.gateway.processes import ProcessSpec
from connectors.gateway.settings import Settings
from connectors.gateway.supervisor import Supervisor
from connectors.gateway.terminal import Terminal

FAKE = Path(__file__).with_name("fake_process.py")
PATIENCE_SECONDS = 60


def fake_spec(name: str, port: int, *words: str) -> ProcessSpec:
    return ProcessSpec(
        name=name,
        command=(sys.executable, str(FAKE), str(port), *words),
        environment=dict(os.environ),
        port=port,
        port_setting=f"{name.upper()}_PORT",
        ready_url=f"http://127.0.0.1:{port}/",
        ready_headers={},
    )


async def nothing_more(_process: str) -> None:
    """For a supervisor nobody waits for."""


class DeskOfFakes:
    """A running supervisor with its output and the processes that became ready, in order."""

    def __init__(self, home: Path, specs: list[ProcessSpec]) -> None:
        self.home = home
        self.ready: asyncio.Queue[str] = asyncio.Queue()
        self._out = io.StringIO()
        settings = Settings(home=home, log_format="text")
        self.supervisor = Supervisor(settings, specs, Terminal(settings, self._out), self.ready.put)

    @property
    def output(self) -> str:
        return self._out.getvalue()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["DeskOfFakes"]:
        run = asyncio.create_task(self.supervisor.run())
        try:
            yield self
        finally:
            self.supervisor.stop()
            await asyncio.wait_for(run, PATIENCE_SECONDS)

    async def next_ready(self, count: int = 1) -> list[str]:
        return [await asyncio.wait_for(self.ready.get(), PATIENCE_SECONDS) for _ in range(count)]

    def process(self, name: str) -> psutil.Process:
        return running_processes(self.home)[name]
