"""Who did something how often of late. For each visitor and kind of act a few times are kept, and not for long.

The memory storage of `limits` starts a thread for nearly each hit, in which it walks through all visitors it knows: on the
way of every message that is dearer than the message.
"""

import time
from collections import deque

from limits import RateLimitItem

SWEEP_SECONDS = 10.0

Key = tuple[str, RateLimitItem]


class MovingWindows:
    """Counts within the last seconds that a limit speaks of, to the moment."""

    def __init__(self) -> None:
        self._hits: dict[Key, deque[float]] = {}
        self._swept_at = time.monotonic()

    def __len__(self) -> int:
        return len(self._hits)

    def hit(self, limit: RateLimitItem, visitor: str) -> bool:
        """Count one more, if it is within the limit. Whether it is."""
        now = time.monotonic()
        self._sweep(now)
        hits = self._hits.setdefault((visitor, limit), deque())
        _forget(hits, now - limit.get_expiry())
        if len(hits) >= limit.amount:
            return False
        hits.append(now)
        return True

    def _sweep(self, now: float) -> None:
        """Visitors who have not been here lately are forgotten."""
        if now - self._swept_at < SWEEP_SECONDS:
            return
        self._swept_at = now
        for (visitor, limit), hits in list(self._hits.items()):
            _forget(hits, now - limit.get_expiry())
            if not hits:
                del self._hits[visitor, limit]


def _forget(hits: deque[float], until: float) -> None:
    while hits and hits[0] <= until:
        hits.popleft()
