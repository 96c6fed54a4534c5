"""The figures of a run: what is measured of each system, and how."""

import json
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.side_by_side.load import Round, talk
from bench.side_by_side.machine import BOT_PYTHON, memory_mb, processor_seconds
from bench.side_by_side.servers import System
from connectors.gateway.settings import ROOT

UNSEEN = ROOT / "tests" / "understanding" / "unseen.yml"
CLIENTS = (1, 8, 32)


@dataclass
class Figures:
    """One system's column. None: it has no such figure. Milliseconds, seconds and MB as the names say."""

    name: str
    accuracy: float | None = None
    out_of_scope_caught: float | None = None
    false_rejection: float | None = None
    parse_p50_ms: float | None = None
    training_seconds: float | None = None
    training_cpu_seconds: float | None = None
    first_answer_seconds: float | None = None
    memory_mb: dict[str, float] = field(default_factory=dict)
    turn_p50_ms: float | None = None
    turn_p95_ms: float | None = None
    turns_per_second: dict[int, float] = field(default_factory=dict)
    processor_ms: dict[str, float] = field(default_factory=dict)
    """Of one turn, by process: unlike the clock's, hardly worse on a machine that has other work too."""


def understanding(figures: Figures, model: Path) -> None:
    """How many of the messages that nobody trained on are read right, and how long reading one takes."""
    command = [BOT_PYTHON, "-W", "ignore", "-m", "bot.evaluate", "--data", str(UNSEEN), "--model", str(model), "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    report: dict[str, Any] = json.loads(done.stdout[done.stdout.index("{") :])
    figures.accuracy = report["accuracy"]
    figures.out_of_scope_caught = report["out_of_scope_caught"]
    figures.false_rejection = report["false_rejection"]
    figures.parse_p50_ms = report["parse_p50_ms"]


async def turns(systems: Sequence[tuple[System, Figures]], rounds: int, seconds: float) -> None:
    """Loads the systems in turn, so that a machine that is busier for a while is so for all. Medians of the rounds."""
    for system, _ in systems:
        await talk(system.customer, 1, seconds / 2, seed=0)
    for clients in CLIENTS:
        found: dict[str, list[Round]] = {system.name: [] for system, _ in systems}
        spent: dict[str, list[dict[str, float]]] = {system.name: [] for system, _ in systems}
        for number in range(rounds):
            for system, _ in systems:
                before = _spent(system)
                found[system.name].append(await talk(system.customer, clients, seconds, seed=10_000 * (number + 1)))
                spent[system.name].append({name: now - before[name] for name, now in _spent(system).items()})
        for system, figures in systems:
            _note(figures, clients, found[system.name])
            answered = sum(len(one.waits) for one in found[system.name])
            figures.processor_ms = {
                name: 1000 * sum(one[name] for one in spent[system.name]) / answered for name in system.processes
            }
    for system, figures in systems:
        figures.memory_mb = {name: memory_mb([process]) for name, process in system.processes.items()}


def _spent(system: System) -> dict[str, float]:
    return {name: processor_seconds(process) for name, process in system.processes.items()}


def _note(figures: Figures, clients: int, rounds: list[Round]) -> None:
    figures.turns_per_second[clients] = statistics.median(one.per_second for one in rounds)
    if clients == 1:
        figures.turn_p50_ms = statistics.median(one.percentile(50) for one in rounds)
        figures.turn_p95_ms = statistics.median(one.percentile(95) for one in rounds)


async def first_answer(start: Callable[[int], AbstractContextManager[System]], times: int) -> float:
    """Seconds from starting the processes to the bot's first words, which a waiting customer asked for; the median."""
    return statistics.median([await _first_answer(start(number)) for number in range(times)])


async def _first_answer(starting: AbstractContextManager[System]) -> float:
    with starting as system:
        customer = system.customer()
        await customer.open()
        await customer.begin()
        await customer.say("hello")
        seconds = time.time() - system.started
        await customer.close()
    return seconds
