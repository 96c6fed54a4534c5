"""What goes wrong in the tests' Slack, on request."""

import random
from collections import defaultdict, deque
from dataclasses import dataclass, field


@dataclass
class Faults:
    """What goes wrong next. ``next``: per method, ``429 | 500 | drop | slow | an error code``, each used once."""

    next: dict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque))
    rate_limited_share: float = 0.0
    retry_after_seconds: int = 1
    slow_seconds: float = 60.0

    def plan(self, method: str, *faults: str) -> None:
        """``drop``: the message is taken, and the connection closed without an answer. ``slow``: likewise, much later."""
        self.next[method].extend(faults)

    def take(self, method: str, dice: random.Random) -> str | None:
        if self.next[method]:
            return self.next[method].popleft()
        if method == "chat.postMessage" and dice.random() < self.rate_limited_share:
            return "429"
        return None
