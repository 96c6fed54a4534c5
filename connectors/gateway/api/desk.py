"""What the routes work with."""

import asyncio
import math
import time
from dataclasses import dataclass

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from connectors.gateway.api.errors import RateLimited
from connectors.gateway.bus import Bus
from connectors.gateway.orders import OrdersFor
from connectors.gateway.uploads import Uploads
from handoff import passwords
from handoff.agents import normal_email
from handoff.database import Database
from handoff.passwords import Verdict

WRONG_PER_ADDRESS = parse("5 per 5 minutes")
WRONG_PER_CLIENT = parse("30 per 5 minutes")
HASHES_AT_ONCE = 2
"""Each takes 64 MiB and a processor, whatever comes in."""


class SignInDoor:
    """Checks passwords, a few at a time, and slows down guessing.

    Wrong tries count for unknown e-mail addresses as well: what it says reveals no account.
    """

    def __init__(self) -> None:
        self._wrong = MovingWindowRateLimiter(MemoryStorage())
        self._places = asyncio.Semaphore(HASHES_AT_ONCE)

    async def check(self, client: str, email: str, password: str, known_hash: str | None) -> Verdict:
        """Whether the password fits. Raises :class:`RateLimited` after too many that did not."""
        # The limits are asked when it is this try's turn: a crowd of tries at once gains nothing.
        async with self._places:
            tries = ((WRONG_PER_CLIENT, "client", client), (WRONG_PER_ADDRESS, "email", normal_email(email)))
            for limit, kind, key in tries:
                if not self._wrong.test(limit, kind, key):
                    words = "Too many wrong tries to sign in. Wait a few minutes and try again."
                    raise RateLimited(words, self._seconds(limit, kind, key))
            verdict = await asyncio.to_thread(passwords.check, password, known_hash)
            if not verdict.right:
                for limit, kind, key in tries:
                    self._wrong.hit(limit, kind, key)
        return verdict

    def let_in(self, email: str) -> None:
        """Signed in: forget the wrong tries before it."""
        self._wrong.clear(WRONG_PER_ADDRESS, "email", normal_email(email))

    def _seconds(self, limit: RateLimitItem, kind: str, key: str) -> int:
        return max(1, math.ceil(self._wrong.get_window_stats(limit, kind, key).reset_time - time.time()))


@dataclass(frozen=True)
class Desk:
    """What the API's handlers work with. ``public_url``: the desk's own address, which alone may act for agents."""

    database: Database
    bus: Bus
    public_url: str
    orders_for: OrdersFor
    door: SignInDoor
    uploads: Uploads
