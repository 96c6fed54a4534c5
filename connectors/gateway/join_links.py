"""Links that bring a web chat to Telegram: signed, so that a forged one is known for what it is without asking anybody."""

import hashlib
import hmac
import secrets
from datetime import UTC, datetime
from typing import Protocol

from handoff import joining
from handoff.database import Database

PREFIX = "join-"
"""What tells our token from others that a link to the bot may carry."""


class DeepLinks(Protocol):
    """A channel that can be opened by a link."""

    name: str

    async def deep_link(self, token: str) -> str:
        """The address that brings ``token`` to us when it is opened. Raises :class:`NoLink`."""


class NoLink(Exception):
    """The channel can't be reached just now."""


class JoinTokens:
    """``key`` is shared by all gateways of an installation. A token has at most 64 letters, digits, ``_`` and ``-``."""

    def __init__(self, key: str) -> None:
        self._key = hashlib.sha256(b"frontdesk join link:" + key.encode()).digest()

    def new(self) -> str:
        secret = secrets.token_hex(12)
        return f"{PREFIX}{secret}{self._signature(secret)}"

    def hash_of(self, token: str) -> str | None:
        """By what the database knows the token; None for one that we did not make."""
        secret, signature = token.removeprefix(PREFIX)[:24], token.removeprefix(PREFIX)[24:]
        if not hmac.compare_digest(signature.encode(), self._signature(secret).encode()):
            return None
        return hashlib.sha256(token.encode()).hexdigest()

    def _signature(self, secret: str) -> str:
        return hmac.new(self._key, secret.encode(), hashlib.sha256).hexdigest()[:32]


class JoinLinks:
    """Makes links to one channel."""

    def __init__(self, database: Database, tokens: JoinTokens, channel: DeepLinks) -> None:
        self._database = database
        self._tokens = tokens
        self._channel = channel

    async def new(self, conversation_id: str) -> tuple[str, datetime]:
        """``(address, until when it is good)``. Raises :class:`NoLink`, ``NoConversation`` and ``SQLAlchemyError``."""
        token = self._tokens.new()
        address = await self._channel.deep_link(token)
        token_hash = self._tokens.hash_of(token)
        assert token_hash is not None, "we have just made it"
        until = await self._database.write(
            joining.new_link, conversation_id, token_hash, self._channel.name, datetime.now(UTC)
        )
        return address, until
