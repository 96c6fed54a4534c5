"""Our messages as Telegram shows them: safe HTML, long ones in parts, buttons as rows under the last part."""

import html
import re
from typing import Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from handoff.transcript import MessageView

LONGEST: Final = 4096
"""Characters (UTF-16 units, as Telegram counts) of one message, after its markup is taken away."""

LONGEST_CAPTION: Final = 1024
_ABREAST: Final = ((5, 2), (3, 10))
"""``(buttons in a row, letters in the longest of them)``: what a phone shows whole."""

_ENDS = (re.compile(r"\n\n"), re.compile(r"\n"), re.compile(r"[.!?…]['\")\]]*\s"), re.compile(r"\s"))


def parts(message: MessageView) -> list[str]:
    """The HTML of each Telegram message that ``message`` becomes, in order. Never empty."""
    text = "" if message["wordless"] else message["text"]
    shown = chunks(text, LONGEST - units(message["name"] or "") - 2)
    bodies = [html.escape(chunk, quote=False) for chunk in shown]
    if message["author"] == "agent" and message["name"]:
        bodies[0] = f"<b>{html.escape(message['name'], quote=False)}</b>\n{bodies[0]}".strip()
    if message["attachment"]:
        return _with_link(bodies, message["attachment"].get("title") or "Open", message["attachment"]["url"])
    return bodies


def fits_caption(part: str) -> bool:
    """Whether Telegram takes these words under a picture or a document."""
    return units(_without_markup(part)) <= LONGEST_CAPTION


def with_choice(last_part: str, title: str) -> str:
    """A message whose buttons have been used, with the one that was pressed."""
    chosen = f"{last_part}\n\n✓ <i>{html.escape(title, quote=False)}</i>"
    return chosen if units(_without_markup(chosen)) <= LONGEST else last_part


def keyboard(message: MessageView) -> InlineKeyboardMarkup | None:
    """Short titles side by side, others a row each. What comes back when one is pressed is its id, and nothing else."""
    buttons = [InlineKeyboardButton(button["title"], callback_data=button["id"]) for button in message["buttons"]]
    if not buttons:
        return None
    longest = max(len(button.text) for button in buttons)
    abreast = next((count for count, fits in _ABREAST if longest <= fits), 1)
    return InlineKeyboardMarkup([buttons[at : at + abreast] for at in range(0, len(buttons), abreast)])


def chunks(text: str, longest: int = LONGEST) -> list[str]:
    """``text`` in pieces of at most ``longest`` UTF-16 units, cut after paragraphs, lines or sentences where possible."""
    pieces = []
    while units(text) > longest:
        cut = _cut(text, longest)
        pieces.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*pieces, text] if text or not pieces else pieces


def _cut(text: str, longest: int) -> int:
    """Where to cut: the last good end in the second half of what fits."""
    fits = _fitting(text, longest)
    for end in _ENDS:
        found = [match.end() for match in end.finditer(text, fits // 2, fits)]
        if found:
            return found[-1]
    return fits


def _fitting(text: str, longest: int) -> int:
    """How many characters of ``text`` make at most ``longest`` UTF-16 units."""
    used = 0
    for count, character in enumerate(text):
        used += units(character)
        if used > longest:
            return count
    return len(text)


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _without_markup(part: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", part))


def _with_link(bodies: list[str], title: str, url: str) -> list[str]:
    link = f'<a href="{html.escape(url)}">{html.escape(title, quote=False)}</a>'
    if units(html.unescape(bodies[-1])) + units(title) + 2 > LONGEST:
        return [*bodies, link]
    return [*bodies[:-1], f"{bodies[-1]}\n\n{link}".strip()]
