"""How soon a ticket is offered to an agent: 20 agents online, customers who ask one after the other.

    .venv/bin/python -m bench.assignment_latency [--agents 20] [--customers 400]

Measured inside the gateway's own clock, hints and database (SQLite, every commit on the disk), from the committed handoff to the
committed offer. Agents claim and finish at once, so that somebody is always free.
"""

import argparse
import asyncio
import logging
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import structlog
from sqlalchemy.orm import Session

from connectors.gateway.bus import Bus, Hint
from connectors.gateway.clock import Clock
from handoff import agents, holder, inbox, offers, tickets, turn_leases, turns
from handoff.database import Database, migrate
from handoff.inbox import Inbound
from handoff.schema import Conversation


def _ask(session: Session, name: str) -> str:
    now = datetime.now(UTC)
    inbox.accept(session, Inbound("web", name, name, "a person please"), now)
    turn = turn_leases.take(session, "bench", now)
    assert turn is not None
    turns.hand_to_queue(session, turn, "asked", [], "customer", now)
    return turn.conversation_id


def _offered_to(session: Session, conversation_id: str) -> str | None:
    ticket = tickets.open_ticket(session, session.get_one(Conversation, conversation_id))
    offer = offers.open_offer(session, ticket.id) if ticket else None
    return offer.agent_id if offer else None


def _serve(session: Session, conversation_id: str, agent_id: str) -> None:
    now = datetime.now(UTC)
    epoch = holder.claim(session, conversation_id, agent_id, now).epoch
    holder.resolve(session, conversation_id, agent_id, epoch, None, now)


async def measure(database: Database, people: int, customers: int) -> list[float]:
    """Seconds from each handoff to its offer."""
    bus = Bus()
    clock = Clock(database, bus)
    offered: dict[str, asyncio.Event] = {}

    def on_hint(hint: Hint) -> None:
        if hint.kind == "changed" and hint.conversation_id in offered:
            offered[hint.conversation_id].set()

    now = datetime.now(UTC)
    for number in range(people):
        email = f"agent{number}@juniperandfinch.example"
        agent = await database.write(agents.add_agent, email, f"Agent {number}", "agent", "-", now)
        await database.write(agents.set_present, agent["id"], True, now)
    bus.listen(on_hint)
    await clock.start()
    taken = []
    for number in range(customers):
        conversation_id = await database.write(_ask, f"customer{number}")
        began = time.perf_counter()
        bus.changed(conversation_id)
        woken = offered[conversation_id] = asyncio.Event()
        agent_id = None
        while agent_id is None:
            await woken.wait()
            agent_id = await database.read(_offered_to, conversation_id)
        taken.append(time.perf_counter() - began)
        await database.write(_serve, conversation_id, agent_id)
        del offered[conversation_id]
    await clock.stop()
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agents", type=int, default=20)
    parser.add_argument("--customers", type=int, default=400)
    chosen = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'desk.db'}"
        migrate(url)
        database = Database(url)
        taken = asyncio.run(measure(database, chosen.agents, chosen.customers))
        database.close()
    cuts = statistics.quantiles(taken, n=100)
    print(
        f"{len(taken)} handoffs, {chosen.agents} agents online: p50 {cuts[49] * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms, "
        f"longest {max(taken) * 1000:.0f} ms"
    )


if __name__ == "__main__":
    main()
