"""One child process of the supervisor: started on a leash, its lines passed on, stopped with its whole group."""

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from connectors.gateway.processes import ProcessSpec
from connectors.gateway.settings import ROOT

LONGEST_LINE = 16_384
LAST_LINES_SECONDS = 2
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class Child:
    """A running process. `say(line)` gets each line it writes."""

    def __init__(self, process: asyncio.subprocess.Process, say: Callable[[str], None]) -> None:
        self._process = process
        self._lines = asyncio.create_task(self._pass_lines_on(say))

    @classmethod
    async def start(cls, spec: ProcessSpec, say: Callable[[str], None]) -> "Child":
        """Start `spec` in a process group of its own, so that Ctrl-C reaches us alone and we stop it in order."""
        process = await asyncio.create_subprocess_exec(
            *spec.command,
            cwd=ROOT,
            env=spec.environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=partial(_die_with, os.getpid()),
        )
        return cls(process, say)

    @property
    def pid(self) -> int:
        return self._process.pid

    async def wait(self) -> int:
        """Wait for its end and end what it started. Returns the exit status, negative for a signal."""
        status = await self._process.wait()
        self._signal_group(signal.SIGKILL)
        with suppress(TimeoutError):  # something that left the group may still hold the pipe
            await asyncio.wait_for(self._lines, LAST_LINES_SECONDS)
        return status

    async def stop(self, grace_seconds: float) -> None:
        """Ask it to stop, and kill it and all it started when it has not within `grace_seconds`."""
        self._signal_group(signal.SIGTERM)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), grace_seconds)
        self._signal_group(signal.SIGKILL)
        await self._process.wait()

    def _signal_group(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError, PermissionError):  # macOS answers EPERM for a group of zombies
            os.killpg(self._process.pid, number)

    async def _pass_lines_on(self, say: Callable[[str], None]) -> None:
        assert self._process.stdout is not None
        rest = b""
        while chunk := await self._process.stdout.read(65_536):
            *lines, rest = (rest + chunk).split(b"\n")
            if len(rest) > LONGEST_LINE:
                lines, rest = [*lines, rest], b""
            for line in lines:
                say(line[:LONGEST_LINE].decode(errors="replace"))
        say(rest.decode(errors="replace"))


def _die_with(parent: int) -> None:
    """Runs in the child before its program: let the kernel end it should the supervisor be killed.

    Elsewhere than on Linux the next supervisor ends it (`home.kill_leftovers`).
    """
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)
