"""Writing to Slack, each message once: what we post carries our own mark, by which an uncertain one is found again."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from connectors.slack.blocks import Block
from connectors.slack.place import Place
from connectors.slack.web_api import FAILURES, Patience, as_delivery_error, error_code, in_time

log = structlog.get_logger(__name__)

PAGE = 200
CLOCK_SLACK_SECONDS = 60.0
"""How far Slack's clock, which names messages, may be from ours."""


@dataclass(frozen=True)
class Mark:
    """Our name for something we post, kept in its metadata: ``kind`` of thing, ``id`` within it, and which part of it."""

    kind: str
    id: str
    part: int = 0

    @property
    def metadata(self) -> dict[str, Any]:
        return {"event_type": self.kind, "event_payload": {"outbox_id": self.id, "part": self.part}}

    @classmethod
    def of(cls, message: dict[str, Any]) -> "Mark | None":
        """The mark on a message read back from Slack."""
        metadata = message.get("metadata") or {}
        payload = metadata.get("event_payload") or {}
        try:
            return cls(str(metadata["event_type"]), str(payload["outbox_id"]), int(payload["part"]))
        except (KeyError, TypeError, ValueError):
            return None


class Posting:
    """Posts, edits and reads back. Everything but a whisper raises :class:`DeliveryError`."""

    def __init__(self, client: AsyncWebClient, patience: Patience) -> None:
        self._client = client
        self._patience = patience

    async def post(self, place: Place, text: str, blocks: list[Block], mark: Mark) -> str:
        """Post a message; returns its ``ts``."""
        answer = await self._call(
            place.channel,
            self._client.chat_postMessage,
            channel=place.channel,
            thread_ts=place.thread,
            text=text,
            blocks=blocks,
            metadata=mark.metadata,
            unfurl_links=False,
            unfurl_media=False,
        )
        return str(answer["ts"])

    async def edit(self, channel: str, ts: str, text: str, blocks: list[Block]) -> None:
        await self._call(channel, self._client.chat_update, channel=channel, ts=ts, text=text, blocks=blocks)

    async def whisper(self, place: Place, user: str, text: str) -> None:
        """Words that only ``user`` sees, and may never see: Slack does not promise it."""
        method = self._client.chat_postEphemeral
        try:
            await in_time(method(channel=place.channel, user=user, thread_ts=place.thread, text=text))
        except FAILURES as error:
            log.info("slack_whisper_lost", reason=error_code(error))

    async def find(self, place: Place, kind: str, since: datetime) -> dict[Mark, str]:
        """The marked messages of ``kind`` that are at ``place`` already: ``{mark: ts}``."""
        found = {}
        async for message in self._messages(place, since.timestamp() - CLOCK_SLACK_SECONDS):
            mark = Mark.of(message)
            if mark is not None and mark.kind == kind:
                found[mark] = str(message["ts"])
        return found

    async def find_files(self, place: Place, since: datetime) -> dict[str, str]:
        """The files that are at ``place`` already: ``{name: ts of the message}``."""
        found = {}
        async for message in self._messages(place, since.timestamp() - CLOCK_SLACK_SECONDS):
            for file in message.get("files") or []:
                found[str(file.get("name"))] = str(message["ts"])
        return found

    async def _messages(self, place: Place, oldest: float) -> AsyncIterator[dict[str, Any]]:
        asked = {"channel": place.channel, "oldest": f"{oldest:.6f}", "include_all_metadata": True, "limit": PAGE}
        read: Any = self._client.conversations_history
        if place.thread:
            read, asked["ts"] = self._client.conversations_replies, place.thread
        cursor = None
        while True:
            page = await self._call(f"read {place.channel}", read, **asked, cursor=cursor)
            for message in page.get("messages") or []:
                yield message
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return

    async def _call(self, about: str, method: Any, **arguments: Any) -> AsyncSlackResponse:
        self._patience.check(about)
        try:
            answer: AsyncSlackResponse = await in_time(method(**arguments))
        except FAILURES as error:
            problem = as_delivery_error(error)
            self._patience.note(about, problem)
            raise problem from error
        return answer
