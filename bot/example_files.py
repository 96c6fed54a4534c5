# ruff: noqa: S311 (chance repeats by seed)
"""Labelled messages from files: Rasa's NLU data, CSV as BANKING77 has it, JSON as CLINC150 has it."""

import csv
import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.sentence_model import OUT_OF_SCOPE

HELD_OUT = 5  # every fifth
SHOWN = 60  # characters of what can't be used
LABEL_COLUMNS = ("intent", "category", "label")
CAN_READ = (
    "Rasa NLU data (YAML or JSON), a .csv with the columns text and intent, "
    "or a .json with a list of examples or with train and test"
)
EXAMPLE = '["a text", "its intent"] or {"text": "a text", "intent": "its intent"}'


class DataError(Exception):
    """The data can't be used; one line that names the file and says what would do."""


@dataclass(frozen=True)
class Example:
    """A sentence and what it means; `label` includes the key of a retrieval intent."""

    text: str
    label: str


def read_examples(data: Path, part: str = "train") -> list[Example]:
    """Every example of a file or folder; of a file with `train` and `test` the `part` that is asked for.

    Raises DataError.
    """
    if not data.exists():
        raise DataError(f"{data}: there is no such file or folder")
    try:
        found = _from_csv(data) if data.suffix == ".csv" else _from_json(data, part) or _from_rasa(data)
    except (UnicodeDecodeError, csv.Error, OSError) as error:
        raise DataError(f"{data}: {error}") from error
    if not found:
        raise DataError(f"{data}: no examples found. It should be {CAN_READ}")
    return found


def has_parts(data: Path) -> bool:
    """Whether the file brings what to test on along with what to train on."""
    content = _content(data)
    return isinstance(content, dict) and {"train", "test"} <= content.keys()


def few(examples: Sequence[Example], count: int, seed: int) -> list[Example]:
    """The first `count` of each label after shuffling."""
    seen: Counter[str] = Counter()
    chosen = []
    for example in random.Random(seed).sample(list(examples), len(examples)):
        seen[example.label] += 1
        if seen[example.label] <= count:
            chosen.append(example)
    return chosen


def hold_out(examples: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """(to train on, to test on)"""
    seen: Counter[str] = Counter()
    parts: tuple[list[Example], list[Example]] = ([], [])
    for example in examples:
        seen[example.label] += 1
        parts[seen[example.label] % HELD_OUT == 0].append(example)
    return parts


def _from_csv(data: Path) -> list[Example]:
    with data.open(newline="", encoding="utf-8-sig") as file:
        rows = csv.DictReader(file)
        columns = rows.fieldnames or []
        label = next((name for name in LABEL_COLUMNS if name in columns), None)
        if "text" not in columns or label is None:
            raise DataError(f"{data}: its first line must name the columns text and {', or '.join(LABEL_COLUMNS)}")
        found = []
        for row in rows:
            if None in row or None in (
                row["text"],
                row[label],
            ):  # as csv says that a line has more cells than columns, or fewer
                raise DataError(
                    f"{data}: line {rows.line_num} has not as many cells as the first (quote a text with commas)"
                )
            if row["text"] and row[label]:
                found.append(Example(row["text"], row[label]))
        return found


def _from_json(data: Path, part: str) -> list[Example]:
    """`[[text, intent], …]`, or `{"train": [[text, intent], …], "test": […], "oos_test": […]}`; none for other content.

    An example may be an object with `text` and `intent` as well. What is out of scope is never trained on.
    """
    content = _content(data)
    if isinstance(content, list):
        return _examples(data, content)
    if not has_parts(data):
        return []
    strange = _examples(data, content.get("oos_test", [])) if part == "test" else []
    return _examples(data, content[part]) + [Example(example.text, OUT_OF_SCOPE) for example in strange]


def _examples(data: Path, rows: object) -> list[Example]:
    if not isinstance(rows, list):
        raise DataError(f"{data}: where examples should be listed is {_shortly(rows)}")
    return [_example(data, row) for row in rows]


def _example(data: Path, row: object) -> Example:
    parts = row
    if isinstance(row, dict):
        parts = [row.get("text"), next((row[name] for name in LABEL_COLUMNS if name in row), None)]
    match parts:
        case [str(text), str() | int() as label] if text.strip() and label != "":
            return Example(text, str(label))
    raise DataError(f"{data}: each example should be {EXAMPLE}, and one is {_shortly(row)}")


def _shortly(value: object) -> str:
    written = json.dumps(value, ensure_ascii=False)
    return written if len(written) <= SHOWN else f"{written[:SHOWN]}…"


def _content(data: Path) -> Any:
    if data.suffix != ".json":
        return None
    try:
        return json.loads(data.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise DataError(f"{data}: is no JSON ({error})") from error


def _from_rasa(data: Path) -> list[Example]:
    from rasa.shared.data import get_data_files, is_nlu_file
    from rasa.shared.exceptions import RasaException
    from rasa.shared.importers.utils import training_data_from_paths

    try:
        loaded = training_data_from_paths(get_data_files([str(data)], is_nlu_file), "en")
    except RasaException as error:
        raise DataError(f"{data}: {' '.join(str(error).split())}") from error
    return [
        Example(found.get("text"), found.get_full_intent()) for found in loaded.intent_examples if found.get("text")
    ]
