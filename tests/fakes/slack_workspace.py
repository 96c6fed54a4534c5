"""What a Slack workspace of the tests remembers: its people, and what was written in its channels."""

import itertools
import time
from collections import defaultdict
from typing import Any

BOT_TOKEN = "xoxb-made-up"
APP_TOKEN = "xapp-made-up"
SIGNING_SECRET = "a-made-up-signing-secret"
TEAM, BOT_USER, BOT_ID, APP = "T0JUNIPER", "U0FERN", "B0FERN", "A0FERN"
MAYA, ANA, BEN = "U0MAYA", "U0ANA", "U0BEN"
ALL_SCOPES = (
    "app_mentions:read,assistant:write,channels:history,chat:write,commands,files:read,files:write,groups:history,"
    "im:history,im:read,im:write,mpim:history,reactions:write,users:read"
)
Payload = dict[str, Any]


class Workspace:
    def __init__(self) -> None:
        self.url = ""
        self.scopes = ALL_SCOPES
        self.channels: dict[str, list[Payload]] = defaultdict(list)
        self.ephemeral: list[Payload] = []
        self.views: list[Payload] = []
        self.reactions: list[Payload] = []
        self.statuses: list[Payload] = []
        self.names = {MAYA: "Maya Lindqvist", ANA: "Ana", BEN: "Ben"}
        self.files: dict[str, tuple[str, str, bytes]] = {}
        """``{file id: (name, MIME type, content)}``"""
        self.file_host = ""
        """Where `files.info` says that files are, if not here."""
        self._numbers = itertools.count(1)

    def new_ts(self) -> str:
        return f"{int(time.time())}.{next(self._numbers):06d}"

    def from_app(self, channel: str) -> list[Payload]:
        return [message for message in self.channels[channel] if message.get("bot_id")]

    def texts(self, channel: str) -> list[str]:
        """What the app has said in a channel."""
        return [message["text"] for message in self.from_app(channel)]
