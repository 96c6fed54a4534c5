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


def test_a_csv_as_spreadsheets_write_it_is_read(tmp_path: Path) -> None:
    assert read_examples(written(tmp_path, "talk.csv", "\ufefftext,intent\nhello,greet\n")) == [
        Example("hello", "greet")
    ]


@pytest.mark.parametrize(
    "example", [["hi", "greet"], {"text": "hi", "intent": "greet"}, {"label": "greet", "text": "hi"}]
)
def test_examples_in_json_are_pairs_or_objects(tmp_path: Path, example: object) -> None:
    parts = written(tmp_path, "parts.json", json.dumps({"train": [example], "test": [["a", 1]], "oos_test": [example]}))
    assert read_examples(parts) == [Example("hi", "greet")]
    assert read_examples(parts, "test") == [Example("a", "1"), Example("hi", "out_of_scope")]
    assert read_examples(written(tmp_path, "list.json", json.dumps([example]))) == [Example("hi", "greet")]


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
        ("talk.csv", "text,intent\nwell, bye,goodbye\n", "line 2 has not as many cells"),
        ("talk.csv", "text,intent\nhello,greet\nbye\n", "line 3 has not as many cells"),
        ("data.json", "{", "is no JSON"),
        ("data.json", '{"train": [["hi"]], "test": []}', 'one is ["hi"]'),
        ("data.json", '{"train": ["hi"], "test": []}', 'one is "hi"'),
        ("data.json", '{"train": [{"utterance": "hi"}], "test": []}', 'one is {"utterance": "hi"}'),
        ("data.json", '{"train": [["hi", null]], "test": []}', 'one is ["hi", null]'),
        ("data.json", '{"train": null, "test": []}', "where examples should be listed is null"),
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


def test_a_missing_file_model_or_configuration_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file or folder"):
        read_examples(tmp_path / "nowhere")
    file = written(tmp_path, "talk.csv", "text,intent\nhello,greet\n")
    with pytest.raises(DataError, match="no such model"):
        evaluate(file, None, CONFIG, tmp_path / "none.tar.gz")
    with pytest.raises(DataError, match="no such configuration"):
        evaluate(file, None, tmp_path / "none.yml", None)


def test_a_few_of_each_are_the_same_for_the_same_seed() -> None:
    examples = [Example(f"{label} {n}", label) for label in ("greet", "goodbye") for n in range(9)]
    chosen = few(examples, 3, seed=1)
    assert sorted(example.label for example in chosen) == ["goodbye"] * 3 + ["greet"] * 3
    assert few(examples, 3, seed=1) == chosen != few(examples, 3, seed=2)
