"""Without a public address: the gateway asks Telegram, and Telegram forgets nothing too early."""

import asyncio

import pytest
from pydantic import SecretStr
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from connectors.gateway.cli import app
from connectors.gateway.settings import Settings
from connectors.telegram.channel import uses_webhook
from handoff.database import Database
from tests.fakes import telegram_chats
from tests.fakes.telegram_server import FakeTelegram

MAYA = 4711


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"telegram_mode": "polling"})


async def test_polling_hears_everything_once_and_in_order(gateway: str, telegram: FakeTelegram) -> None:
    telegram.webhook = {}
    for number in range(3):
        telegram.queue(telegram.text(MAYA, f"message {number}"))
    await telegram.shows(MAYA, "message 2")
    assert [text[-1] for text in telegram.texts(MAYA)] == ["0", "1", "2"]


async def test_an_update_stays_with_telegram_until_it_is_committed(
    gateway: str, telegram: FakeTelegram, database: Database
) -> None:
    def rename(session: Session, before: str, after: str) -> None:
        session.connection().exec_driver_sql(f"ALTER TABLE {before} RENAME TO {after}")

    database.write_now(rename, "inbox", "inbox_away")
    telegram.queue(telegram.text(MAYA, "hello"))
    polls = telegram.calls["getUpdates"]
    await telegram.until(lambda: telegram.calls["getUpdates"] >= polls + 2)  # it was handed out, and is asked for again
    database.write_now(rename, "inbox_away", "inbox")
    await telegram.shows(MAYA, "You said: hello")
    assert len(telegram.chats[MAYA]) == 1


@pytest.mark.parametrize(
    ("mode", "secret", "public_url", "webhook"),
    [
        ("auto", "s", "https://desk.example", True),
        ("auto", "s", "http://127.0.0.1:8000", False),
        ("auto", None, "https://desk.example", False),
        ("webhook", "s", "http://127.0.0.1:8000", True),
        ("polling", "s", "https://desk.example", False),
    ],
)
def test_configuration_alone_decides(mode: str, secret: str | None, public_url: str, webhook: bool) -> None:
    settings = Settings(
        telegram_mode=mode,
        telegram_webhook_secret=SecretStr(secret) if secret else None,
        public_url=public_url,
    )
    assert uses_webhook(settings) is webhook


async def test_the_command_line_registers_menu_and_webhook(
    telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "TELEGRAM_BOT_TOKEN": telegram_chats.TOKEN,
        "TELEGRAM_WEBHOOK_SECRET": telegram_chats.SECRET,
        "TELEGRAM_API_URL": telegram.url,
        "FRONTDESK_PUBLIC_URL": "https://desk.example",
        "TELEGRAM_DESK_CHAT": "-1001",
    }.items():
        monkeypatch.setenv(name, value)
    run = CliRunner()
    result = await asyncio.to_thread(run.invoke, app, ["telegram", "register"])
    assert result.exit_code == 0, result.output
    assert telegram.webhook["url"] == "https://desk.example/webhooks/telegram/webhook"
    assert telegram.webhook["secret_token"] == telegram_chats.SECRET
    menu = [command["command"] for command in telegram.commands]
    assert menu == ["start", "help", "human", "language", "leave", "forget"]
    assert [command["command"] for command in telegram.chat_commands[-1001]] == ["here", "away"]
    status = await asyncio.to_thread(run.invoke, app, ["telegram", "status"])
    assert "@juniper_finch_bot" in status.output
    await asyncio.to_thread(run.invoke, app, ["telegram", "unregister"])
    assert (telegram.webhook, telegram.commands, telegram.chat_commands) == ({}, [], {})
