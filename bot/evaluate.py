# ruff: noqa: T201, S311 (a command that prints; chance repeats by seed)
"""How well the pipeline of config.yml understands: `python -m bot.evaluate --data DIR|FILE`.

`--data` is any Rasa NLU training data. What it is tested on is `--test`, or every fifth example of each intent. With
`--model` nothing is trained: that model is tested on all of `--data`.
"""

import argparse
import asyncio
import json
import logging
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.lean_imports import defer, leave_out_neural_components

REJECTIONS = {"nlu_fallback", "out_of_scope"}
HELD_OUT = 5  # every fifth
WORST = 10
NEIGHBOURS = {
    "a": "sq",
    "e": "rw",
    "i": "uo",
    "n": "mb",
    "o": "ip",
    "r": "te",
    "s": "ad",
    "t": "ry",
    "l": "k",
    "u": "yi",
}


@dataclass(frozen=True)
class Example:
    """A sentence and what it means; `label` includes the key of a retrieval intent."""

    text: str
    label: str


@dataclass(frozen=True)
class Guess:
    """What the pipeline made of an example: a rejection or an intent, with its key if it has one.

    `likeliest` is what it would have said had it never been in doubt.
    """

    example: Example
    label: str
    likeliest: str
    milliseconds: float


def main() -> None:
    """Prints a table, or JSON with `--json`."""
    arguments = _arguments()
    defer()
    leave_out_neural_components(arguments.config.read_text(encoding="utf-8"))
    from rasa.utils.log_utils import configure_structlog

    with redirect_stdout(sys.stderr):  # Rasa's remarks: only the report is output
        configure_structlog(logging.WARNING)
        report = evaluate(arguments.data, arguments.test, arguments.config, arguments.model)
    print(json.dumps(report, indent=2) if arguments.json else _table(report))


def evaluate(data: Path, test: Path | None, config: Path, model: Path | None) -> dict[str, Any]:
    """The figures of one evaluation; shares are 0..1, times are named with their unit."""
    examples = read_examples(data)
    training_seconds = None
    with tempfile.TemporaryDirectory() as scratch:
        if model is None:
            known, unseen = (examples, read_examples(test)) if test else hold_out(examples)
            model, training_seconds = _train(known, config, Path(scratch))
        else:
            known, unseen = [], examples
        parser = Parser(model)
        guesses = [parser.guess(example) for example in unseen]
        slips = [parser.guess(Example(with_typo(example.text, random.Random(n)), example.label))
                 for n, example in enumerate(unseen) if example.label not in REJECTIONS]  # fmt: skip
    return {"trained_on": len(known), "training_seconds": training_seconds, **figures(guesses, slips)}


