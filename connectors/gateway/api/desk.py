"""What the routes work with."""

import math
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from connectors.gateway.api.errors import RateLimited
from connectors.gateway.bus import Bus
from connectors.gateway.orders import OrdersFor
from handoff.agents import normal_email
from handoff.database import Database

PER_ADDRESS = parse("5 per 5 minutes")
PER_CLIENT = parse("30 per 5 minutes")
HASHES_AT_ONCE = 2


class SignInDoor:
    """Slows down guessing. It counts tries for unknown e-mail addresses as well: what it says reveals no account."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def knock(self, client: str, email: str) -> None:
        """Count one try. Raises :class:`RateLimited` when there were too many."""
        for limit, kind, key in ((PER_CLIENT, "client", client), (PER_ADDRESS, "email", normal_email(email))):
            if not self._limiter.hit(limit, kind, key):
                words = "Too many tries to sign in. Wait a few minutes and try again."
                raise RateLimited(words, self._seconds(limit, kind, key))

    def let_in(self, email: str) -> None:
        """The password was right: forget the tries before it."""
        self._limiter.clear(PER_ADDRESS, "email", normal_email(email))

    def _seconds(self, limit: RateLimitItem, kind: str, key: str) -> int:
        return max(1, math.ceil(self._limiter.get_window_stats(limit, kind, key).reset_time - time.time()))


@dataclass(frozen=True)
class Desk:
    database: Database
    bus: Bus
    public_url: str
    orders_for: OrdersFor
    door: SignInDoor
    hashing: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(HASHES_AT_ONCE, thread_name_prefix="passwords")
    )
    """Each hash takes 64 MiB: a few at a time, whatever comes in."""
