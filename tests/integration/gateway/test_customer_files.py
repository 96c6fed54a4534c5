"""Files that customers send from the web chat: taken from whoever has the session, judged by their bytes, kept once."""

import asyncio
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
from limits import RateLimitItemPerHour
from sqlalchemy import select

from connectors.gateway import uploads
from connectors.gateway.media_files import MediaFiles
from connectors.gateway.settings import Settings
from connectors.web import limits
from handoff.database import Database
from handoff.schema import Message
from tests.chat_client import chatting
from tests.fake_rasa import FakeRasa
from tests.running_gateway import desk_settings, running_gateway

PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
LABEL = b"%PDF-1.7 a label"


async def send(
    gateway: str, session_id: str, content: bytes, title: str = "lamp.png", mime: str = "image/png", **more: str
) -> tuple[int, Any, str | None]:
    """``(status, JSON, who may read it)``"""
    headers = {"Origin": more.pop("origin")} if "origin" in more else {}
    form = aiohttp.FormData({"session_id": session_id, "id": str(uuid.uuid4()), **more})
    form.add_field("file", content, filename=title, content_type=mime)
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{gateway}/chat/files", data=form, headers=headers) as answer,
    ):
        return answer.status, await answer.json(), answer.headers.get("Access-Control-Allow-Origin")


def on_disk(settings: Settings) -> list[Path]:
    folder = settings.home / "media"
    return list(folder.iterdir()) if folder.is_dir() else []


async def test_a_picture_is_kept_once_shown_in_every_tab_and_spoken_of_honestly(
    gateway: str, settings: Settings
) -> None:
    async with chatting(gateway) as chat, chatting(gateway, session_id=chat.session_id) as other_tab:
        key = str(uuid.uuid4())
        answers = [await send(gateway, chat.session_id, PICTURE, id=key) for _ in range(3)]
        assert [(status, answer["seq"]) for status, answer, _ in answers] == [(200, 1)] * 3
        await chat.hears("I can't look at pictures")
        await other_tab.until(lambda tab: tab.own_words)
        shown = other_tab.own_words[0]
        assert (shown["message"], shown["attachment"]["type"]) == ("", "image")
        async with (
            aiohttp.ClientSession() as http,
            http.get(gateway + urlsplit(shown["attachment"]["payload"]["src"]).path) as file,
        ):
            assert (await file.read(), file.content_type) == (PICTURE, "image/png")
            assert file.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert len(on_disk(settings)) == 1


async def test_words_with_a_file_are_answered_by_the_bot(gateway: str) -> None:
    async with chatting(gateway) as chat:
        await send(gateway, chat.session_id, LABEL, "label.pdf", "application/pdf", caption="is this the right label")
        await chat.hears("You said: is this the right label")
        await chat.hears("I can't look at files")


async def test_files_that_were_chosen_together_are_spoken_of_once(gateway: str) -> None:
    async with chatting(gateway) as chat:
        album = str(uuid.uuid4())
        for _ in range(2):
            assert (await send(gateway, chat.session_id, PICTURE, album=album))[0] == 200
        await chat.say("hello")
        await chat.hears("You said: hello")
        assert len([text for text in chat.texts if "I can't look at" in text]) == 1


@pytest.mark.parametrize(
    ("title", "mime", "content"),
    [
        ("run.exe", "application/x-msdownload", b"MZ\x90\0"),
        ("holiday.png", "image/png", b"MZ\x90\0"),
        ("page.html", "text/html", b"<script>alert(1)</script>"),
        ("drawing.svg", "image/svg+xml", b"<svg onload='alert(1)'/>"),
        ("label.pdf", "application/pdf", b"#!/bin/sh"),
        ("empty.pdf", "application/pdf", b""),
    ],
)
async def test_what_could_do_harm_is_refused_whatever_it_calls_itself(
    gateway: str, settings: Settings, title: str, mime: str, content: bytes
) -> None:
    async with chatting(gateway) as chat:
        status, answer, _ = await send(gateway, chat.session_id, content, title, mime)
        assert (status, answer["retry"]) == (422, False)
        assert on_disk(settings) == []


