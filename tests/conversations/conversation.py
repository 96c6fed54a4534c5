"""Conversations as they are written down in this folder's YAML files.

- Where an order is:
    - maya: where's my order?
    - fern: utter_ask_number            # everything Fern answers, in order: one response or a list
    - maya: FD-10412, {email}           # {code} is the code just mailed
    - fern: utter_order_shipped
    - fern says: [UPS, FD-10412]        # words that must be in the answer
    - fern doesn't say: FD-10457        # words that must not
    - answers: faq/return_policy        # the FAQ topic that was understood
    - buttons: [A, B]                   # titles of the answer's buttons
    - maya presses: "Yes, cancel it"
    - a day later:                      # who Maya is has to be proved again
    - handoff: asked                    # a person is fetched, and why
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.conversations.replies import read_yaml

FOLDER = Path(__file__).parent
EXPECTED = {"fern", "fern says", "fern doesn't say", "answers", "buttons", "handoff"}
PEOPLE = ("maya", "omar", "priya", "tom")


@dataclass
class Step:
    """One message of the customer, and what is expected of the turn it begins."""

    who: str
    text: str
    is_button: bool
    a_day_later: bool
    expected: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Conversation:
    name: str
    steps: list[Step]


def conversations() -> list[Conversation]:
    """All that are written here. Raises ValueError for a line that means nothing."""
    found = []
    for path in sorted(FOLDER.glob("*.yml")):
        for one in read_yaml(path)["conversations"]:
            [(name, lines)] = one.items()
            found.append(Conversation(f"{path.stem}: {name}", _steps(name, lines)))
    return found


def _steps(name: str, lines: list[dict[str, Any]]) -> list[Step]:
    steps: list[Step] = []
    later = False
    for line in lines:
        [(key, value)] = line.items()
        who, _, act = key.partition(" ")
        if key == "a day later":
            later = True
        elif who in PEOPLE and act in ("", "presses"):
            steps.append(Step(who, str(value), act == "presses", later))
            later = False
        elif key in EXPECTED and steps and key not in steps[-1].expected:
            steps[-1].expected[key] = value
        else:
            raise ValueError(f"{name}: {key!r} means nothing here")
    return steps
