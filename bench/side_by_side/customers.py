"""The customers of each system: our web chat's own protocol for ours and the echo, Rasa's REST channel for stock."""

import asyncio
import secrets
import uuid
from collections.abc import Callable
from typing import Any

import aiohttp
import socketio

PATIENCE_SECONDS = 60.0


class NoAnswer(Exception):
    """The system under test said nothing, so whatever was measured would be worth nothing."""


class WebChatCustomer:
    """A tab of the web chat. `new_session` gives a session id that the server accepts for each conversation."""

    def __init__(self, url: str, new_session: Callable[[], str]) -> None:
        self._url = url
        self._new_session = new_session
        self._session_id = ""
        self._socket = socketio.AsyncClient(reconnection=False)
        self._confirmed: asyncio.Queue[str] = asyncio.Queue()
        self._heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._socket.on("session_confirm", self._confirmed.put_nowait)
        self._socket.on("bot_uttered", self._heard.put_nowait)

    async def open(self) -> None:
        await self._socket.connect(self._url, transports=["websocket"])

    async def begin(self) -> None:
        await self._socket.emit("session_request", {"session_id": self._new_session()})
        async with asyncio.timeout(PATIENCE_SECONDS):
            self._session_id = await self._confirmed.get()
        while not self._heard.empty():
            self._heard.get_nowait()

    async def say(self, line: str) -> bool:
        """Waits for the bot's first words after the line, past a notice of the system. False when a person takes over."""
        frame = {"message": line, "session_id": self._session_id, "id": str(uuid.uuid4())}
        receipt = await self._socket.call("user_uttered", frame, timeout=PATIENCE_SECONDS)
        if "seq" not in receipt:
            raise NoAnswer(f"{line!r} was refused: {receipt}")
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while True:
                    about = (await self._heard.get())["metadata"]
                    if about["seq"] > receipt["seq"] and (about["author"] == "bot" or "handoff" in about):
                        return "handoff" not in about
        except TimeoutError:
            raise NoAnswer(f"nothing came after {line!r}") from None

    async def close(self) -> None:
        await self._socket.disconnect()


class RestCustomer:
    """Posts to Rasa's REST channel, which answers with all that the bot says."""

    def __init__(self, url: str) -> None:
        self._url = f"{url}/webhooks/rest/webhook"
        self._sender = ""
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE_SECONDS))

    async def open(self) -> None:
        """The connection opens with the first line and is kept."""

    async def begin(self) -> None:
        self._sender = secrets.token_hex(8)

    async def say(self, line: str) -> bool:
        """An empty answer, which is what Rasa gives when a turn failed, raises too."""
        async with self._http.post(self._url, json={"sender": self._sender, "message": line}) as response:
            said = await response.json()
        if response.status != 200 or not said:
            raise NoAnswer(f"{line!r}: status {response.status}, {said}")
        return not any(part.get("custom", {}).get("handoff") for part in said)

    async def close(self) -> None:
        await self._http.close()
