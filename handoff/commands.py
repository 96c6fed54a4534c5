"""What customers can command on any channel: /start, /help, /language, /leave, /forget. They are answered here, without the bot.

``/human`` is not among them: it is an ask for a person like any other (:mod:`handoff.explicit_ask`).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from handoff import addresses, buttons, erasing, inbox, joining
from handoff.conversations import locked
from handoff.inbox import Accepted, Inbound
from handoff.outbound import BOT_NAME, Choice, Reply, send
from handoff.receipts import ASK_FOR_PERSON
from handoff.schema import Button
from handoff.transcript import MessageView, one_message

MENU = {
    "start": "Begin, and see what this chat can do",
    "help": "What you can ask, and how",
    "human": "Talk to a person",
    "language": "Tell us which language you prefer",
    "leave": "Part this chat from the web chat",
    "forget": "Erase this conversation",
}
"""Command -> what the channel's menu says about it."""

LANGUAGES = {
    "en": "English",
    "es": "Español",
    "de": "Deutsch",
    "fr": "Français",
    "pt": "Português",
    "it": "Italiano",
    "nl": "Nederlands",
    "pl": "Polski",
    "sv": "Svenska",
}
ERASED = (
    "Done. Everything we kept of this conversation is erased. What you see here stays until you delete it on your side."
)

_PREFIX = "command:"
_FORGET, _KEEP = f"{_PREFIX}forget", f"{_PREFIX}keep"
_LEAVE = "/leave"
_LANGUAGE = f"{_PREFIX}language:"


@dataclass(frozen=True)
class Erased:
    """The customer's conversation is no more. The channel tells them so itself (:data:`ERASED`)."""

    conversation_id: str


@dataclass(frozen=True)
class Pressed:
    """A button that was offered in ``message`` and is pressed now."""

    title: str
    message: MessageView
    outcome: Accepted | Erased


def accept(session: Session, inbound: Inbound, now: datetime) -> Accepted:
    """:func:`handoff.inbox.accept`, but a command is answered in the same transaction."""
    command = inbound.text.strip().lower()
    if command == _LEAVE:
        return joining.leave(session, inbound, now)
    answer = _ANSWERS.get(command)
    return inbox.accept(session, inbound, now) if answer is None else _settle(session, inbound, answer(), now)


def press(session: Session, inbound: Inbound, now: datetime) -> Pressed | None:
    """Accept a pressed button, its id in ``inbound.text``. None when this customer was never offered it."""
    button = session.get(Button, inbound.text) if buttons.may_be_id(inbound.text) else None
    if button is None:
        return None
    if not addresses.belongs(session, button.conversation_id, inbound.channel, inbound.address):
        return None
    message = one_message(session, button.conversation_id, button.seq)
    return Pressed(button.title, message, _obey(session, button, inbound, now))


def _obey(session: Session, button: Button, inbound: Inbound, now: datetime) -> Accepted | Erased:
    if button.payload == _FORGET:
        erasing.erase(session, button.conversation_id, now)
        return Erased(button.conversation_id)
    if button.payload == _KEEP:
        return _settle(session, inbound, _system("All right, nothing is erased."), now)
    if joining.is_choice(button.payload):
        return joining.choose(session, button, inbound, now)
    if button.payload.startswith(_LANGUAGE):
        code = button.payload.removeprefix(_LANGUAGE)
        return _settle(session, replace(inbound, locale=code), _language_noted(code), now)
    return inbox.accept(session, inbound, now)


def _settle(session: Session, inbound: Inbound, reply: Reply, now: datetime) -> Accepted:
    """Keep the customer's message as dealt with, and answer it."""
    accepted = inbox.accept(session, replace(inbound, settled=True), now)
    if not accepted.duplicate:
        send(session, locked(session, accepted.conversation_id), reply, now)
    return accepted


def _start() -> Reply:
    text = (
        f"Hello, I'm {BOT_NAME}, the shop's assistant. I'm a bot: I can find your order, help with returns and refunds, "
        "and answer questions about the shop. Just write what you need. A person is always one message away."
    )
    return _system(text, [ASK_FOR_PERSON])


def _help() -> Reply:
    text = (
        'Write what you need in your own words, such as "where\'s my order FD-12345" or "how do I return a shirt".\n\n'
        "/human - talk to a person\n/language - tell us which language you prefer\n"
        "/leave - part this chat from the web chat\n/forget - erase this conversation"
    )
    return _system(text, [ASK_FOR_PERSON])


def _language() -> Reply:
    text = f"{BOT_NAME} answers in English for now. Which language do you prefer when you talk to a person?"
    return _system(text, [Choice(name, f"{_LANGUAGE}{code}") for code, name in LANGUAGES.items()])


def _language_noted(code: str) -> Reply:
    return _system(f"Noted: {LANGUAGES[code]}. Whoever answers you at the desk sees it.")


def _forget() -> Reply:
    text = (
        "Erase this conversation? Every message, file and note we keep of it goes, and so does your place in the queue if "
        "you have one. Orders and returns are the shop's records and stay. This can't be undone."
    )
    return _system(text, [Choice("Erase everything", _FORGET), Choice("Keep it", _KEEP)])


def _system(text: str, choices: list[Choice] | None = None) -> Reply:
    return Reply(text=text, author="system", choices=choices or [])


_ANSWERS: dict[str, Callable[[], Reply]] = {
    "/start": _start,
    "/help": _help,
    "/language": _language,
    "/forget": _forget,
}
