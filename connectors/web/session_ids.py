"""Web session ids: secrets of 256 bits, signed by us, so that a foreign id is told from one that was not used yet."""

import base64
import hashlib
import hmac
import secrets


class SessionIds:
    """``key`` is shared by all gateways of an installation."""

    def __init__(self, key: str) -> None:
        self._key = hashlib.sha256(b"frontdesk web session:" + key.encode()).digest()
        self._renewing_key = hashlib.sha256(b"frontdesk renewed web session:" + key.encode()).digest()

    def new(self) -> str:
        return self._signed(secrets.token_urlsafe(32))

    def next_after(self, address: str) -> str:
        """The id that replaces the one of ``address``: always the same, so that all tabs of a browser end up with one."""
        made = hmac.new(self._renewing_key, address.encode(), hashlib.sha256).digest()
        return self._signed(base64.urlsafe_b64encode(made).decode().rstrip("="))

    def is_ours(self, session_id: str) -> bool:
        secret, _, signature = session_id.partition(".")
        return hmac.compare_digest(signature.encode(), self._signature(secret).encode())

    def _signed(self, secret: str) -> str:
        return f"{secret}.{self._signature(secret)}"

    def _signature(self, secret: str) -> str:
        return hmac.new(self._key, secret.encode(), hashlib.sha256).hexdigest()[:32]


def address_of(session_id: str) -> str:
    """What the database keeps of a session id: nothing that could be used to open the session."""
    return hashlib.sha256(session_id.encode()).hexdigest()
