"""Maya in the web chat."""

import uuid

import aiohttp

from tests.chat_client import Chat
from tests.conformance.customer import Heard
from tests.conformance.download import downloaded
from tests.conformance.pictures import PICTURE


class WebCustomer:
    """One tab, through the widget's own protocol."""

    edits_in_place = False

    def __init__(self, gateway: str, chat: Chat) -> None:
        self._gateway = gateway
        self._chat = chat
        self._last = ("", "")

    async def says(self, text: str) -> None:
        assert await self.tries(text)

    async def tries(self, text: str) -> bool:
        self._last = (text, str(uuid.uuid4()))
        return "seq" in await self._chat.say(*self._last)

    async def repeats(self) -> None:
        assert "seq" in await self._chat.say(*self._last)

    async def sends_picture(self) -> bool:
        form = aiohttp.FormData({"session_id": self._chat.session_id, "id": str(uuid.uuid4())})
        form.add_field("file", PICTURE, filename="lamp.png", content_type="image/png")
        async with (
            aiohttp.ClientSession() as http,
            http.post(f"{self._gateway}/chat/files", data=form) as answer,
        ):
            return answer.status == 200

    async def edits(self, text: str) -> bool:
        return False

    async def deletes(self) -> bool:
        return False

    def channel_says(self, answer: str) -> bool:
        del answer
        return False

    def heard(self) -> list[Heard]:
        return [
            Heard(
                frame["text"],
                [reply["title"] for reply in frame.get("quick_replies", [])],
                [frame["text"]],
                frame["attachment"]["payload"]["title"] if "attachment" in frame else None,
                frame,
            )
            for frame in self._chat.heard
        ]

    async def opens(self, heard: Heard) -> bytes:
        return await downloaded(self._gateway, heard.native["attachment"]["payload"]["src"])

    async def presses(self, heard: Heard, title: str) -> None:
        payload = next(reply["payload"] for reply in heard.native["quick_replies"] if reply["title"] == title)
        await self.says(payload)

    def saw_typing(self) -> bool:
        return any(frame["on"] for frame in self._chat.typing)
