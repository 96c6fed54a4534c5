"""Signed, expiring links by which a person in a chat proves at the desk which agent they are."""

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

GOOD_FOR = timedelta(minutes=15)


@dataclass(frozen=True)
class Claimant:
    """Who the link was made for."""

    user: str
    """The chat's own id of the person, as in ``agent_link``."""
    name: str
    token_id: str


class LinkTokens:
    """``key`` is shared by all gateways of an installation. A link for one ``channel`` is none for another."""

    def __init__(self, key: str, channel: str) -> None:
        self._key = hashlib.sha256(f"frontdesk {channel} link:{key}".encode()).digest()

    def new(self, user: str, name: str, now: datetime) -> str:
        fields = {"user": user, "name": name, "id": secrets.token_hex(12), "until": (now + GOOD_FOR).timestamp()}
        body = base64.urlsafe_b64encode(json.dumps(fields).encode()).decode().rstrip("=")
        return f"{body}.{self._signature(body)}"

    def read(self, token: str, now: datetime) -> Claimant | None:
        """Who it was made for; None for a link that is not ours, or too old."""
        body, _, signature = token.partition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(body).encode()):
            return None
        fields = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        if now.timestamp() > fields["until"]:
            return None
        return Claimant(fields["user"], fields["name"], fields["id"])

    def _signature(self, body: str) -> str:
        return hmac.new(self._key, body.encode(), hashlib.sha256).hexdigest()
