"""Links to documents. Each opens one document for two weeks; whoever finds it later in an old mail or log reads nothing.

The document's own secret never leaves the shop: a link is signed with it, and names the time until which it is good.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

LASTS = timedelta(days=14)


class LinkExpiredError(Exception):
    """The link was good once. The document is still there, for whoever asks in the chat again."""


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """What stands in an address: the document's reference, the end of its time in whole seconds, and the signature."""

    reference: str
    until: int
    signature: str

    @classmethod
    def parse(cls, token: str) -> "DocumentLink | None":
        """None for what is no link of ours."""
        reference, _, rest = token.partition("~")
        until, _, signature = rest.partition("~")
        return cls(reference, int(until), signature) if until.isascii() and until.isdecimal() and signature else None

    def is_signed_with(self, secret: str) -> bool:
        return hmac.compare_digest(self.signature.encode(), _signature(secret, self.reference, self.until).encode())

    def check_good_at(self, now: datetime) -> None:
        """Raises :class:`LinkExpiredError`."""
        if now.timestamp() > self.until:
            raise LinkExpiredError


def link_token(reference: str, secret: str, now: datetime) -> str:
    """The end of the address under which the document opens from ``now`` on; the same one for a whole day."""
    last_day = (now + LASTS).replace(hour=0, minute=0, second=0, microsecond=0)
    until = int((last_day + timedelta(days=1)).timestamp())
    return f"{reference}~{until}~{_signature(secret, reference, until)}"


def _signature(secret: str, reference: str, until: int) -> str:
    return hmac.digest(secret.encode(), f"{reference}~{until}".encode(), "sha256").hex()