async def test_a_file_over_twenty_megabytes_is_refused_and_the_gateway_goes_on(gateway: str) -> None:
    async with chatting(gateway) as chat:
        status, answer, _ = await send(gateway, chat.session_id, PICTURE + b"\0" * (21 * 1024 * 1024))
        assert (status, answer["error"]) == (413, "too_large")
        assert (await send(gateway, chat.session_id, PICTURE))[0] == 200


async def test_strangers_and_foreign_pages_send_nothing(gateway: str, settings: Settings) -> None:
    async with chatting(gateway) as chat:
        assert (await send(gateway, "made-up.0000", PICTURE))[0] == 401
        assert (await send(gateway, chat.session_id, PICTURE, origin="https://evil.example"))[::2] == (403, None)
        shop = await send(gateway, chat.session_id, PICTURE, origin="https://shop.example")
        assert shop[::2] == (200, "https://shop.example")
        assert len(on_disk(settings)) == 1


async def test_a_flood_of_files_is_slowed_down(gateway: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FILES_PER_SESSION", RateLimitItemPerHour(2))
    async with chatting(gateway) as chat:
        statuses = [(await send(gateway, chat.session_id, PICTURE))[0] for _ in range(3)]
        assert statuses == [200, 200, 429]


async def test_nothing_is_acknowledged_that_could_not_be_kept(
    gateway: str, settings: Settings, database_url: str
) -> None:
    database = Database(database_url, connections=1)

    def rename(before: str, after: str) -> None:
        database.write_now(
            lambda session: session.connection().exec_driver_sql(f"ALTER TABLE {before} RENAME TO {after}")
        )

    async with chatting(gateway) as chat:
        key = str(uuid.uuid4())
        await asyncio.to_thread(rename, "inbox", "inbox_away")
        status, answer, _ = await send(gateway, chat.session_id, PICTURE, id=key)
        await asyncio.to_thread(rename, "inbox_away", "inbox")
        assert (status, answer["retry"]) == (503, True)
        assert (await send(gateway, chat.session_id, PICTURE, id=key))[0] == 200
        await chat.hears("I can't look at pictures")
    kept = database.read_now(lambda session: session.scalars(select(Message).where(Message.author == "customer")).all())
    assert len(kept) == 1
    database.close()


async def begin_slowly(gateway: str, **headers: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A form whose body never comes."""
    where = urlsplit(gateway)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    told = {
        "Host": where.netloc,
        "Content-Type": "multipart/form-data; boundary=b",
        "Content-Length": "9999",
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    writer.write(f"POST /chat/files HTTP/1.1\r\n{head}\r\n--b".encode())
    await writer.drain()
    return reader, writer


async def test_a_file_that_never_comes_is_given_up(gateway: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "BODY_SECONDS", 0.1)
    reader, writer = await begin_slowly(gateway)
    assert b" 408 " in await reader.readline()
    writer.close()
    monkeypatch.undo()
    async with chatting(gateway) as chat:
        assert (await send(gateway, chat.session_id, PICTURE))[0] == 200


async def test_slow_strangers_keep_nobody_else_from_sending(database_url: str, tmp_path: Path, rasa: FakeRasa) -> None:
    settings = desk_settings(tmp_path, database_url, rasa, trusted_proxies=1)
    async with running_gateway(settings) as gateway, chatting(gateway) as chat:
        strangers = [await begin_slowly(gateway, **{"X-Forwarded-For": "203.0.113.9"}) for _ in range(12)]
        assert (await send(gateway, chat.session_id, PICTURE))[0] == 200
        for _, writer in strangers:
            writer.close()


async def test_strangers_are_counted_before_their_files_are_read(gateway: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FILES_PER_ADDRESS", RateLimitItemPerHour(2))
    assert [(await send(gateway, "made-up.0000", PICTURE))[0] for _ in range(3)] == [401, 401, 429]


async def test_a_disk_that_is_nearly_full_takes_no_files(
    gateway: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MediaFiles, "free_bytes", lambda _: uploads.FREE_BYTES - 1)
    async with chatting(gateway) as chat:
        status, answer, _ = await send(gateway, chat.session_id, PICTURE)
        assert (status, answer["retry"], on_disk(settings)) == (503, True, [])
