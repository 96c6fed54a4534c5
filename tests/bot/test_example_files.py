"""What people bring to evaluate is read, or refused in one line."""

import json
from pathlib import Path

import pytest

from bot.evaluate import evaluate
from bot.example_files import DataError, Example, few, has_parts, read_examples

CONFIG = Path("config.yml")


def written(folder: Path, name: str, content: str) -> Path:
    file = folder / name
    file.write_text(content, encoding="utf-8")
    return file


@pytest.mark.parametrize("column", ["intent", "category", "label"])
def test_a_csv_names_its_columns(tmp_path: Path, column: str) -> None:
    file = written(tmp_path, "talk.csv", f'text,{column}\nhello,greet\n"well, bye",goodbye\n')
    assert read_examples(file) == [Example("hello", "greet"), Example("well, bye", "goodbye")]


def test_rasas_own_data_is_read(tmp_path: Path) -> None:
    written(tmp_path, "nlu.yml", 'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - hello\n    - hi\n')
    assert read_examples(tmp_path) == [Example("hello", "greet"), Example("hi", "greet")]


def test_a_file_with_parts_never_trains_on_what_is_out_of_scope(tmp_path: Path) -> None:
    parts = {
        "train": [["hi", "greet"]],
        "oos_train": [["moo", "oos"]],
        "test": [["bye", "goodbye"]],
        "oos_test": [["x", "oos"]],
    }
    file = written(tmp_path, "data.json", json.dumps(parts))
    assert has_parts(file)
    assert read_examples(file) == [Example("hi", "greet")]
    assert read_examples(file, "test") == [Example("bye", "goodbye"), Example("x", "out_of_scope")]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("talk.csv", "hello,greet\n", "must name the columns text and intent"),
        ("talk.csv", "text,intent\n", "no examples found"),
        ("data.json", "{", "is no JSON"),
        ("notes.txt", "hello", "no examples found"),
        ("nlu.yml", 'version: "3.1"\nnlu:\n  - intent: [\n', "nlu.yml: "),
        ("one.csv", "text,intent\nhello,greet\n", "two intents or more"),
        ("few.csv", "text,intent\nhello,greet\nbye,goodbye\n", "none is left to test on"),
    ],
)
def test_data_that_cannot_be_used_is_named_in_one_line(tmp_path: Path, name: str, content: str, said: str) -> None:
    with pytest.raises(DataError) as refused:
        evaluate(written(tmp_path, name, content), None, CONFIG, None)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_missing_file_and_a_missing_model_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file or folder"):
        read_examples(tmp_path / "nowhere")
    file = written(tmp_path, "talk.csv", "text,intent\nhello,greet\n")
    with pytest.raises(DataError, match="no such model"):
        evaluate(file, None, CONFIG, tmp_path / "none.tar.gz")


def test_a_few_of_each_are_the_same_for_the_same_seed() -> None:
    examples = [Example(f"{label} {n}", label) for label in ("greet", "goodbye") for n in range(9)]
    chosen = few(examples, 3, seed=1)
    assert sorted(example.label for example in chosen) == ["goodbye"] * 3 + ["greet"] * 3
    assert few(examples, 3, seed=1) == chosen != few(examples, 3, seed=2)
