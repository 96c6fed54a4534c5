# ruff: noqa: T201, S311 (a command that prints; chance repeats by seed)
"""BANKING77 and CLINC150 with a few examples per intent. The data is the caller's; none of it is kept."""

import argparse
import random
import time
from collections.abc import Sequence
from pathlib import Path

from bot.evaluate import Guess, figures, with_typo
from bot.example_files import Example, few, read_examples
from bot.sentence_model import OUT_OF_SCOPE, SentenceModel


def main() -> None:
    """Prints one line for each data set, number of examples and seed."""
    arguments = _arguments()
    for seed in arguments.seeds:
        if arguments.banking77:
            train, test = (read_examples(arguments.banking77 / f"banking77_{part}.csv") for part in ("train", "test"))
            for count in (10, 20):
                print(f"BANKING77 {count} per intent, seed {seed}: {measure(few(train, count, seed), test)}")
        if arguments.clinc150:
            train, test = (read_examples(arguments.clinc150, part) for part in ("train", "test"))
            print(f"CLINC150 10 per intent, seed {seed}: {measure(few(train, 10, seed), test)}")


def measure(known: Sequence[Example], unseen: Sequence[Example]) -> str:
    """Trains on `known`, tests on `unseen`. Shares of all in-scope sentences; a doubted sentence counts as wrong only
    in `doubted`, so that accuracy compares with classifiers that never doubt."""
    started = time.perf_counter()
    model = SentenceModel.train([example.text for example in known], [example.label for example in known])
    seconds = time.perf_counter() - started
    slips = [Example(with_typo(each.text, random.Random(n)), each.label) for n, each in enumerate(unseen)]
    ours = [each for each in unseen if each.label != OUT_OF_SCOPE]
    plain = figures([_guess(model, each) for each in ours], [_guess(model, each) for each in slips if each.label != OUT_OF_SCOPE])  # fmt: skip  # noqa: E501
    doubted = [model.read(each.text).doubtful for each in ours]
    strange = [model.read(each.text).doubtful for each in unseen if each.label == OUT_OF_SCOPE]
    line = (
        f"accuracy {plain['accuracy']:.1%}, with a typo {plain['accuracy_with_typo']:.1%}, trained in {seconds:.0f} s"
    )
    line += f", read in {plain['parse_p50_ms']:.1f} ms, doubted {sum(doubted) / len(doubted):.1%}"
    return line + (f", out of scope caught {sum(strange) / len(strange):.1%}" if strange else "")


def _guess(model: SentenceModel, example: Example) -> Guess:
    started = time.perf_counter()
    label = model.read(example.text).ranking[0][0]
    return Guess(example, label, label, (time.perf_counter() - started) * 1000)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.public_benchmarks", description=__doc__)
    parser.add_argument("--banking77", type=Path, help="the folder of banking77_train.csv and banking77_test.csv")
    parser.add_argument("--clinc150", type=Path, help="data_full.json")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    return parser.parse_args()


if __name__ == "__main__":
    main()
