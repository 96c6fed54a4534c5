"""What Slack's Events API tells, in our words. Shapes: https://docs.slack.dev/reference/events"""

from dataclasses import dataclass, field
from typing import Any

from connectors.slack.place import Place

Payload = dict[str, Any]

SAID = (None, "file_share", "thread_broadcast", "me_message")
"""The subtypes of ``message`` that are somebody's new words."""


@dataclass(frozen=True)
class Said:
    """Somebody's new message."""

    place: Place
    """Where an answer belongs: the thread it was said in, a new one under it, or the direct message."""
    ts: str
    user: str
    text: str
    direct: bool
    """In a direct message with us."""
    mentions_us: bool
    in_thread: bool
    files: list[Payload] = field(default_factory=list)


@dataclass(frozen=True)
class Changed:
    """New words for an older message; ``text`` None when it was deleted."""

    place: Place
    ts: str
    text: str | None


def heard(event: Payload, team: str, us: str) -> Said | Changed | None:
    """What ``event`` (the inner one) tells, if it is for anybody. ``us``: the user id of our own bot.

    None for what bots say, ourselves included, and for everything that is not words: joins, topics, pins.
    """
    if event.get("type") not in ("message", "app_mention") or not _text(event, "channel"):
        return None
    match event.get("subtype"):
        case "message_changed":
            return _changed(event, team, us)
        case "message_deleted":
            return _deleted(event, team, us)
        case subtype if subtype in SAID and _is_person(event, us):
            return _said(event, team, us)
    return None


def _said(event: Payload, team: str, us: str) -> Said | None:
    ts, text = _text(event, "ts"), _text(event, "text")
    files = [file for file in event.get("files") or [] if isinstance(file, dict) and file.get("id")]
    if not ts or not (text.strip() or files):
        return None
    thread = _text(event, "thread_ts")
    return Said(
        place=_place(event, event, team),
        ts=ts,
        user=_text(event, "user"),
        text=text,
        direct=is_direct(event),
        mentions_us=event["type"] == "app_mention" or f"<@{us}" in text,
        in_thread=thread not in ("", ts),
        files=files,
    )


def _changed(event: Payload, team: str, us: str) -> Changed | None:
    now = event.get("message")
    before = event.get("previous_message")
    if not isinstance(now, dict) or not _is_person(now, us) or not _text(now, "ts"):
        return None
    if isinstance(before, dict) and before.get("text") == now.get("text"):
        return None  # Slack has only added a preview of a link
    text = None if now.get("subtype") == "tombstone" else _text(now, "text")
    return Changed(_place(event, now, team), _text(now, "ts"), text)


def _deleted(event: Payload, team: str, us: str) -> Changed | None:
    before = event.get("previous_message")
    if not isinstance(before, dict) or not _is_person(before, us) or not _text(before, "ts"):
        return None
    return Changed(_place(event, before, team), _text(before, "ts"), None)


def is_direct(event: Payload) -> bool:
    kind = event.get("channel_type")
    return kind == "im" or (kind is None and _text(event, "channel").startswith("D"))


def _place(event: Payload, message: Payload, team: str) -> Place:
    """Where an answer to ``message``, told by ``event``, belongs."""
    channel, thread = _text(event, "channel"), _text(message, "thread_ts")
    if is_direct(event):
        return Place(team, channel, thread or None)
    return Place(team, channel, thread or _text(message, "ts"), _text(message, "user"))


def _is_person(message: Payload, us: str) -> bool:
    return not message.get("bot_id") and _text(message, "user") not in ("", us, "USLACKBOT")


def _text(fields: Payload, name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""
