"""What agents see in their group on Telegram: a card for each ticket, the lines of its thread, and the buttons."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from connectors.desk_chats.words import OFFERED, PREFIX, addition, author, customer, quoted, state, urgency
from connectors.gateway.origins import is_https
from connectors.telegram.words import LONGEST, chunks, units
from handoff.desk_calls import Call
from handoff.desk_threads import Card, LineFile
from handoff.notes import NoteView
from handoff.transcript import MessageView

CLAIM, RESOLVE, REQUEUE, HAND_BACK, PASS = "claim", "resolve", "requeue", "handback", "pass"
DECLINE = "decline"
SEND = "send"
"""Under a note: its words go to the customer after all."""
ASK_RESOLVE, ASK_TRANSFER, BACK = "resolve?", "transfer?", "back"
"""They change nothing but the buttons themselves."""
SENT_MARK = "👌"
TOPIC_LONGEST = 128
SECOND = "Telegram didn't say whether it had taken this card before. Should there be two, this is the one that's kept up to date."
KEPT = "Kept among us."
FILE_KEPT = "This file stays among us."
_PREFIX = "desk"
_ENOUGH = LONGEST - 600
"""Lines that wait together are one message, as long as it is no longer than this."""


@dataclass(frozen=True)
class DeskButton:
    """What a button of ours carries: what it does, and the ticket and epoch that its card showed."""

    act: str
    ticket_id: int
    epoch: int
    agent_id: str = ""

    @property
    def data(self) -> str:
        return f"{_PREFIX}:{self.act}:{self.ticket_id}:{self.epoch}:{self.agent_id}"

    @classmethod
    def parse(cls, data: str) -> Self | None:
        """None for anything that is not ours."""
        prefix, *fields = data.split(":")
        if prefix != _PREFIX or len(fields) != 4 or not (fields[1].isdecimal() and fields[2].isdecimal()):
            return None
        return cls(fields[0], int(fields[1]), int(fields[2]), fields[3])


@dataclass(frozen=True)
class Post:
    """One message of a thread: words, or a file with words under it. ``seq``: the last line that it shows."""

    html: str
    seq: int
    file: LineFile | None = None


def topic(card: Card) -> str:
    """The name of a case's topic."""
    return f"{card.number} · {card.customer or 'A customer'}"[:TOPIC_LONGEST]


def card(card: Card, in_topic: bool, may_be_second: bool = False) -> str:
    """The card's HTML. ``may_be_second``: nobody knows whether Telegram took it before."""
    head = f"<b>{card.number}</b> · {_safe(card.reason)}"
    if urgency(card):
        head = f"<b>{urgency(card)}</b> · {head}"
    pieces = [f"{head}\n{_safe(customer(card))} · <b>{_safe(state(card))}</b>"]
    if card.summary:
        pieces.append(_safe("\n".join(card.summary)))
    if card.last:
        lines = "\n".join(f"<b>{_safe(author(one))}:</b> {_safe(quoted(one))}" for one in card.last)
        pieces.append(f"<blockquote>{lines}</blockquote>")
    if card.state == "claimed":
        where = "Write in this topic" if in_topic else "Reply to this card, or to a message under it"
        pieces.append(
            f"<i>{where}: your words stay among us. Begin with {_safe(PREFIX)} to send them to the customer; "
            f"{SENT_MARK} marks what was sent.</i>"
        )
    if may_be_second:
        pieces.append(f"<i>{SECOND}</i>")
    return "\n\n".join(pieces)


def keyboard(state: str, ticket_id: int, epoch: int, desk_url: str) -> InlineKeyboardMarkup | None:
    """The buttons of a card in this state."""

    def button(title: str, act: str) -> InlineKeyboardButton:
        return InlineKeyboardButton(title, callback_data=DeskButton(act, ticket_id, epoch).data)

    # Telegram refuses a whole card for a button to an address that is not public.
    desk = [[InlineKeyboardButton("Open the desk", url=desk_url)]] if is_https(desk_url) else []
    if state == "queued":
        return InlineKeyboardMarkup([[button("Claim", CLAIM)], *desk])
    if state == "claimed":
        hand_back, resolve = button("Hand back", HAND_BACK), button("Resolve", ASK_RESOLVE)
        return InlineKeyboardMarkup([[hand_back, resolve], [button("Transfer", ASK_TRANSFER)], *desk])
    return None


