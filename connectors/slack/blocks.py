"""Slack's Block Kit, as far as a conversation needs it. Shapes: https://docs.slack.dev/reference/block-kit"""

import re
from collections.abc import Sequence
from typing import Any

from connectors.slack.mrkdwn import escaped, pieces
from handoff.transcript import MessageView

Block = dict[str, Any]

CHOICE = "choice:"
"""What the ``action_id`` of a customer's button begins with; its value is the button's opaque id."""
TITLE_LONGEST = 75
_ADDRESS = re.compile(r"(https?://[^\s<>\"]+[^\s<>\".,;:!?)\]'’”])")
BUTTONS_IN_A_BLOCK = 25


def section(mrkdwn: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn, "verbatim": True}}


def context(mrkdwn: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": mrkdwn, "verbatim": True}]}


def literal(text: str) -> Block:
    """Words exactly as they are: in rich text nothing is markup. Addresses can be followed."""
    elements: list[Block] = []
    for index, part in enumerate(_ADDRESS.split(text)):
        if part:
            elements.append({"type": "link", "url": part} if index % 2 else {"type": "text", "text": part})
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def button(action_id: str, title: str, value: str, **more: Any) -> Block:
    label = title if len(title) <= TITLE_LONGEST else title[: TITLE_LONGEST - 1] + "…"
    text = {"type": "plain_text", "text": label, "emoji": False}
    return {"type": "button", "action_id": action_id, "text": text, "value": value, **more}


def choices(buttons: Sequence[dict[str, str]]) -> list[Block]:
    """Quick replies."""
    elements = [button(CHOICE + one["id"], one["title"], one["id"]) for one in buttons]
    return [
        {"type": "actions", "elements": elements[start : start + BUTTONS_IN_A_BLOCK]}
        for start in range(0, len(elements), BUTTONS_IN_A_BLOCK)
    ]


def link(attachment: dict[str, Any]) -> str:
    """An attachment as a line; empty for one without an address."""
    url, title = str(attachment.get("url") or ""), str(attachment.get("title") or "")
    if not url.startswith(("https://", "http://")):
        return ""
    address = escaped(url).replace("|", "%7C").replace(">", "%3E")
    return f"<{address}|{escaped(title or url).replace('|', '/')}>"


def reply(message: MessageView) -> list[tuple[str, list[Block]]]:
    """A reply as the Slack messages it takes, each ``(text, blocks)``: words, then the attachment, then the buttons.

    None for a file without words.
    """
    if message["wordless"]:
        return []
    attachment = link(message["attachment"]) if message["attachment"] else ""
    parts = [(escaped(text), [literal(text)]) for text in pieces(message["text"])]
    if message["author"] == "agent" and message["name"] and parts:
        text, blocks = parts[0]
        parts[0] = (text, [context(f"*{escaped(message['name'])}*"), *blocks])
    if attachment:
        parts = _with(parts, attachment, [section(attachment)])
    if message["buttons"]:
        parts = _with(parts, "", choices(message["buttons"]))
    return parts


def chosen(blocks: Sequence[Block], title: str) -> list[Block]:
    """The blocks of an answered question: its buttons are gone, the choice stays."""
    return [*(block for block in blocks if block.get("type") != "actions"), context(f"You chose: *{escaped(title)}*")]


def _with(parts: list[tuple[str, list[Block]]], text: str, blocks: list[Block]) -> list[tuple[str, list[Block]]]:
    """``parts`` with more at the end of the last one."""
    *before, last = parts or [("", [])]
    return [*before, ("\n".join(filter(None, (last[0], text))) or "Choose one:", [*last[1], *blocks])]
