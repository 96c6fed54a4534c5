"""The chats of the tests' Telegram: who is in them, what they show, and where a test looks."""

import asyncio
import itertools
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
SECRET = "agreed-with-telegram"
BOT = {"id": 110201543, "is_bot": True, "first_name": "Juniper & Finch", "username": "juniper_finch_bot"}
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@dataclass
class Shown:
    """A message as the chat shows it now."""

    message_id: int
    chat_id: int
    text: str
    buttons: list[tuple[str, str]]
    """``(title, callback_data)``"""
    reply_to: int | None
    at: float
    versions: list[str] = field(default_factory=list)
    """Every text it has had, the first one first."""
    topic: int | None = None
    file: "tuple[str, str, bytes] | None" = None
    """``(photo | voice | sticker | document, name, content)``; the name of a file that Telegram had is its id."""


class Chats:
    def __init__(self) -> None:
        self.url = ""
        self.chats: defaultdict[int, list[Shown]] = defaultdict(list)
        self.actions: Counter[int] = Counter()
        """How often each chat was shown that somebody types."""
        self.answered: dict[str, str | None] = {}
        """What each press was answered with."""
        self.led_to: dict[str, str] = {}
        """Where presses were answered with a way to somewhere: ``{query: url}``."""
        self.bot_is_admin = True
        self.forums: dict[int, dict[int, str]] = {}
        """Groups with topics: ``{chat: {topic: name}}``."""
        self.closed_topics: set[int] = set()
        self.members: set[int] = set()
        """Of any group that is asked about."""
        self.never_started: set[int] = set()
        """People to whom a bot may not write, because they have not opened the chat with it."""
        self.reactions: dict[tuple[int, int], list[str]] = {}
        self.files: dict[str, bytes] = {"picture-1": PICTURE}
        self.refuses_pictures = False
        """As Telegram does with very large or very narrow ones."""
        self.webhook: dict[str, str] = {}
        self.commands: list[dict[str, str]] = []
        self.chat_commands: dict[int, list[dict[str, str]]] = {}
        """Menus of single chats."""
        self.calls: Counter[str] = Counter()
        self._updates: list[dict[str, Any]] = []
        self._update_ids = itertools.count(700_000_001)
        self._message_ids = itertools.count(1)
        self._news = asyncio.Event()

    def texts(self, chat_id: int) -> list[str]:
        return [shown.text for shown in self.chats[chat_id]]

    async def until(self, enough: Callable[[], object], seconds: float = 60.0) -> None:
        try:
            async with asyncio.timeout(seconds):
                while not enough():
                    await asyncio.sleep(0.02)
        except TimeoutError:
            shown = {chat_id: self.texts(chat_id) for chat_id in self.chats}
            raise AssertionError(f"shown only {shown}, calls {dict(self.calls)}") from None

    async def shows(self, chat_id: int, text: str) -> Shown:
        """Wait until the chat shows a message that contains ``text``."""
        await self.until(lambda: any(text in shown.text for shown in self.chats[chat_id]))
        return next(shown for shown in self.chats[chat_id] if text in shown.text)
