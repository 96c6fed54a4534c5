"""What authors write in data/ hangs together: answers for every topic, no example twice, no button into the void."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[3]
FEWEST_EXAMPLES = {"faq": 12, "talk": 20}
NEVER_SAID_BY_CUSTOMERS = {"agent_handed_back"}
ANNOTATION = re.compile(r"\[([^\]]+)\](\([^)]*\)|\{[^}]*\})")


def read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = YAML(typ="safe").load(path)
    return content


def examples_in(content: dict[str, Any]) -> dict[str, list[str]]:
    """intent -> its examples, annotations taken off."""
    return {
        block["intent"]: [
            ANNOTATION.sub(r"\1", line.removeprefix("- ").strip()) for line in block["examples"].splitlines() if line
        ]
        for block in content.get("nlu") or []
        if "intent" in block
    }


def bare(message: str) -> str:
    """The message without what does not change it: case, and punctuation at its end."""
    return message.casefold().rstrip("?!. ")


def words_of(message: str) -> str:
    """The message without case and any punctuation; a message of nothing else stays as it is."""
    return " ".join(re.findall(r"\w+", message.casefold().replace("'", ""))) or message


FILES = [read(path) for path in sorted((ROOT / "data").rglob("*.yml"))]
DOMAIN = read(ROOT / "domain.yml")
UNSEEN = examples_in(read(ROOT / "tests/understanding/unseen.yml"))
EXAMPLES = {intent: examples for content in FILES for intent, examples in examples_in(content).items()}
RESPONSES: dict[str, list[dict[str, Any]]] = {
    name: variations for content in [*FILES, DOMAIN] for name, variations in (content.get("responses") or {}).items()
}
PAYLOADS = sorted(
    {
        button["payload"]
        for variations in RESPONSES.values()
        for variation in variations
        for button in variation.get("buttons") or []
    }
)
NAMED_IN_CODE = sorted(
    {
        name
        for path in (ROOT / "actions").rglob("*.py")
        for name in re.findall(r'"(utter_[a-z_]+[a-z])"', path.read_text())
    }
)


@pytest.mark.parametrize("intent", sorted(set(DOMAIN["intents"]) - NEVER_SAID_BY_CUSTOMERS - {"faq"}))
def test_every_intent_has_enough_examples(intent: str) -> None:
    assert len(EXAMPLES[intent]) >= FEWEST_EXAMPLES["talk"]


@pytest.mark.parametrize("topic", sorted(intent for intent in EXAMPLES if intent.startswith("faq/")))
def test_every_topic_has_enough_examples_and_a_short_answer(topic: str) -> None:
    assert len(EXAMPLES[topic]) >= FEWEST_EXAMPLES["faq"]
    for variation in RESPONSES[f"utter_{topic}"]:
        assert len(variation["text"]) < 420


def test_every_answer_has_a_topic() -> None:
    answers = {name.removeprefix("utter_") for name in RESPONSES if name.startswith("utter_faq/")}
    assert answers == {intent for intent in EXAMPLES if intent.startswith("faq/")}


def test_no_example_stands_twice() -> None:
    times = Counter(bare(example) for examples in EXAMPLES.values() for example in examples)
    assert [example for example, count in times.items() if count > 1] == []


def test_every_intent_and_topic_is_described_for_authors() -> None:
    described = set(re.findall(r"`([a-z_/]+)`", (ROOT / "docs/intents.md").read_text()))
    named = {intent.removeprefix("faq/") for intent in EXAMPLES} | NEVER_SAID_BY_CUSTOMERS
    assert named - described == set()


def test_the_unseen_messages_were_never_trained_on() -> None:
    trained = {words_of(example) for examples in EXAMPLES.values() for example in examples}
    assert [message for messages in UNSEEN.values() for message in messages if words_of(message) in trained] == []


def test_the_unseen_messages_are_about_everything_a_customer_can_mean() -> None:
    assert set(UNSEEN) == set(EXAMPLES)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_every_button_leads_somewhere(payload: str) -> None:
    intent = re.split(r"[/{]", payload.removeprefix("/"), maxsplit=1)[0]
    assert intent in DOMAIN["intents"]
    if payload.startswith("/faq/"):
        assert f"utter_{payload.removeprefix('/')}" in RESPONSES


@pytest.mark.parametrize("response", NAMED_IN_CODE)
def test_every_response_that_an_action_says_is_written(response: str) -> None:
    assert response in RESPONSES
