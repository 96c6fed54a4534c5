"""The plot of docs/benchmarks.md, in the bot's environment: figures as JSON on standard input, the file's name given."""

import json
import sys
from typing import Any

from matplotlib import pyplot

COLOURS = ("#8a8f98", "#1f6f54", "#d9c7a0")
WIDTH = 0.26


def draw(columns: "list[dict[str, Any]]", path: str) -> None:
    pyplot.switch_backend("svg")
    pyplot.rcParams["svg.hashsalt"] = "frontdesk"  # the same figures give the same file
    figure, (rates, waits) = pyplot.subplots(1, 2, figsize=(10, 3.8))
    _bars(rates, columns, [f"{count} client{'s' if int(count) > 1 else ''}" for count in columns[0]["per_second"]],
          lambda one: list(one["per_second"].values()), "{:.0f}")  # fmt: skip
    rates.set_title("Turns a second (more is better)", fontsize=11)
    _bars(waits, columns, ["p50", "p95"], lambda one: [one["p50"], one["p95"]], "{:.1f}")
    waits.set_title("Milliseconds of a turn, one client (less is better)", fontsize=11)
    figure.legend(*rates.get_legend_handles_labels(), loc="lower center", ncol=len(columns), frameon=False, fontsize=9)
    figure.tight_layout(rect=(0, 0.07, 1, 1))
    figure.savefig(path, format="svg", metadata={"Date": None})


def _bars(axes: Any, columns: "list[dict[str, Any]]", groups: "list[str]", values: Any, spelt: str) -> None:
    for place, one in enumerate(columns):
        at = [group + (place - (len(columns) - 1) / 2) * WIDTH for group in range(len(groups))]
        bars = axes.bar(at, values(one), WIDTH, color=COLOURS[place], label=one["name"])
        axes.bar_label(bars, labels=[spelt.format(value) for value in values(one)], fontsize=8)
    axes.set_xticks(range(len(groups)), groups)
    axes.set_yscale("log")
    low, high = axes.get_ylim()
    axes.set_ylim(low / 2, high * 1.5)
    axes.spines[["top", "right"]].set_visible(False)


if __name__ == "__main__":
    draw(json.load(sys.stdin), sys.argv[1])
