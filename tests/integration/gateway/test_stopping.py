"""The gateway's last moments: whoever comes then is told to come back, and nothing of it is lost or kept by halves."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sanic import Request
from sqlalchemy import func, select

from connectors.gateway.settings import Settings
from connectors.gateway.uploads import Upload, Uploads
from handoff.database import Database
from handoff.schema import Message
from tests.chat_client import chatting
from tests.fake_rasa import FakeRasa
from tests.fakes import telegram_chats
from tests.fakes.slack_server import FakeSlack
from tests.fakes.telegram_server import FakeTelegram
from tests.running_gateway import desk_settings, gateway_and_server, running_gateway

MAYA = 4711


@pytest.fixture
def settings(database_url: str, rasa: FakeRasa, telegram: FakeTelegram, slack: FakeSlack, tmp_path: Path) -> Settings:
    return desk_settings(
        tmp_path,
        database_url,
        rasa,
        **telegram.settings,
        **slack.settings,
    )


async def bring(url: str, update: dict[str, Any]) -> tuple[int, str | None]:
    """Telegram's webhook: the status, and after how many seconds to come back."""
    headers = {"X-Telegram-Bot-Api-Secret-Token": telegram_chats.SECRET}
    where = f"{url}/webhooks/telegram/webhook"
    async with aiohttp.ClientSession() as http, http.post(where, json=update, headers=headers) as response:
        return response.status, response.headers.get("Retry-After")


async def test_a_webhook_that_comes_while_the_gateway_stops_is_brought_again(
    settings: Settings, telegram: FakeTelegram, slack: FakeSlack, database_url: str
) -> None:
    update = telegram.text(MAYA, "hello")
    async with gateway_and_server(settings) as (url, server):
        await server.before_stop()
        assert await bring(url, update) == (503, "5")
        async with aiohttp.ClientSession() as http, http.post(f"{url}/webhooks/slack/webhook", data="{}") as response:
            assert (response.status, response.headers["Retry-After"]) == (503, "5")
    async with running_gateway(settings) as url:
        assert await bring(url, update) == (200, None)
    database = Database(database_url, connections=1)
    said = select(func.count()).select_from(Message).where(Message.author == "customer")
    assert database.read_now(lambda session: session.scalar(said)) == 1
    database.close()


async def test_what_was_under_way_when_the_gateway_stopped_is_no_error_of_ours(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, stopped, read = asyncio.Event(), asyncio.Event(), Uploads.read

    def reads(self: Uploads, request: Request) -> Awaitable[Upload]:
        began.set()
        return read(self, request)

    monkeypatch.setattr(Uploads, "read", reads)

    async def slowly() -> AsyncIterator[bytes]:
        boundary = b"--a-boundary\r\nContent-Disposition: form-data; name="
        yield boundary + b'"id"\r\n\r\n6f8a2c9e-0000-4000-8000-000000000001\r\n'
        await stopped.wait()
        yield boundary + b'"session_id"\r\n\r\n' + secrets.token_hex(16).encode() + b"\r\n"
        yield boundary + b'"file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nhello\r\n--a-boundary--\r\n'

    async with gateway_and_server(settings) as (url, server), aiohttp.ClientSession() as http:
        headers = {"Content-Type": "multipart/form-data; boundary=a-boundary"}
        sending = asyncio.create_task(http.post(f"{url}/chat/files", data=slowly(), headers=headers))
        await began.wait()
        await server.before_stop()
        stopped.set()
        async with await sending as response:
            assert (response.status, response.headers.get("Retry-After")) == (503, "5")
            assert (await response.json())["error"] == "unavailable"


async def test_open_chats_leave_no_ping_behind(settings: Settings) -> None:
    async with running_gateway(settings) as url, chatting(url) as maya:
        await maya.say("hello")
        assert pings()
    assert not pings()


def pings() -> list[str]:
    """What waits in this loop for the server to ping a browser."""
    waiting = [task.get_coro() for task in asyncio.all_tasks()]
    return [name for one in waiting if "_send_ping" in (name := getattr(one, "__qualname__", ""))]
