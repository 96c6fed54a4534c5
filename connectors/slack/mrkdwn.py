"""Slack's way of writing text: what to escape, what to undo, and where to cut."""

import re
from collections.abc import Callable
from functools import cache

LONGEST = 3000
"""Characters, as Slack counts them (escaped), in one section block."""

_REFERENCE = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_SENTENCE_END = re.compile(r"[.!?…]['\")\]”’]*\s+|\n+")


def escaped(text: str) -> str:
    """Words as they are: nothing in them mentions, links or calls anybody."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(text: str, name_of: Callable[[str], str | None]) -> str:
    """What a person sees of Slack's ``text``: names instead of ids, links by their address."""
    return _unescaped(_REFERENCE.sub(lambda found: _shown(found, name_of), text))


def without_mention(text: str, user: str) -> str:
    """``text`` without being addressed to ``user`` at its beginning or end."""
    return _mention_of(user).sub("", text)


def pieces(text: str, longest: int = LONGEST) -> list[str]:
    """``text`` in pieces of at most ``longest`` escaped characters; cut after a sentence, else at a space, if there is one."""
    cut: list[str] = []
    while text:
        size = _fitting(text, longest)
        if size < len(text):
            size = _good_end(text, size)
        piece = text[:size].strip()
        if piece:
            cut.append(piece)
        text = text[size:]
    return cut


@cache
def _mention_of(user: str) -> re.Pattern[str]:
    mention = rf"<@{re.escape(user)}(?:\|[^>]*)?>"
    return re.compile(rf"^\s*(?:{mention}[\s,:]*)+|\s*{mention}\s*$")


def _fitting(text: str, longest: int) -> int:
    """How many characters of ``text`` take at most ``longest`` once they are escaped."""
    taken = 0
    for index, character in enumerate(text):
        taken += len(escaped(character))
        if taken > longest:
            return index
    return len(text)


def _good_end(text: str, size: int) -> int:
    # The space after the last word may lie beyond the end: it is not sent.
    sentences = [found.end() for found in _SENTENCE_END.finditer(text[: size + 1])]
    if sentences and sentences[-1] > size // 4:
        return sentences[-1]
    space = text.rfind(" ", 1, size + 1)
    return space + 1 if space > 0 else size


def _shown(found: re.Match[str], name_of: Callable[[str], str | None]) -> str:
    kind, target, label = found.groups()
    match kind:
        case "@":
            return "@" + (name_of(target) or label or target)
        case "#":
            return "#" + (label or target)
        case "!":
            return "@" + (label or target).removeprefix("@").split("^")[0]
    address = target.removeprefix("mailto:").removeprefix("tel:")
    return label if label and label in (address, target.partition("://")[2]) else address


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