def resolve_keyboard(pressed: DeskButton) -> InlineKeyboardMarkup:
    """Telegram asks nobody whether they are sure, so the buttons do."""
    return _choices(pressed, [("Yes, close this case", RESOLVE, "")])


def transfer_keyboard(pressed: DeskButton, colleagues: Sequence[tuple[str, str]]) -> InlineKeyboardMarkup:
    """``colleagues``: ``(agent_id, name)`` of each."""
    to_colleagues = [(f"To {name}", PASS, agent_id) for agent_id, name in colleagues]
    return _choices(pressed, [*to_colleagues, ("Back to the queue", REQUEUE, "")])


def call(call: Call) -> str:
    """The HTML that calls an agent to a card, by a mention of theirs."""
    return f'<a href="tg://user?id={html.escape(call.user)}">{_safe(call.agent)}</a>, {OFFERED} ({call.number})'


def call_keyboard(call: Call) -> InlineKeyboardMarkup:
    acts = {"Claim": CLAIM, "Decline": DECLINE}
    data = {title: DeskButton(act, call.ticket_id, call.epoch).data for title, act in acts.items()}
    return InlineKeyboardMarkup([[InlineKeyboardButton(title, callback_data=one) for title, one in data.items()]])


def send_keyboard(ticket_id: int) -> InlineKeyboardMarkup:
    data = DeskButton(SEND, ticket_id, 0).data
    return InlineKeyboardMarkup([[InlineKeyboardButton("Send to customer", callback_data=data)]])


def posts(lines: Sequence[MessageView], files: Mapping[int, Sequence[LineFile]]) -> list[Post]:
    """The messages that these lines become: few, because a group takes only so many a minute."""
    found: list[Post] = []
    for one in lines:
        words = _line(one)
        before = found[-1] if found and found[-1].file is None else None
        if before is not None and units(before.html) + units(words[0]) < _ENOUGH:
            found[-1] = Post(f"{before.html}\n\n{words.pop(0)}", one["seq"])
        found += [Post(piece, one["seq"]) for piece in words]
        found += [Post(f"<b>{_safe(author(one))}</b>", one["seq"], file) for file in files.get(one["seq"], ())]
    return found


def note(note: NoteView) -> list[str]:
    """A note that was written elsewhere: its HTML, in pieces if it is very long."""
    first, *others = [_safe(chunk) for chunk in chunks(note["text"], _ENOUGH)]
    return [f"<b>{_safe(note['agent']['name'])}</b> · note\n{first}", *others]


def not_here(file: LineFile) -> str:
    """For a file that can't be shown here, or not yet."""
    return f"<i>{_safe(file.title)}</i> (open it in the desk)"


def _line(message: MessageView) -> list[str]:
    """A line's HTML, in pieces if it is very long."""
    head = f"<b>{_safe(author(message))}</b>{addition(message)}"
    first, *others = [_safe(chunk) for chunk in chunks(message["text"], _ENOUGH)]
    pieces = [f"{head}\n{first}", *others]
    if message["attachment"]:
        title, url = message["attachment"].get("title") or "Attachment", message["attachment"]["url"]
        pieces[-1] += f'\n<a href="{html.escape(url)}">{_safe(title)}</a>'
    return pieces


def _choices(pressed: DeskButton, choices: Sequence[tuple[str, str, str]]) -> InlineKeyboardMarkup:
    ticket_id, epoch = pressed.ticket_id, pressed.epoch
    rows = [
        [InlineKeyboardButton(title, callback_data=DeskButton(act, ticket_id, epoch, agent_id).data)]
        for title, act, agent_id in (*choices, ("Not yet", BACK, ""))
    ]
    return InlineKeyboardMarkup(rows)


def _safe(text: str) -> str:
    return html.escape(text, quote=False)
