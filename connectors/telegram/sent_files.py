"""Files that go to Telegram: pictures as photos, everything else as documents, with the words under them where they fit."""

import asyncio
from dataclasses import dataclass
from typing import Any

from telegram import Bot, InputFile, Message
from telegram.constants import ParseMode
from telegram.error import BadRequest

from connectors.connector import DeliveryError
from connectors.gateway.media_files import MediaFiles
from connectors.telegram import words
from handoff.media import KeptFile
from handoff.outbox import Delivery

LARGEST_PHOTO = 10 * 1024 * 1024
PHOTOS = ("image/jpeg", "image/png", "image/webp")
UPLOAD_SECONDS = 25.0


@dataclass(frozen=True)
class Part:
    """One message as Telegram takes it: ``html``, under a ``file`` if there is one."""

    html: str
    file: KeptFile | None = None


def parts(delivery: Delivery) -> list[Part]:
    """The messages that a reply becomes, in order. Words too long for a caption go before the file."""
    bodies = words.parts(delivery.message)
    if not delivery.files:
        return [Part(html) for html in bodies]
    *before, last = bodies
    if not words.fits_caption(last):
        before, last = bodies, ""
    first, *others = delivery.files
    return [*(Part(html) for html in before), Part(last, first), *(Part("", file) for file in others)]


class FileSender:
    """Hands files to the Bot API."""

    def __init__(self, bot: Bot, files: MediaFiles) -> None:
        self._bot = bot
        self._files = files

    async def send(self, chat_id: int, part: Part, **more: Any) -> Message:
        """Raises ``TelegramError``, and :class:`DeliveryError` when the bytes are not here."""
        assert part.file is not None, "words go another way"
        try:
            content = await asyncio.to_thread(self._files.read, part.file.name)
        except OSError as error:
            raise DeliveryError("the file is not on this machine", permanent=True) from error
        file = InputFile(content, filename=part.file.title)
        more |= {"caption": part.html or None, "parse_mode": ParseMode.HTML, "write_timeout": UPLOAD_SECONDS}
        if part.file.mime in PHOTOS and part.file.size <= LARGEST_PHOTO:
            try:
                return await self._bot.send_photo(chat_id, file, **more)
            except BadRequest as error:
                # Telegram draws no picture that is very large, or very narrow; it carries it all the same.
                if not _is_about_the_picture(error):
                    raise
        return await self._bot.send_document(chat_id, file, disable_content_type_detection=True, **more)


def _is_about_the_picture(error: BadRequest) -> bool:
    said = error.message.lower()
    return "photo" in said or "image" in said
