"""Maya on Telegram."""

import asyncio
import html
import re
from typing import Any

from tests.conformance.customer import Heard
from tests.fakes.telegram_chats import PICTURE
from tests.fakes.telegram_server import FakeTelegram, bring


class TelegramCustomer:
    """A private chat with the bot, brought by webhook."""

    edits_in_place = True

    def __init__(self, gateway: str, telegram: FakeTelegram, chat_id: int) -> None:
        self._gateway = gateway
        self._telegram = telegram
        self._chat_id = chat_id
        self._last: dict[str, Any] = {}
        self._passing: asyncio.Task[None] | None = None

    async def says(self, text: str) -> None:
        assert await self.tries(text)

    async def tries(self, text: str) -> bool:
        self._last = self._telegram.text(self._chat_id, text)
        return await bring(self._gateway, self._last) == 200

    async def repeats(self) -> None:
        assert await bring(self._gateway, self._last) == 200

    async def sends_picture(self) -> bool:
        photo = [{"file_id": "picture-1", "file_unique_id": "u", "width": 9, "height": 9, "file_size": len(PICTURE)}]
        update = self._telegram.update(message=self._telegram.message(self._chat_id, photo=photo))
        return await bring(self._gateway, update) == 200

    async def edits(self, text: str) -> bool:
        message = {**self._last["message"], "text": text, "edit_date": self._last["message"]["date"] + 1}
        return await bring(self._gateway, self._telegram.update(edited_message=message)) == 200

    async def deletes(self) -> bool:
        return False

    def channel_says(self, answer: str) -> bool:
        self._telegram.mode = {"wait": "flood", "broken": "broken"}.get(answer, "ok")
        (self._telegram.blocked.add if answer == "never" else self._telegram.blocked.discard)(self._chat_id)
        if self._telegram.mode != "ok":
            self._passing = asyncio.create_task(self._passes())
        return True

    async def _passes(self) -> None:
        """The channel has said so once."""
        before = self._telegram.calls["sendMessage"]
        while self._telegram.calls["sendMessage"] == before:
            await asyncio.sleep(0.02)
        self._telegram.mode = "ok"

    def heard(self) -> list[Heard]:
        return [
            Heard(
                _plain(shown.text),
                [title for title, _ in shown.buttons],
                [_plain(text) for text in shown.versions],
                shown.file[1] if shown.file else None,
                shown,
            )
            for shown in self._telegram.chats[self._chat_id]
        ]

    async def opens(self, heard: Heard) -> bytes:
        content: bytes = heard.native.file[2]
        return content

    async def presses(self, heard: Heard, title: str) -> None:
        press = self._telegram.press(heard.native, dict(heard.native.buttons)[title])
        assert await bring(self._gateway, press) == 200

    def saw_typing(self) -> bool:
        return bool(self._telegram.actions[self._chat_id])


def _plain(shown: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", shown))
