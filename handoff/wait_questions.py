"""Hears a waiting customer ask about the wait itself, before the bot does: it would take "how long?" for a delivery time."""

import re
from typing import Final

_ASKS: Final = re.compile(
    r"""
    how\ (much\ )?longer\b
    | how\ long\b .* \b(wait\w*|queue|line|person|human|agent|someone|somebody|anyone|anybody|repl(y|ies)|until\ i|till\ i)\b
    | ^how\ long(\ (will|does|is|would)\ (it|this|that)(\ (take|be|last))?)?(\ now)?\W*$
    | \b(place|position|number|spot)\b .* \b(queue|line)\b
    | \bwhere\ am\ i\b | \bam\ i\ (still\ )?(next|in\ (the\ )?(queue|line)|waiting)\b
    | ^(so\ )?((i'?\ ?a?m|we'?\ ?a?re)\ )?still\ (waiting|here|there)\W*$
    | ^(hello\W+)?(is\ )?(anyone|anybody|someone|somebody)(\ (there|here|coming|around))\W*$
    | ^(hello\W+)?(are\ you|you)\ (still\ )?there\W*$
    | ^(any\ )?(news|updates?)(\ (yet|please))?\W*$
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LONGEST: Final = 120
"""A longer message has more in it than the question."""


def asks_about_wait(text: str) -> bool:
    """Whether the message only asks how long the wait is, or whether anybody is there. English; never raises."""
    plain = " ".join(text.replace("’", "'").split())
    return len(plain) <= _LONGEST and _ASKS.search(plain) is not None
