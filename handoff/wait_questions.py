"""Hears a waiting customer ask about the wait itself, before the bot does: it would take "how long?" for a delivery time.

What it knows is in `wait_questions.toml`, next to this file.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from handoff.ask_phrases import Phrases
from handoff.ask_spelling import Spelling

_LONGEST: Final = 120
"""A longer message has more in it than the question."""


class _Heard(NamedTuple):
    spelling: Spelling
    certain: Phrases
    """Clauses that are enough, whatever else is said."""
    questions: Phrases
    idle: Phrases
    """Words that say nothing by themselves."""


def asks_about_wait(text: str) -> bool:
    """Whether the message asks how long the wait is, how to leave it or whether anybody is there, or says that they wait on.

    English; never raises.
    """
    if len(" ".join(text.split())) > _LONGEST:
        return False
    heard = _heard()
    clauses = [clause for sentence in heard.spelling.sentences(text) for clause in sentence.clauses]
    if any(heard.certain.found(clause) for clause in clauses):
        return True
    telling = [clause for clause in clauses if not heard.idle.found(clause)]
    return bool(telling) and all(heard.questions.found(clause) for clause in telling)


@cache
def _heard() -> _Heard:
    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    spelling = Spelling(Phrases.all_words(table), meant=[], real=set())
    certain, questions = (
        Phrases((f"^ {{lead}}* {row} {{tail}}* $" for row in table[key]), table, spelling.alike)
        for key in ("certain", "questions")
    )
    return _Heard(spelling, certain, questions, Phrases(table["idle"], table, spelling.alike))
