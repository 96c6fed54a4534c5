"""Maya in a shop's own app, which speaks to us by signed webhooks."""

import itertools
from typing import Any

from tests.conformance.customer import Heard
from tests.conformance.download import downloaded
from tests.fakes.rest_receiver import RestReceiver


class RestCustomer:
    edits_in_place = True

    def __init__(self, receiver: RestReceiver, number: int) -> None:
        self._receiver = receiver
        self._name = f"customer-{number}"
        self._numbers = itertools.count(1)
        self._last: dict[str, Any] = {}

    async def says(self, text: str) -> None:
        assert await self.tries(text)

    async def tries(self, text: str) -> bool:
        return await self._brings(text=text)

    async def repeats(self) -> None:
        status, _ = await self._receiver.bring(self._last)
        assert status == 200

    async def sends_picture(self) -> bool:
        return False

    async def edits(self, text: str) -> bool:
        del text
        return False

    async def deletes(self) -> bool:
        return False

    def channel_says(self, answer: str) -> bool:
        self._receiver.faults.extend({"wait": [429], "broken": [500], "never": [410], "ok": []}[answer])
        return True

    def heard(self) -> list[Heard]:
        return [
            Heard(
                versions[-1]["text"],
                [button["title"] for button in versions[-1]["buttons"]],
                [version["text"] for version in versions],
                next((file["title"] for file in versions[-1]["files"]), None),
                versions[-1],
            )
            for versions in self._receiver.shown[self._name].values()
        ]

    async def opens(self, heard: Heard) -> bytes:
        return await downloaded(self._receiver.gateway, heard.native["files"][0]["url"])

    async def presses(self, heard: Heard, title: str) -> None:
        ids = {button["title"]: button["id"] for button in heard.native["buttons"]}
        assert await self._brings(button=ids[title])

    def saw_typing(self) -> bool:
        return self._name in self._receiver.typing

    async def _brings(self, **what: str) -> bool:
        self._last = {"id": f"m{next(self._numbers)}", "from": self._name, "name": "Maya", **what}
        status, _ = await self._receiver.bring(self._last)
        return status == 200
