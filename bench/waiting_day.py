"""A simulated day at the desk: how often did the true wait fall inside the range the customer was told?

    .venv/bin/python -m bench.waiting_day [--customers 500] [--agents 8] [--days 2] [--seed 1]

Everything the desk does is done by its own functions on a fresh SQLite database; only customers, agents and the clock are
made up. Customers come in two waves, talks differ widely in length, agents take breaks and are not always quick to claim.
The first day begins without any experience. No escalation jumps the queue but one in fifteen, as urgent ones do.
"""

import argparse
import heapq
import itertools
import random
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from handoff import agents, holder, inbox, offers, replies, turn_leases, turns, waiting
from handoff.database import Database, migrate
from handoff.inbox import Inbound
from handoff.schema import Agent, Conversation, Ticket

DAY = timedelta(hours=10)
URGENT_SHARE = 1 / 15
TALK_MINUTES, TALK_SPREAD = 13.0, 0.6
CAPACITY = 2


class Desk:
    """Events in order of time; each may bring others."""

    def __init__(self, database: Database, rng: random.Random, start: datetime) -> None:
        self.database = database
        self.rng = rng
        self.now = start
        self.events: list[tuple[datetime, int, Callable[[], None]]] = []
        self.order = itertools.count()

    def later(self, minutes: float, event: Callable[[], None]) -> None:
        heapq.heappush(self.events, (self.now + timedelta(minutes=minutes), next(self.order), event))

    def run(self) -> None:
        while self.events:
            self.now, _, event = heapq.heappop(self.events)
            event()
            self.offer()

    def offer(self) -> None:
        for late in self.database.read_now(offers.overdue, self.now):
            self.database.write_now(offers.withdraw, late, self.now)
        while (made := self.database.write_now(offers.make, self.now)) is not None:
            self.answer_offer(made)

    def answer_offer(self, made: offers.Made) -> None:
        # One in twelve is missed and goes to the next agent a minute later.
        if self.rng.random() < 1 / 12:
            self.later(1.01, lambda: None)
        else:
            self.later(self.rng.uniform(0.05, 0.7), lambda: self.claim(made.conversation_id, made.agent_id))

    def customer_asks(self, name: str) -> None:
        inbound = Inbound("web", name, f"{name}-1", "a person please")
        self.database.write_now(inbox.accept, inbound, self.now)
        turn = self.database.write_now(turn_leases.take, "bench", self.now)
        assert turn is not None
        reason = "safety" if self.rng.random() < URGENT_SHARE else "asked"
        self.database.write_now(turns.hand_to_queue, turn, reason, [], "customer", self.now)

    def claim(self, conversation_id: str, agent_id: str) -> None:
        conversation = self.database.read_now(lambda session: session.get_one(Conversation, conversation_id))
        if conversation.holder != "queue":
            return
        self.database.write_now(holder.claim, conversation_id, agent_id, self.now)
        self.database.write_now(replies.say, conversation_id, agent_id, f"hello-{conversation_id}", "Hello.", self.now)
        length = self.rng.lognormvariate(0, TALK_SPREAD) * TALK_MINUTES
        self.later(length, lambda: self.resolve(conversation_id, agent_id))

    def resolve(self, conversation_id: str, agent_id: str) -> None:
        conversation = self.database.read_now(lambda session: session.get_one(Conversation, conversation_id))
        self.database.write_now(holder.resolve, conversation_id, agent_id, conversation.epoch, None, self.now)

    def presence(self, agent_id: str, present: bool) -> None:
        self.database.write_now(agents.set_present, agent_id, present, self.now)


def simulate(database: Database, rng: random.Random, customers: int, staff: list[str], start: datetime) -> None:
    desk = Desk(database, rng, start)
    minutes = DAY.total_seconds() / 60
    for agent_id in staff:
        desk.later(0, lambda agent_id=agent_id: desk.presence(agent_id, True))  # type: ignore[misc]
        pause = rng.uniform(0.3, 0.7) * minutes
        desk.later(pause, lambda agent_id=agent_id: desk.presence(agent_id, False))  # type: ignore[misc]
        desk.later(pause + 30, lambda agent_id=agent_id: desk.presence(agent_id, True))  # type: ignore[misc]
    for number in range(customers):
        wave = rng.choice([0.3, 0.7])
        at = minutes * (rng.random() if rng.random() < 0.6 else min(max(rng.gauss(wave, 0.1), 0.0), 1.0))
        desk.later(at, lambda name=f"{start:%d}-{number}": desk.customer_asks(name))  # type: ignore[misc]
    desk.run()


def add_staff(database: Database, count: int, now: datetime) -> list[str]:
    ids = []
    for number in range(count):
        email = f"agent{number}@juniperandfinch.example"
        view = database.write_now(agents.add_agent, email, f"Agent {number}", "agent", "-", now)
        database.write_now(lambda session, i=view["id"]: setattr(session.get_one(Agent, i), "capacity", CAPACITY))  # type: ignore[misc]
        ids.append(view["id"])
    return ids


def report(database: Database, since: datetime) -> str:
    query = select(Ticket).where(Ticket.queued_at >= since)
    tickets = database.read_now(lambda session: session.scalars(query).all())
    told = [(t.told, t.waited_minutes) for t in tickets if t.told is not None and t.waited_minutes is not None]
    if not told:
        return f"{len(tickets)} tickets, none told a range"
    inside = sum(range_["low"] <= waited <= range_["high"] for range_, waited in told)
    queued = [(range_, waited) for range_, waited in told if range_["turns"]]
    inside_queued = sum(range_["low"] <= waited <= range_["high"] for range_, waited in queued)
    widths = sorted(range_["high"] - range_["low"] for range_, _ in queued)
    waits = sorted(waited for _, waited in queued)
    line = f"{len(tickets)} tickets, {len(told)} told a range, {inside / len(told):.1%} inside"
    if queued:
        line += (
            f"; of {len(queued)} who had to wait for their turn {inside_queued / len(queued):.1%} inside, "
            f"median range {widths[len(widths) // 2]} min wide, waits {waits[0]:.1f} to {waits[-1]:.1f}, "
            f"median {waits[len(waits) // 2]:.1f} min"
        )
    return line


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("customers", 500), ("agents", 8), ("days", 2), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    chosen = parser.parse_args()
    start = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'desk.db'}"
        migrate(url)
        database = Database(url, connections=1)
        staff = add_staff(database, chosen.agents, start)
        for day in range(chosen.days):
            begin = start + timedelta(days=day)
            simulate(database, random.Random(chosen.seed + day), chosen.customers, staff, begin)
            print(f"day {day + 1}: {report(database, begin)}")
        summary = database.read_now(waiting.calibration)
        print(f"as the desk itself reports it: {summary.inside} of the latest {summary.told} inside")
        database.close()


if __name__ == "__main__":
    main()
