"""What customers sent, as the agents' desk hands it out."""

from datetime import UTC, datetime

import aiohttp
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from connectors.gateway.media_files import true_type
from handoff import sessions
from handoff.database import Database
from handoff.passwords import Verdict
from handoff.schema import Agent, Message
from tests.fakes.telegram_chats import PICTURE
from tests.fakes.telegram_server import FakeTelegram, bring
from tests.people import add_agent

MAYA = 4711


def first_file(session: Session) -> dict[str, str]:
    message = session.scalars(select(Message).order_by(Message.seq)).first()
    assert message is not None
    return message.files[0]  # type: ignore[no-any-return]


def cookie_of_ana(database: Database) -> dict[str, str]:
    email = database.write_now(lambda session: session.get_one(Agent, add_agent(session, "Ana")).email)
    begun = database.write_now(sessions.sign_in, email, "-", Verdict(right=True), datetime.now(UTC))
    assert begun is not None
    return {"frontdesk_session": begun.token}


@pytest.mark.parametrize(
    ("sent", "content", "disposition", "mime"),
    [
        ({"photo": [{"width": 9, "height": 9}]}, PICTURE, "inline", "image/png"),
        (
            {"photo": [{"width": 9, "height": 9}]},
            b"<script>alert(1)</script>",
            "attachment",
            "application/octet-stream",
        ),
        (
            {"document": {"file_name": "a.pdf", "mime_type": "application/pdf"}},
            b"%PDF-1.7",
            "attachment",
            "application/pdf",
        ),
    ],
)
async def test_a_file_is_served_to_agents_only_and_runs_nothing(
    gateway: str,
    telegram: FakeTelegram,
    database: Database,
    sent: dict[str, object],
    content: bytes,
    disposition: str,
    mime: str,
) -> None:
    telegram.files["picture-1"] = content
    about = {"file_id": "picture-1", "file_unique_id": "u", "file_size": len(content)}
    full = {
        kind: [{**about, **what[0]}] if isinstance(what, list) else {**about, **what} for kind, what in sent.items()
    }  # type: ignore[dict-item]
    await bring(gateway, telegram.update(message=telegram.message(MAYA, **full)))
    await telegram.until(lambda: database.read_now(first_file)["state"] == "kept")
    url = gateway + database.read_now(first_file)["url"]
    async with aiohttp.ClientSession() as stranger, stranger.get(url) as refused:
        assert refused.status == 401
    async with aiohttp.ClientSession(cookies=cookie_of_ana(database)) as ana:
        async with ana.get(url) as response:
            assert (response.status, await response.read()) == (200, content)
            assert response.headers["Content-Disposition"].startswith(disposition)
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert "sandbox" in response.headers["Content-Security-Policy"]
            assert response.content_type == mime
        async with ana.get(f"{gateway}/api/media/f_nothing") as missing:
            assert missing.status == 404


async def test_a_file_the_channel_will_not_hand_out_is_said_to_be_lost(
    gateway: str, telegram: FakeTelegram, database: Database
) -> None:
    voice = {"file_id": "gone", "file_unique_id": "g", "duration": 3, "mime_type": "audio/ogg"}
    await bring(gateway, telegram.update(message=telegram.message(MAYA, voice=voice)))
    await telegram.until(lambda: database.read_now(first_file)["state"] == "lost")


@pytest.mark.parametrize(
    ("content", "said", "served"),
    [
        (b"\xff\xd8\xff\xe0", "application/pdf", "image/jpeg"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp", "image/webp"),
        (b"<svg onload=alert(1)>", "image/gif", "application/octet-stream"),
        (b"%PDF-1.7", "application/pdf", "application/pdf"),
        (b"bytes", "image/\0x", "application/octet-stream"),
        (b"bytes", f"image/{'x' * 101}", "application/octet-stream"),
        (b"bytes", "image/x y", "application/octet-stream"),
        (b"bytes", "audio/mpeg", "audio/mpeg"),
    ],
)
def test_a_picture_is_what_its_bytes_say(content: bytes, said: str, served: str) -> None:
    assert true_type(content, said) == served
