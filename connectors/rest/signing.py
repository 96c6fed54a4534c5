"""Both sides of the channel sign what they send: HMAC-SHA256 over the time and the body, with a shared secret."""

import hashlib
import hmac
import time

TIMESTAMP = "X-Frontdesk-Timestamp"
SIGNATURE = "X-Frontdesk-Signature"
WINDOW_SECONDS = 300


def headers(secret: str, body: bytes, now: float | None = None) -> dict[str, str]:
    """The headers that go with ``body``. ``now`` in seconds since 1970."""
    stamp = str(int(time.time() if now is None else now))
    return {TIMESTAMP: stamp, SIGNATURE: _signature(secret, stamp, body)}


def is_signed(secret: str, body: bytes, stamp: str, signature: str, now: float | None = None) -> bool:
    """Whether whoever knows the secret sent this, at most five minutes ago."""
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12):
        return False
    age = abs((time.time() if now is None else now) - int(stamp))
    expected = _signature(secret, stamp, body)
    return age <= WINDOW_SECONDS and hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace"))


def _signature(secret: str, stamp: str, body: bytes) -> str:
    return "v1=" + hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
