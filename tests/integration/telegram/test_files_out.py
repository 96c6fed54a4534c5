"""An agent's file on its way to Telegram."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from connectors.gateway.settings import Settings
from handoff import holder, replies
from handoff.database import Database
from handoff.media import SentFile, kind_of
from handoff.schema import Conversation, OutboxItem
from tests.fakes.telegram_chats import PICTURE, Shown
from tests.fakes.telegram_server import FakeTelegram, bring
from tests.people import add_agent

MAYA = 4711


async def send_file(
    gateway: str, telegram: FakeTelegram, database: Database, settings: Settings, mime: str, text: str
) -> None:
    """Maya has said hello, and Ana answers with a file."""
    await bring(gateway, telegram.text(MAYA, "hello"))
    await telegram.shows(MAYA, "You said: hello")
    ana = database.write_now(add_agent, "Ana")
    found = database.read_now(lambda session: session.scalars(select(Conversation.id)).one())
    database.write_now(holder.claim, found, ana, datetime.now(UTC))
    (settings.home / "media").mkdir(exist_ok=True)
    (settings.home / "media" / "kept").write_bytes(PICTURE)
    file = SentFile("", kind_of(mime), mime, "lamp.png", len(PICTURE), "kept")
    database.write_now(replies.say, found, ana, "f1", text, datetime.now(UTC), file)


async def shown_file(telegram: FakeTelegram) -> Shown:
    await telegram.until(lambda: any(shown.file for shown in telegram.chats[MAYA]))
    return next(shown for shown in telegram.chats[MAYA] if shown.file)


@pytest.mark.parametrize(
    ("mime", "refuses", "kind"),
    [("image/png", False, "photo"), ("image/png", True, "document"), ("application/pdf", False, "document")],
)
async def test_a_picture_is_shown_and_everything_else_carried(
    gateway: str,
    telegram: FakeTelegram,
    database: Database,
    settings: Settings,
    mime: str,
    refuses: bool,
    kind: str,
) -> None:
    telegram.refuses_pictures = refuses
    await send_file(gateway, telegram, database, settings, mime, "The <lamp> & you")
    shown = await shown_file(telegram)
    assert shown.file == (kind, "lamp.png", PICTURE)
    assert shown.text == "<b>Ana</b>\nThe &lt;lamp&gt; &amp; you"


async def test_words_too_long_for_a_caption_go_before_the_file(
    gateway: str, telegram: FakeTelegram, database: Database, settings: Settings
) -> None:
    words = "It is a lamp. " * 90
    await send_file(gateway, telegram, database, settings, "image/png", words)
    shown = await shown_file(telegram)
    assert shown.text == ""
    assert words.strip() in telegram.texts(MAYA)[-2]


@pytest.mark.parametrize("mode", ["flood", "accept_then_drop"])
async def test_a_file_waits_for_telegram_and_an_uncertain_one_is_flagged(
    gateway: str, telegram: FakeTelegram, database: Database, settings: Settings, mode: str
) -> None:
    await send_file(gateway, telegram, database, settings, "image/png", "first")
    await shown_file(telegram)
    telegram.mode = mode
    found = database.read_now(lambda session: session.scalars(select(Conversation.id)).one())
    file = SentFile("", "photo", "image/png", "again.png", len(PICTURE), "kept")
    database.write_now(replies.say, found, "a_ana", "f2", "", datetime.now(UTC), file)
    await telegram.until(lambda: telegram.calls["sendPhoto"] >= 2)
    telegram.mode = "ok"
    await telegram.until(
        lambda: any(
            shown.file and shown.file[1] == "again.png" and not shown.text.count("first")
            for shown in telegram.chats[MAYA]
        )
    )

    def last() -> OutboxItem:
        return database.read_now(
            lambda session: session.scalars(select(OutboxItem).order_by(OutboxItem.id.desc())).first()
        )  # type: ignore[return-value]

    await telegram.until(lambda: last().state == "sent")
    assert last().ambiguous is (mode == "accept_then_drop")
    assert telegram.early == 0
