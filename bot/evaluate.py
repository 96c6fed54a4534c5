# ruff: noqa: T201, S311 (a command that prints; chance repeats by seed)
"""How well the pipeline of config.yml understands: `python -m bot.evaluate --data DIR|FILE`.

`--data` is any Rasa NLU training data, a CSV with the columns text and intent (or category, or label), or a JSON file with a
list of examples or the parts train and test, as BANKING77 and CLINC150 come. What it is tested on is `--test`, the file's own
test part, or every fifth example of each intent. `--per-intent 10` trains on that many of each. With `--model` nothing is
trained: that model is tested on all of `--data`.
"""

import argparse
import asyncio
import io
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

from bot.example_files import DataError, Example, few, has_parts, hold_out, read_examples
from bot.lean_imports import defer, leave_out_neural_components

REJECTIONS = {"nlu_fallback", "out_of_scope"}
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
class Guess:
    """What the pipeline made of an example: a rejection or an intent, with its key if it has one.

    `likeliest` is what it would have said had it never been in doubt.
    """

    example: Example
    label: str
    likeliest: str
    milliseconds: float


def main() -> None:
    """Prints a table, or JSON with `--json`; one line and exit status 1 for data that can't be used."""
    arguments = _arguments()
    logging.captureWarnings(True)  # about Rasa's own past and future, none of it the reader's
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    defer()
    if arguments.model is None:  # a finished model may have any components, whatever the configuration names
        leave_out_neural_components([arguments.config])
    from rasa.utils.log_utils import configure_structlog

    with redirect_stdout(sys.stderr):  # Rasa's remarks: only the report is output
        configure_structlog(logging.WARNING)
        try:
            report = evaluate(
                arguments.data,
                arguments.test,
                arguments.config,
                arguments.model,
                per_intent=arguments.per_intent,
                seed=arguments.seed,
            )
        except DataError as error:
            sys.exit(f"frontdesk evaluate: {error}")
    print(json.dumps(report, indent=2) if arguments.json else _table(report))


def evaluate(
    data: Path, test: Path | None, config: Path, model: Path | None, *, per_intent: int | None = None, seed: int = 0
) -> dict[str, Any]:
    """The figures of one evaluation; shares are 0..1, times are named with their unit. Raises DataError."""
    if model is None and not config.is_file():
        raise DataError(f"{config}: there is no such configuration")
    known, unseen = _to_learn_and_test(data, test, model)
    if per_intent is not None:
        known = few(known, per_intent, seed)
    training_seconds = None
    with tempfile.TemporaryDirectory() as scratch:
        if model is None:
            _say(f"training on {len(known)} examples of {len({each.label for each in known})} intents")
            model, training_seconds = _train(known, config, Path(scratch))
        parser = Parser(model)
        _say(f"reading {len(unseen)} messages, then those in scope again with a typing error in each")
        guesses = [parser.guess(example) for example in unseen]
        slips = [parser.guess(Example(with_typo(example.text, random.Random(n)), example.label))
                 for n, example in enumerate(unseen) if example.label not in REJECTIONS]  # fmt: skip
    return {"trained_on": len(known), "training_seconds": training_seconds, **figures(guesses, slips)}


def _to_learn_and_test(data: Path, test: Path | None, model: Path | None) -> tuple[list[Example], list[Example]]:
    if model is not None:
        if not model.is_file():
            raise DataError(f"{model}: there is no such model")
        return [], read_examples(data, "test")
    examples = read_examples(data)
    if test is None and has_parts(data):
        test = data
    known, unseen = (examples, read_examples(test, "test")) if test else hold_out(examples)
    if len({example.label for example in known}) < 2:
        raise DataError(f"{data}: it takes examples of two intents or more to tell them apart")
    if not unseen:
        raise DataError(f"{data}: no intent has five examples, so none is left to test on. Give more, or --test")
    return known, unseen


def _say(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)


def figures(guesses: list[Guess], slips: list[Guess]) -> dict[str, Any]:
    """`accuracy` counts only sentences that are in scope, and a rejected one as wrong; `slips` are the same ones with a
    typing error each. The shares `undoubted` compare with classifiers that never reject.
    """
    ours = [guess for guess in guesses if guess.example.label not in REJECTIONS]
    strange = [guess for guess in guesses if guess.example.label in REJECTIONS]
    times = sorted(guess.milliseconds for guess in guesses)
    wrong = Counter((guess.example.label, guess.label) for guess in ours if not _right(guess))
    return {
        "tested_on": len(guesses),
        "accuracy": _share(ours, _right),
        "accuracy_with_typo": _share(slips, _right),
        "accuracy_undoubted": _share(ours, _right_undoubted),
        "accuracy_with_typo_undoubted": _share(slips, _right_undoubted),
        "false_rejection": _share(ours, lambda guess: guess.label in REJECTIONS),
        "out_of_scope_caught": _share(strange, lambda guess: guess.label in REJECTIONS),
        "parse_p50_ms": times[len(times) // 2],
        "parse_p95_ms": times[int(len(times) * 0.95)],
        "worst": [{"meant": meant, "read": read, "times": times} for (meant, read), times in wrong.most_common(WORST)],
    }


def _right(guess: Guess) -> bool:
    return guess.label == guess.example.label


def _right_undoubted(guess: Guess) -> bool:
    return guess.likeliest == guess.example.label


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
    with redirect_stdout(io.StringIO()):  # where a model was saved that is gone in a minute
        trained = train_nlu(str(config), str(folder / "nlu.json"), str(folder))
    return Path(trained), time.perf_counter() - started


def _common(intents: dict[str, list[str]]) -> list[dict[str, str]]:
    return [{"text": text, "intent": label} for label, texts in intents.items() for text in texts]


NOTES = {
    "accuracy": "of what is in scope; doubted counts as wrong",
    "accuracy_undoubted": "the likeliest intent, had it never doubted",
    "false_rejection": "in scope, and doubted or called out of scope",
    "out_of_scope_caught": "doubted or called out of scope, at that false rejection; the thresholds are the model's own",
}


def _table(report: dict[str, Any]) -> str:
    lines = []
    for name, value in report.items():
        if name == "worst":
            lines += [f"    {each['meant']} read as {each['read']}: {each['times']}" for each in value]
        elif value is not None:
            percent = name.startswith(("accuracy", "false", "out"))
            written = f"{value:.1%}" if percent else f"{value:.4g}"
            note = f"  ({NOTES[name]})" if name in NOTES else ""
            lines.append(f"{name.replace('_', ' '):30}{written:>7}{note}")
    return "\n".join(lines)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.evaluate", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a file or folder to train on")
    parser.add_argument("--test", type=Path, help="a file or folder to test on")
    parser.add_argument("--per-intent", type=_count, help="train on so many of each intent")
    parser.add_argument("--seed", type=int, default=0, help="which ones --per-intent takes (default 0)")
    parser.add_argument("--config", type=Path, default=Path("config.yml"))
    parser.add_argument("--model", type=Path, help="test this model instead of training one")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _count(written: str) -> int:
    count = int(written)
    if count < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return count


if __name__ == "__main__":
    main()
