"""Keeps out of the log what old libraries say about themselves.

Rasa's libraries warn of their own age at each start, and Sanic 21 switches those warnings on however Python was started.
"""

import re
from collections.abc import Callable

HEAD = re.compile(r"^\S+/site-packages/\S+\.py:\d+: \w*Warning: ")
SOURCE_LINE = "  "
LOG_LINE = re.compile(r"^(\x1b\[[0-9;]*m)*(\d{4}-\d\d-\d\d |\d\d:\d\d:\d\d |\{|Traceback )")


def without_library_warnings(say: Callable[[str], None]) -> Callable[[str], None]:
    """A `say` that drops Python's warnings: the head, the rest of the message, and the indented source line that ends it."""
    inside = False

    def hear(line: str) -> None:
        nonlocal inside
        if HEAD.match(line):
            inside = True
        elif not inside or LOG_LINE.match(line):
            inside = False
            say(line)
        elif line.startswith(SOURCE_LINE):
            inside = False

    return hear
