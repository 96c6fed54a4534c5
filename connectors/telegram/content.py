"""What a Telegram message brings besides, or instead of, words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from telegram import Message

from handoff.media import SentFile


@dataclass(frozen=True)
class Content:
    """``text``: the customer's words, or a description of what they sent (then ``wordless``)."""

    text: str
    files: tuple[SentFile, ...] = ()
    wordless: bool = False


def content(message: Message) -> Content | None:
    """None for service messages: somebody joined, the title changed, a message was pinned."""
    if message.text:
        return Content(clean(message.text))
    described = _file(message) or _place_or_person(message)
    if described is None:
        return _unusual(message)
    if message.caption:
        return Content(clean(message.caption), described.files)
    return described


def clean(text: str) -> str:
    """Without what no database keeps: NUL characters and halves of surrogate pairs."""
    return text.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _file(message: Message) -> Content | None:
    for kind, describe in _DESCRIBE.items():
        found = getattr(message, kind)
        if found:
            text, title, mime = describe(found)
            largest = found[-1] if kind == "photo" else found
            file = SentFile(largest.file_id, kind, mime, clean(title), largest.file_size)
            return Content(clean(text), (file,), wordless=True)
    return None


def _photo(_: Any) -> tuple[str, str, str]:
    return "Photo", "photo.jpg", "image/jpeg"


def _voice(voice: Any) -> tuple[str, str, str]:
    return f"Voice message, {_length(voice)}", "voice.ogg", voice.mime_type or "audio/ogg"


def _audio(audio: Any) -> tuple[str, str, str]:
    title = audio.file_name or audio.title or "audio.mp3"
    return f"Audio: {title}, {_length(audio)}", title, audio.mime_type or "audio/mpeg"


def _video(video: Any) -> tuple[str, str, str]:
    return f"Video, {_length(video)}", getattr(video, "file_name", None) or "video.mp4", "video/mp4"


def _animation(animation: Any) -> tuple[str, str, str]:
    return "Moving picture", animation.file_name or "animation.mp4", animation.mime_type or "video/mp4"


def _sticker(sticker: Any) -> tuple[str, str, str]:
    text = f"Sticker {sticker.emoji}" if sticker.emoji else "Sticker"
    if sticker.is_video:
        return text, "sticker.webm", "video/webm"
    if sticker.is_animated:
        return text, "sticker.tgs", "application/x-tgsticker"
    return text, "sticker.webp", "image/webp"


def _document(document: Any) -> tuple[str, str, str]:
    title = document.file_name or "document"
    return f"Document: {title}", title, document.mime_type or "application/octet-stream"


_DESCRIBE: dict[str, Callable[[Any], tuple[str, str, str]]] = {
    "photo": _photo,
    "voice": _voice,
    "audio": _audio,
    "video": _video,
    "video_note": _video,
    "animation": _animation,  # before document: Telegram sends both fields for one
    "sticker": _sticker,
    "document": _document,
}


def _place_or_person(message: Message) -> Content | None:
    if message.contact is not None:
        contact = message.contact
        name = " ".join(filter(None, (contact.first_name, contact.last_name)))
        return Content(clean(f"Contact: {name}, {contact.phone_number}"), wordless=True)
    place = message.venue.location if message.venue is not None else message.location
    if place is None:
        return None
    named = f"{message.venue.title}, {message.venue.address}: " if message.venue is not None else ""
    where = f"https://www.openstreetmap.org/?mlat={place.latitude}&mlon={place.longitude}"
    return Content(clean(f"Location: {named}{where}"), wordless=True)


def _unusual(message: Message) -> Content | None:
    """Kinds we can't show are still something the customer sent."""
    for kind, noun in (("poll", "a poll"), ("dice", "a dice"), ("story", "a story"), ("game", "a game")):
        if getattr(message, kind):
            return Content(f"Sent {noun}, which can't be shown here.", wordless=True)
    return None


def _length(sound: Any) -> str:
    seconds = sound.duration
    whole = int(seconds.total_seconds() if hasattr(seconds, "total_seconds") else seconds)
    return f"{whole // 60}:{whole % 60:02}"
