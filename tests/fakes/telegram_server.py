"""A server that speaks Telegram's Bot API, with the shapes of its public documentation, and misbehaves on request.

The real client runs against it unmodified (``TELEGRAM_API_URL``).
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web
from pydantic import SecretStr

from tests.fakes.telegram_answers import error
from tests.fakes.telegram_bot_api import BotApi
from tests.fakes.telegram_chats import SECRET, TOKEN
from tests.fakes.telegram_faults import Faults

SENDS = ("sendMessage", "sendPhoto", "sendVoice", "sendSticker", "sendDocument")


class FakeTelegram(BotApi, Faults):
    def __init__(self) -> None:
        super().__init__()
        self._runner: web.AppRunner | None = None

    @property
    def settings(self) -> dict[str, Any]:
        """Of a gateway that has its bot here and hears of updates by its webhook."""
        return {
            "telegram_bot_token": SecretStr(TOKEN),
            "telegram_webhook_secret": SecretStr(SECRET),
            "telegram_api_url": self.url,
            "telegram_mode": "webhook",
        }

    async def start(self) -> None:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_post("/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        if request.match_info["token"] != TOKEN:
            return error(401, "Unauthorized")
        self.calls[method] += 1
        mode = self.mode  # the mood it was called in: a test that saw the call may change it while the form is read
        fields = dict(await request.post())
        if method in (*SENDS, "editMessageText"):
            refusal = await self.misbehave(int(str(fields["chat_id"])), mode)
            if refusal is not None:
                return refusal
        response = await self.answer(method, fields)
        if method in SENDS and mode == "accept_then_drop" and request.transport is not None:
            request.transport.close()
        return response

    async def _download(self, request: web.Request) -> web.Response:
        file_id = request.match_info["path"].removeprefix("photos/").removesuffix(".png")
        return web.Response(body=self.files[file_id])


@asynccontextmanager
async def fake_telegram() -> AsyncIterator[FakeTelegram]:
    server = FakeTelegram()
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


async def bring(gateway: str, update: object, secret: str | None = SECRET) -> int:
    """Call the webhook as Telegram does; returns the status."""
    headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
    url = f"{gateway}/webhooks/telegram/webhook"
    async with aiohttp.ClientSession() as http, http.post(url, json=update, headers=headers) as response:
        return response.status
