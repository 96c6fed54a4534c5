"""Starts gateway, Rasa and actions, restarts what dies, and stops all in order.

The gateway starts at once and serves customers while Rasa is still loading its model.
"""

import asyncio
import signal
import socket
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial

import aiohttp
import psutil

from connectors.gateway.child import Child
from connectors.gateway.home import hold_home, kill_leftovers, remember_processes
from connectors.gateway.library_warnings import without_library_warnings
from connectors.gateway.processes import ProcessSpec
from connectors.gateway.settings import Settings
from connectors.gateway.terminal import Terminal

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
HEALTHY_SECONDS = 60.0
READY_POLL_SECONDS = 0.25
GATEWAY_GRACE_SECONDS = 6.0  # it lets go of its conversations first
OTHERS_GRACE_SECONDS = 2.0  # together under ten


class PortInUseError(Exception):
    """A port we need is taken."""


class Supervisor:
    """Runs the given processes until `stop()`. The first is the gateway: it starts first and stops first.

    `on_ready(name)` is awaited each time a process begins to serve.
    """

    def __init__(
        self,
        settings: Settings,
        specs: Sequence[ProcessSpec],
        terminal: Terminal,
        on_ready: Callable[[str], Awaitable[None]],
    ) -> None:
        self._settings = settings
        self._specs = specs
        self._terminal = terminal
        self._on_ready = on_ready
        self._children: dict[str, Child] = {}
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Ask everything to end; `run` returns when it has."""
        self._stopping.set()

    async def run(self) -> None:
        """Hold the home, keep every process running, and return after `stop()`, SIGINT or SIGTERM.

        Raises HomeBusyError or PortInUseError before anything is started.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.stop)
        with hold_home(self._settings.home):
            for name in kill_leftovers(self._settings.home):
                self._say(f"ended {name}, left over from a supervisor that was killed")
            for spec in self._specs:
                check_port_is_free(spec)
            keepers = [asyncio.create_task(self._keep_running(spec), name=spec.name) for spec in self._specs]
            await self._stopping.wait()
            self._say("stopping")
            await self._stop_in_order()
            await asyncio.gather(*keepers)
            remember_processes(self._settings.home, {})
            self._say("stopped")

    async def _keep_running(self, spec: ProcessSpec) -> None:
        failures = 0
        while not self._stopping.is_set():
            started = time.monotonic()
            status = await self._run_once(spec)
            if self._stopping.is_set():
                return
            failures = 1 if time.monotonic() - started >= HEALTHY_SECONDS else failures + 1
            pause = restart_pause(failures)
            self._say(f"{spec.name} {_how_it_ended(status)}; starting it again in {pause:g} s")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)

    async def _run_once(self, spec: ProcessSpec) -> int:
        say = without_library_warnings(partial(self._terminal.line, spec.name))
        try:
            child = await Child.start(spec, say)
        except OSError as error:
            self._say(f"{spec.name} cannot be started: {error}")
            return 1
        self._children[spec.name] = child
        remember_processes(self._settings.home, {name: running.pid for name, running in self._children.items()})
        readiness = asyncio.create_task(self._tell_when_ready(spec))
        try:
            return await child.wait()
        finally:
            readiness.cancel()
            del self._children[spec.name]

    async def _tell_when_ready(self, spec: ProcessSpec) -> None:
        started = time.monotonic()
        await wait_until_ready(spec)
        self._say(f"{spec.name} ready after {time.monotonic() - started:.1f} s")
        await self._on_ready(spec.name)

    async def _stop_in_order(self) -> None:
        """The gateway first, so that it asks nobody for answers any more; then all others at once."""
        gateway = self._children.get(self._specs[0].name)
        if gateway:
            await gateway.stop(GATEWAY_GRACE_SECONDS)
        others = [child for child in self._children.values() if child is not gateway]
        await asyncio.gather(*(child.stop(OTHERS_GRACE_SECONDS) for child in others))

    def _say(self, text: str) -> None:
        self._terminal.line("frontdesk", text)


async def wait_until_ready(spec: ProcessSpec) -> None:
    """Return when the process answers 200 at its `ready_url`."""
    timeout = aiohttp.ClientTimeout(total=5)
    async with aiohttp.ClientSession(timeout=timeout, headers=spec.ready_headers) as session:
        while True:
            with suppress(aiohttp.ClientError, TimeoutError):
                async with session.get(spec.ready_url) as answer:
                    if answer.ok:
                        return
            await asyncio.sleep(READY_POLL_SECONDS)


def restart_pause(failures: int) -> float:
    """Seconds to wait before the next start after so many failures in a row: doubling, at most half a minute."""
    return min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2.0 ** (failures - 1))


def check_port_is_free(spec: ProcessSpec) -> None:
    """Raises PortInUseError, naming the port, who has it where that can be known, and the setting to change."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", spec.port))
        except OSError:
            raise PortInUseError(
                f"Port {spec.port} for {spec.name} is in use{_by_whom(spec.port)}; stop that or set {spec.port_setting}"
            ) from None


def _by_whom(port: int) -> str:
    with suppress(psutil.Error):
        for connection in psutil.net_connections("tcp"):
            listens_here = connection.status == psutil.CONN_LISTEN and connection.laddr[1:] == (port,)
            if listens_here and connection.pid:
                return f" by {psutil.Process(connection.pid).name()} (process {connection.pid})"
    return ""


def _how_it_ended(status: int) -> str:
    return f"was ended by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"
