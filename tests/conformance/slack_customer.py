"""Maya on Slack."""

import re
from typing import Any

from tests.conformance.customer import Heard
from tests.conformance.pictures import PICTURE
from tests.fakes.slack_server import FakeSlack


class SlackCustomer:
    """A thread of direct messages with the bot, as assistants have them, brought by the Events API."""

    edits_in_place = True

    def __init__(self, slack: FakeSlack, number: int) -> None:
        self._slack = slack
        self._channel, self._user = f"D{number}", f"U{number}"
        self._thread = slack.new_ts()
        self._last: dict[str, Any] = {}

    async def says(self, text: str) -> None:
        assert await self.tries(text)

    async def tries(self, text: str) -> bool:
        typed = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return await self._brings(self._message(typed))

    async def repeats(self) -> None:
        status, _ = await self._slack.tell(self._last, **{"X-Slack-Retry-Num": "1"})
        assert status == 200

    async def sends_picture(self) -> bool:
        self._slack.files["F1"] = ("lamp.png", "image/png", PICTURE)
        file = {"id": "F1", "name": "lamp.png", "title": "lamp.png", "mimetype": "image/png", "size": len(PICTURE)}
        return await self._brings(self._message("", subtype="file_share", files=[file]))

    async def edits(self, text: str) -> bool:
        return await self._brings(self._slack.edited(self._last["event"], text))

    async def deletes(self) -> bool:
        return await self._brings(self._slack.deleted(self._last["event"]))

    def channel_says(self, answer: str) -> bool:
        faults = {"wait": ["429"], "broken": ["500"], "never": ["is_archived"], "ok": []}[answer]
        self._slack.faults.plan("chat.postMessage", *faults)
        return True

    def heard(self) -> list[Heard]:
        return [
            Heard(
                _shown(one),
                _buttons(one),
                [_shown(version) for version in (*one.get("versions", []), one)],
                one["files"][0]["title"] if "files" in one else None,
                one,
            )
            for one in self._slack.from_app(self._channel)
        ]

    async def opens(self, heard: Heard) -> bytes:
        _, _, content = self._slack.files[heard.native["files"][0]["id"]]
        return content

    async def presses(self, heard: Heard, title: str) -> None:
        status, _ = await self._slack.interact(
            self._slack.press(self._channel, dict(heard.native), title, user=self._user)
        )
        assert status == 200

    def saw_typing(self) -> bool:
        return any(status["channel_id"] == self._channel for status in self._slack.statuses)

    def _message(self, text: str, **more: Any) -> dict[str, Any]:
        return self._slack.message(text, self._channel, self._user, thread_ts=self._thread, **more)

    async def _brings(self, event: dict[str, Any]) -> bool:
        self._last = self._slack.envelope(event)
        status, _ = await self._slack.tell(self._last)
        return status == 200


def _shown(message: dict[str, Any]) -> str:
    """What a person sees: rich text letter by letter, mrkdwn without its escapes."""
    lines = []
    for block in message.get("blocks", []):
        if block["type"] == "rich_text":
            lines.append(
                "".join(one.get("text") or one["url"] for part in block["elements"] for one in part["elements"])
            )
        elif block["type"] == "section":
            lines.append(re.sub(r"<([^|>]+)\|([^>]+)>", r"\2 \1", block["text"]["text"]))
    return "\n".join(lines)


def _buttons(message: dict[str, Any]) -> list[str]:
    rows = [block for block in message.get("blocks", []) if block["type"] == "actions"]
    return [one["text"]["text"] for row in rows for one in row["elements"]]
