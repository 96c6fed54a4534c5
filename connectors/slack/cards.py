"""What agents see in Slack: a card for each ticket, the lines of its thread, and the form for handing back."""

from typing import Any

from connectors.desk_chats.words import (
    NOTE_LONGEST,
    OFFERED,
    PREFIX,
    QUOTE_LONGEST,
    WHAT_WAS_DONE,
    addition,
    author,
    customer,
    quoted,
    state,
    urgency,
)
from connectors.slack.blocks import Block, button, context, link, literal, section
from connectors.slack.mrkdwn import escaped, pieces
from handoff.desk_calls import Call
from handoff.desk_threads import Card
from handoff.media import FileView
from handoff.notes import NoteView
from handoff.transcript import MessageView

CLAIM, DECLINE = "desk_claim", "desk_decline"
REQUEUE, RESOLVE, HAND_BACK = "desk_requeue", "desk_resolve", "desk_handback"
OPEN_DESK = "desk_open"
SEND_SHORTCUT = "send_to_customer"
NOTE_BLOCK = "note"
HOW_TO = f"In this thread your words stay among us. Begin with `{PREFIX}` to send them to the customer."


def card(card: Card, value: str, desk_url: str) -> tuple[str, list[Block]]:
    """The card as ``(text, blocks)``. ``value`` is what its buttons carry: the ticket and the epoch that it shows."""
    head = f"*{card.number}* · {escaped(card.reason)}"
    if urgency(card):
        head = f"*{urgency(card)}* · {head}"
    blocks = [section(f"{head}\n{escaped(customer(card))} · {escaped(state(card))}")]
    if card.summary:
        blocks.append(section(escaped("\n".join(card.summary))))
    if card.last:
        blocks.append(section("\n".join(f"> *{escaped(author(one))}:* {escaped(quoted(one))}" for one in card.last)))
    buttons = _buttons(card.state, value)
    if buttons:
        blocks.append(
            {"type": "actions", "elements": [*buttons, button(OPEN_DESK, "Open the desk", value, url=desk_url)]}
        )
    if card.state == "claimed":
        blocks.append(context(HOW_TO))
    return f"{card.number}: {escaped(card.reason)} · {escaped(state(card))}", blocks


def line(message: MessageView) -> tuple[str, list[Block]]:
    """A message of the conversation as a line of the thread."""
    head = f"*{escaped(author(message))}*{addition(message)}"
    words = pieces(message["text"])
    more = [link(message["attachment"])] if message["attachment"] else []
    more += [_file(file) for file in message["files"]]
    blocks = [context(head), *(literal(piece) for piece in words)]
    if any(more):
        blocks.append(section("\n".join(filter(None, more))))
    return f"{head}: {escaped(message['text'])}"[:QUOTE_LONGEST], blocks


def note(note: NoteView) -> tuple[str, list[Block]]:
    """A note that was written elsewhere, as a line of the thread."""
    head = f"*{escaped(note['agent']['name'])}* · note"
    blocks = [context(head), *(literal(piece) for piece in pieces(note["text"]))]
    return f"{head}: {escaped(note['text'])}"[:QUOTE_LONGEST], blocks


def call(call: Call, user: str) -> tuple[str, list[Block]]:
    """What calls an agent to a card, by a mention of theirs."""
    words = f"<@{user}>, {OFFERED}"
    value = f"{call.ticket_id}:{call.epoch}"
    buttons = [button(CLAIM, "Claim", value, style="primary"), button(DECLINE, "Decline", value)]
    return words, [section(words), {"type": "actions", "elements": buttons}]


def hand_back_form(value: str, where: str) -> dict[str, Any]:
    """The modal that asks what was done; ``where`` comes back with it."""
    return {
        "type": "modal",
        "callback_id": HAND_BACK,
        "private_metadata": f"{value}|{where}",
        "title": {"type": "plain_text", "text": "Hand back to Fern"},
        "submit": {"type": "plain_text", "text": "Hand back"},
        "close": {"type": "plain_text", "text": "Keep it"},
        "blocks": [
            {
                "type": "input",
                "block_id": NOTE_BLOCK,
                "label": {"type": "plain_text", "text": WHAT_WAS_DONE},
                "element": {
                    "type": "plain_text_input",
                    "action_id": NOTE_BLOCK,
                    "max_length": NOTE_LONGEST,
                    "placeholder": {"type": "plain_text", "text": "The refund of $48.00 is on its way."},
                },
            }
        ],
    }


def _buttons(state: str, value: str) -> list[Block]:
    if state == "queued":
        return [button(CLAIM, "Claim", value, style="primary")]
    if state == "claimed":
        return [
            button(HAND_BACK, "Hand back", value),
            button(RESOLVE, "Resolve", value, confirm=_confirm("Close this case?", "Resolve")),
            button(REQUEUE, "To the queue", value, confirm=_confirm("Give it back to the queue?", "Give back")),
        ]
    return []


def _confirm(question: str, yes: str) -> Block:
    return {
        "title": {"type": "plain_text", "text": question},
        "text": {"type": "plain_text", "text": "The customer will be told."},
        "confirm": {"type": "plain_text", "text": yes},
        "deny": {"type": "plain_text", "text": "Not yet"},
    }


def _file(file: FileView) -> str:
    return f"_{escaped(file['title'])}_ (open it in the desk)"
