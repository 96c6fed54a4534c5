"""docs/benchmarks.md and its plot, written from a run's figures."""

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bench.side_by_side.figures import CLIENTS, Figures
from bench.side_by_side.machine import BOT_PYTHON
from bench.side_by_side.training import Trained
from connectors.gateway.settings import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
PLOT = ROOT / "docs" / "pictures" / "benchmarks.svg"

TEMPLATE = Path(__file__).with_name("page.md")


def write(about: dict[str, str], columns: list[Figures], stock: tuple[Trained, bool], how: dict[str, float]) -> None:
    """The page and the plot. `columns`: stock, ours, echo. `how`: rounds, seconds, starts."""
    trained, kept = stock
    table = ["| | " + " | ".join(figures.name for figures in columns) + " | ours to stock |"]
    table += ["|---" * (len(columns) + 2) + "|", *_rows(columns)]
    run = [f"- {datetime.now(UTC):%Y-%m-%d %H:%M} UTC", *(f"- {name}: {words}" for name, words in about.items())]
    run.append(f"- stock's model: {trained.note}{_provenance(trained, kept)}")
    page = TEMPLATE.read_text().format(
        table="\n".join(table),
        plot=f"pictures/{PLOT.name}",
        memory=_memory(columns[1]),
        processors=_processors(columns[1]),
        run="\n".join(run),
        most=max(CLIENTS),
        **how,
    )
    PAGE.write_text(page)
    _plot(columns)


def _provenance(trained: Trained, kept: bool) -> str:
    if not trained.same_data:
        return ", kept from an earlier run; **the training data has changed since**"
    return ", kept from an earlier run on the same data" if kept else ", in this run"


def _rows(columns: list[Figures]) -> list[str]:
    share, plain, seconds = "{:.1%}".format, "{:.1f}".format, "{:.0f} s".format
    rows = [
        _row("right on unseen messages", columns, lambda one: one.accuracy, share, ratio=False),
        _row("out of scope, caught", columns, lambda one: one.out_of_scope_caught, share, ratio=False),
        _row("in scope, rejected", columns, lambda one: one.false_rejection, share, ratio=False),
        _row("understanding a message, p50, ms", columns, lambda one: one.parse_p50_ms, plain),
        _row("training from nothing, clock", columns, lambda one: one.training_seconds, seconds),
        _row("training from nothing, processors", columns, lambda one: one.training_cpu_seconds, seconds),
        _row("start to first answer", columns, lambda one: one.first_answer_seconds, "{:.1f} s".format),
        _row("memory of Rasa, MB", columns, lambda one: one.memory_mb.get("rasa"), "{:.0f}".format),
        _row("**a turn, p50, ms**", columns, lambda one: one.turn_p50_ms, plain),
        _row("**a turn, p95, ms**", columns, lambda one: one.turn_p95_ms, plain),
    ]
    rows.append(
        _row("processor time of a turn, ms", columns, lambda one: sum(one.processor_ms.values()) or None, plain)
    )
    for clients in CLIENTS:
        name = f"**turns a second, {clients} client{'s' if clients > 1 else ''}**"
        rows.append(_row(name, columns, lambda one, clients=clients: one.turns_per_second.get(clients), plain))  # type: ignore[misc]
    return rows


def _row(
    name: str,
    columns: list[Figures],
    figure: Callable[[Figures], float | None],
    spell: Callable[[float], str],
    ratio: bool = True,
) -> str:
    values = [figure(one) for one in columns]
    stock, ours = values[:2]
    times = f"{ours / stock:.2g} x" if ratio and stock and ours else ""
    return f"| {name} | " + " | ".join("" if value is None else spell(value) for value in values) + f" | {times} |"


def _memory(ours: Figures) -> str:
    each = ", ".join(f"{name} {megabytes:.0f}" for name, megabytes in ours.memory_mb.items())
    return f"{each}; {sum(ours.memory_mb.values()):.0f} in all"


def _processors(ours: Figures) -> str:
    return ", ".join(f"{name} {milliseconds:.1f}" for name, milliseconds in ours.processor_ms.items())


def _plot(columns: list[Figures]) -> None:
    """Drawn in the bot's environment: matplotlib comes with Rasa."""
    drawn = [
        {"name": one.name, "per_second": one.turns_per_second, "p50": one.turn_p50_ms, "p95": one.turn_p95_ms}
        for one in columns
    ]
    script = Path(__file__).with_name("plot.py")
    subprocess.run([BOT_PYTHON, "-W", "ignore", str(script), str(PLOT)], input=json.dumps(drawn), text=True, check=True)
