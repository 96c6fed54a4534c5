"""`python -m bench.side_by_side`: measures stock Rasa, Frontdesk and a bare echo, and writes docs/benchmarks.md.

The first run trains stock Rasa, which takes a quarter of an hour or more; its model is kept in var/bench until the
training data changes.
"""

import argparse
import asyncio
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench.side_by_side import figures, machine, page, servers
from bench.side_by_side.figures import Figures
from bench.side_by_side.training import Trained, train_ours, train_stock

STARTS = 3


def main() -> None:
    options = _options()
    about = machine.described()
    for name, words in about.items():
        print(f"{name}: {words}", flush=True)
    stock, ours, floor = Figures("stock Rasa"), Figures("Frontdesk"), Figures("bare echo")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        print("training stock Rasa, unless that is done", flush=True)
        trained, kept = train_stock(options.any_stock)
        _train_figures(stock, trained)
        print("training ours", flush=True)
        (home / "ours").mkdir()
        own = train_ours(home / "ours")
        _train_figures(ours, own)
        for column, model in ((stock, trained.model), (ours, own.model)):
            figures.understanding(column, model)
        print("starting each a few times", flush=True)
        asyncio.run(_starts(home, trained.model, stock, ours))
        print("talking", flush=True)
        _talk(home, trained.model, [stock, ours, floor], options.rounds, options.seconds)
    how = {"rounds": options.rounds, "seconds": options.seconds, "starts": STARTS}
    page.write(about, [stock, ours, floor], (trained, kept), how)
    print(page.PAGE.read_text())


async def _starts(home: Path, stock_model: Path, stock: Figures, ours: Figures) -> None:
    ours.first_answer_seconds = await figures.first_answer(
        lambda number: servers.ours(home / f"start-{number}", loaded=False), STARTS
    )
    with servers.only_actions(home) as port:
        log = home / "stock.log"
        stock.first_answer_seconds = await figures.first_answer(lambda _: servers.stock(stock_model, port, log), STARTS)


def _talk(home: Path, stock_model: Path, columns: list[Figures], rounds: int, seconds: float) -> None:
    with ExitStack() as running:
        port = running.enter_context(servers.only_actions(home))
        systems = [
            running.enter_context(servers.stock(stock_model, port, home / "stock.log")),
            running.enter_context(servers.ours(home / "desk")),
            running.enter_context(servers.echo(home / "echo.log")),
        ]
        asyncio.run(figures.turns(list(zip(systems, columns, strict=True)), rounds, seconds))


def _train_figures(column: Figures, trained: Trained) -> None:
    column.training_seconds, column.training_cpu_seconds = trained.seconds, trained.cpu_seconds


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.side_by_side", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="rounds for each number of clients (3)")
    parser.add_argument("--seconds", type=float, default=8.0, help="length of a round (8)")
    parser.add_argument("--any-stock", action="store_true", help="take the newest stock model, whatever it learnt from")
    return parser.parse_args()


if __name__ == "__main__":
    main()
