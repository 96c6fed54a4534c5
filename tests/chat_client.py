"""A customer's browser, reduced to its socket: python-socketio's own client, and what it heard."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import socketio

PATIENCE_SECONDS = 60.0


class Chat:
    """One tab of the web chat."""

    def __init__(self) -> None:
        self.socket = socketio.AsyncClient(reconnection=False)
        self.session_id = ""
        self.heard: list[dict[str, Any]] = []
        self.own_words: list[dict[str, Any]] = []
        self.states: list[dict[str, Any]] = []
        self.errors: list[dict[str, Any]] = []
        self.typing: list[dict[str, Any]] = []
        self.renewals: list[dict[str, Any]] = []
        self._news = asyncio.Event()
        self._confirmed = asyncio.Event()
        for event, collected in (
            ("bot_uttered", self.heard),
            ("user_uttered", self.own_words),
            ("session_state", self.states),
            ("error_notice", self.errors),
            ("typing", self.typing),
            ("session_renewed", self.renewals),
        ):
            self.socket.on(event, self._collector(collected))
        self.socket.on("session_confirm", self._confirm)

    async def open(self, url: str, **request: Any) -> None:
        await self.socket.connect(url, transports=["websocket"], wait_timeout=PATIENCE_SECONDS)
        await self.request_session(**request)

    async def request_session(self, **request: Any) -> None:
        self._confirmed.clear()
        await self.socket.emit("session_request", request)
        await asyncio.wait_for(self._confirmed.wait(), PATIENCE_SECONDS)

    async def say(self, message: object, message_id: str | None = None) -> dict[str, Any]:
        """Send as our widget does; returns the acknowledgement."""
        frame = {"message": message, "session_id": self.session_id, "id": message_id or str(uuid.uuid4())}
        return await self.socket.call("user_uttered", frame, timeout=PATIENCE_SECONDS)  # type: ignore[no-any-return]

    async def until(self, enough: Callable[["Chat"], object]) -> None:
        """Wait for what was heard to satisfy ``enough``; fails with what was heard instead."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not enough(self):
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"heard only {self.texts}, states {self.states}, errors {self.errors}") from None

    async def hears(self, text: str) -> dict[str, Any]:
        """Wait for a reply that contains ``text``."""
        await self.until(lambda chat: any(text in frame["text"] for frame in chat.heard))
        return next(frame for frame in self.heard if text in frame["text"])

    @property
    def texts(self) -> list[str]:
        return [frame["text"] for frame in self.heard]

    @property
    def last_seq(self) -> int:
        seqs = [frame["metadata"]["seq"] for frame in self.heard] + [frame["seq"] for frame in self.own_words]
        return max(seqs, default=0)

    async def close(self) -> None:
        await self.socket.disconnect()

    def _confirm(self, session_id: str) -> None:
        self.session_id = session_id
        self._confirmed.set()

    def _collector(self, collected: list[dict[str, Any]]) -> Callable[[dict[str, Any]], None]:
        def collect(frame: dict[str, Any]) -> None:
            collected.append(frame)
            self._news.set()

        return collect


@asynccontextmanager
async def chatting(url: str, **request: Any) -> AsyncIterator[Chat]:
    chat = Chat()
    await chat.open(url, **request)
    try:
        yield chat
    finally:
        await chat.close()