def figures(guesses: list[Guess], slips: list[Guess]) -> dict[str, Any]:
    """`accuracy` counts only sentences that are in scope, and a rejected one as wrong; `slips` are the same ones with a
    typing error each. `accuracy_undoubted` compares with classifiers that never reject.
    """
    ours = [guess for guess in guesses if guess.example.label not in REJECTIONS]
    strange = [guess for guess in guesses if guess.example.label in REJECTIONS]
    times = sorted(guess.milliseconds for guess in guesses)
    wrong = Counter((guess.example.label, guess.label) for guess in ours if not _right(guess))
    return {
        "tested_on": len(guesses),
        "accuracy": _share(ours, _right),
        "accuracy_with_typo": _share(slips, _right),
        "accuracy_undoubted": _share(ours, lambda guess: guess.likeliest == guess.example.label),
        "false_rejection": _share(ours, lambda guess: guess.label in REJECTIONS),
        "out_of_scope_caught": _share(strange, lambda guess: guess.label in REJECTIONS),
        "parse_p50_ms": times[len(times) // 2],
        "parse_p95_ms": times[int(len(times) * 0.95)],
        "worst": [{"meant": meant, "read": read, "times": times} for (meant, read), times in wrong.most_common(WORST)],
    }


def _right(guess: Guess) -> bool:
    return guess.label == guess.example.label


def _share(guesses: list[Guess], counts: Any) -> float | None:
    return sum(map(counts, guesses)) / len(guesses) if guesses else None


class Parser:
    """A trained model, asked as the bot asks it."""

    def __init__(self, model: Path) -> None:
        from rasa.core.agent import Agent

        self._agent = Agent.load(model)
        self._loop = asyncio.new_event_loop()

    def guess(self, example: Example) -> Guess:
        """Reads one sentence."""
        started = time.perf_counter()
        # A leading space keeps Rasa from taking "/…" for an intent.
        parsed = self._loop.run_until_complete(self._agent.parse_message(" " + example.text.lstrip("/")))
        milliseconds = (time.perf_counter() - started) * 1000
        likeliest = next(
            (each for each in parsed["intent_ranking"] if each["name"] not in REJECTIONS), parsed["intent"]
        )
        return Guess(example, full_name(parsed, parsed["intent"]), full_name(parsed, likeliest), milliseconds)


def full_name(parsed: dict[str, Any], intent: dict[str, Any]) -> str:
    """The intent's name, and with a retrieval intent the key of the answer chosen for it."""
    selected = parsed.get("response_selector", {}).get(intent["name"])
    return str(selected["response"]["intent_response_key"] if selected else intent["name"])


def read_examples(data: Path) -> list[Example]:
    """Every example of Rasa NLU data with its full intent."""
    from rasa.shared.data import get_data_files, is_nlu_file
    from rasa.shared.importers.utils import training_data_from_paths

    loaded = training_data_from_paths(get_data_files([str(data)], is_nlu_file), "en")
    return [Example(found.get("text"), found.get_full_intent()) for found in loaded.intent_examples]


def hold_out(examples: list[Example]) -> tuple[list[Example], list[Example]]:
    """(to train on, to test on)"""
    seen: Counter[str] = Counter()
    parts: tuple[list[Example], list[Example]] = ([], [])
    for example in examples:
        seen[example.label] += 1
        parts[seen[example.label] % HELD_OUT == 0].append(example)
    return parts


def with_typo(text: str, chance: random.Random) -> str:
    """One slip in one longer word: letters swapped, one dropped, one doubled or a neighbouring key."""
    words = text.split(" ")
    candidates = [at for at, word in enumerate(words) if len(word) > 3 and word.isalpha()]
    if not candidates:
        return text
    at = chance.choice(candidates)
    word, place = words[at], chance.randrange(len(words[at]) - 1)
    head, letter, tail = word[:place], word[place], word[place + 1 :]
    slip = chance.randrange(4)
    middle = (tail[0] + letter + tail[1:], tail, letter * 2 + tail, chance.choice(NEIGHBOURS.get(letter, "e")) + tail)
    words[at] = head + middle[slip]
    return " ".join(words)


def _train(examples: list[Example], config: Path, folder: Path) -> tuple[Path, float]:
    from rasa.model_training import train_nlu

    intents: defaultdict[str, list[str]] = defaultdict(list)
    for example in examples:
        intents[example.label].append(example.text)
    data = {"rasa_nlu_data": {"common_examples": _common(intents)}}
    (folder / "nlu.json").write_text(json.dumps(data))
    started = time.perf_counter()
    trained = train_nlu(str(config), str(folder / "nlu.json"), str(folder))
    return Path(trained), time.perf_counter() - started


def _common(intents: dict[str, list[str]]) -> list[dict[str, str]]:
    return [{"text": text, "intent": label} for label, texts in intents.items() for text in texts]


def _table(report: dict[str, Any]) -> str:
    lines = []
    for name, value in report.items():
        if name == "worst":
            lines += [f"    {each['meant']} read as {each['read']}: {each['times']}" for each in value]
        elif value is not None:
            percent = name.startswith(("accuracy", "false", "out"))
            lines.append(
                f"{name.replace('_', ' '):24}{value:.1%}" if percent else f"{name.replace('_', ' '):24}{value:g}"
            )
    return "\n".join(lines)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.evaluate", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--test", type=Path)
    parser.add_argument("--config", type=Path, default=Path("config.yml"))
    parser.add_argument("--model", type=Path)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
