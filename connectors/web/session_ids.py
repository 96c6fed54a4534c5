"""Web session ids: secrets of 256 bits, signed by us, so that a foreign id is told from one that was not used yet."""

import hashlib
import hmac
import secrets


class SessionIds:
    """``key`` is shared by all gateways of an installation."""

    def __init__(self, key: str) -> None:
        self._key = hashlib.sha256(b"frontdesk web session:" + key.encode()).digest()

    def new(self) -> str:
        secret = secrets.token_urlsafe(32)
        return f"{secret}.{self._signature(secret)}"

    def is_ours(self, session_id: str) -> bool:
        secret, _, signature = session_id.partition(".")
        return hmac.compare_digest(signature.encode(), self._signature(secret).encode())

    def _signature(self, secret: str) -> str:
        return hmac.new(self._key, secret.encode(), hashlib.sha256).hexdigest()[:32]


def address_of(session_id: str) -> str:
    """What the database keeps of a session id: nothing that could be used to open the session."""
    return hashlib.sha256(session_id.encode()).hexdigest()
