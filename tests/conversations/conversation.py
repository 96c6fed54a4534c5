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
    - while maya waits: and 10457?      # she is in the queue for a person, and the bot is asked as the gateway would
    - handed back: It's on its way.     # a person had her, and left this note
    - handoff: asked                    # a person is fetched, and why
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from tests.conversations.replies import read_yaml

FOLDER = Path(__file__).parent
EXPECTED = {"fern", "fern says", "fern doesn't say", "answers", "buttons", "handoff"}
PEOPLE = ("maya", "omar", "priya", "tom")
Act = Literal["says", "presses", "says while waiting", "is handed back"]
ACTS: dict[str, Act] = {
    "handed back": "is handed back",
    **dict.fromkeys(PEOPLE, "says"),
    **{f"{who} presses": "presses" for who in PEOPLE},
    **{f"while {who} waits": "says while waiting" for who in PEOPLE},
}


@dataclass
class Step:
    """What begins a turn, a message of the customer as a rule, and what is expected of it."""

    act: Act
    text: str
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
        act = ACTS.get(key)
        if key == "a day later":
            later = True
        elif act is not None:
            steps.append(Step(act, str(value), later))
            later = False
        elif key in EXPECTED and steps and key not in steps[-1].expected:
            steps[-1].expected[key] = value
        else:
            raise ValueError(f"{name}: {key!r} means nothing here")
    return steps
