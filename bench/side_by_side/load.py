"""Customers who talk as fast as they are answered, and what that took."""

import asyncio
import itertools
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bench.side_by_side.customers import NoAnswer
from bench.side_by_side.lines import conversations


class Customer(Protocol):
    """One who says a line and waits for its answer, over one kept connection."""

    async def open(self) -> None: ...

    async def begin(self) -> None:
        """A new conversation."""

    async def say(self, line: str) -> bool:
        """Returns when the first words of the answer are here: whether the bot goes on. Raises when there is none."""

    async def close(self) -> None: ...


@dataclass(frozen=True)
class Round:
    """What one round of `clients` customers gave: milliseconds of each turn, and turns a second in all."""

    clients: int
    waits: list[float]
    per_second: float

    def percentile(self, percent: int) -> float:
        """Raises NoAnswer when too few turns ended in the round to say."""
        if len(self.waits) < 2:
            raise NoAnswer(f"{len(self.waits)} turns in a round: the machine is too busy, or --seconds too few")
        return statistics.quantiles(self.waits, n=100)[percent - 1]


async def talk(make: Callable[[], Customer], clients: int, seconds: float, seed: int) -> Round:
    """`clients` customers at once for `seconds`; a turn that ends later does not count."""
    customers = [make() for _ in range(clients)]
    await asyncio.gather(*(customer.open() for customer in customers))
    waits: list[float] = []
    began = time.perf_counter()
    try:
        await asyncio.gather(
            *(_keep_talking(one, waits, began + seconds, seed + 1000 * n) for n, one in enumerate(customers))
        )
    finally:
        await asyncio.gather(*(customer.close() for customer in customers))
    return Round(clients, waits, len(waits) / seconds)


async def _keep_talking(customer: Customer, waits: list[float], until: float, seed: int) -> None:
    for number in itertools.count(seed):
        for conversation in conversations(number):
            await customer.begin()
            for line in conversation:
                said = time.perf_counter()
                goes_on = await customer.say(line)
                answered = time.perf_counter()
                if answered > until:
                    return
                waits.append((answered - said) * 1000)
                if not goes_on:
                    break
