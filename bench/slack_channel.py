"""Slack as a channel, measured: acknowledgements at 200 a second, a flood of repeats and forgeries, delivery under 429.

    .venv/bin/python -m bench.slack_channel [--seconds 20] [--webhooks 10000] [--limited-seconds 60]

The gateway runs on SQLite in a process of its own. A fake Slack that speaks the real wire, a fake Rasa and the load share
this one.
"""

import argparse
import asyncio
import json
import os
import random
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
from sqlalchemy import func, select

from handoff.database import Database, migrate
from handoff.schema import Message, OutboxItem
from tests.fake_rasa import TOKEN, fake_rasa
from tests.fakes.slack_server import FakeSlack, fake_slack
from tests.fakes.slack_workspace import BOT_TOKEN, SIGNING_SECRET

JSON = {"Content-Type": "application/json"}
PER_SECOND = 200


async def main(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as home:
        (Path(home) / "desk.toml").touch()
        async with fake_rasa() as rasa, fake_slack() as slack:
            url = f"sqlite:///{Path(home) / 'desk.db'}"
            migrate(url)
            database = Database(url)
            async with _gateway(home, url, slack, rasa.url) as gateway:
                before = gateway.cpu_times()
                await acknowledgements(slack, options.seconds)
                await _drained(database)
                after = gateway.cpu_times()
                used = after.user + after.system - before.user - before.system
                each = used * 1000 / (options.seconds * PER_SECOND)
                print(f"processor time of the gateway for a message and its answer: {each:.1f} ms")
                await flood(slack, database, options.webhooks)
                await _drained(database)
                await limited(slack, database, options.limited_seconds)
            database.close()


async def acknowledgements(slack: FakeSlack, seconds: int) -> None:
    """New messages at a steady rate, from a thousand people."""
    took: list[float] = []

    async def one(number: int) -> None:
        envelope = slack.envelope(slack.message(f"hello {number}", f"D{number % 1000}", f"U{number % 1000}"))
        began = time.perf_counter()
        status, _ = await slack.tell(envelope)
        assert status == 200
        took.append((time.perf_counter() - began) * 1000)

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(seconds * PER_SECOND):
            await asyncio.sleep(max(0.0, began + number / PER_SECOND - time.perf_counter()))
            group.create_task(one(number))
    cuts = statistics.quantiles(took, n=100)
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    print(f"{load:.1f} processes wanted each processor in the last minute")
    print(f"acknowledged {len(took)}: p50 {cuts[49]:.0f} ms, p99 {cuts[98]:.0f} ms, max {max(took):.0f} ms")


async def flood(slack: FakeSlack, database: Database, count: int) -> None:
    """A tenth of ``count`` are new; the rest repeats them or forges others, all shuffled."""
    before = _messages(database)
    dice = random.Random(11)
    told = [
        slack.envelope(slack.message(f"flood {number}", f"D{number}", f"U{number}")) for number in range(count // 10)
    ]
    genuine = told + [dice.choice(told) for _ in range(count // 2)]
    forged = [slack.envelope(slack.message("forged", "DEVIL", "UEVIL")) for _ in range(count - len(genuine))]
    sends = [(json.dumps(one), True) for one in genuine] + [(json.dumps(one), False) for one in forged]
    dice.shuffle(sends)
    places = asyncio.Semaphore(50)

    async def send(body: str, is_genuine: bool) -> tuple[bool, int]:
        async with places:
            secret = SIGNING_SECRET if is_genuine else dice.choice(["guess", "", "v0"]) or "x"
            status, _ = await slack.send(body, {**JSON, **slack.signed(body, secret=secret)})
            return is_genuine, status

    answers = await asyncio.gather(*(send(*one) for one in sends))
    accepted = sum(status == 200 for is_genuine, status in answers if not is_genuine)
    refused = sum(status != 200 for is_genuine, status in answers if is_genuine)
    kept = _messages(database) - before
    print(
        f"{len(sends)} webhooks ({len(told)} new, {len(genuine) - len(told)} repeats, {len(forged)} forged): {kept} kept, "
        f"{kept - len(told)} doubles, {accepted} forgeries accepted, {refused} genuine ones refused"
    )


async def limited(slack: FakeSlack, database: Database, seconds: int) -> None:
    """Three in ten posts are answered with 429; one conversation's wait must not be another's."""
    slack.faults.rate_limited_share = 0.3
    before = _sent(database)
    said = 0
    took: dict[bool, list[float]] = {True: [], False: []}

    async def one(number: int) -> None:
        channel = f"DL{number}"
        began = time.perf_counter()
        await slack.says(f"limited {number}", channel, f"U{number % 200}")
        while not slack.texts(channel):  # noqa: ASYNC110 - another process's doing
            await asyncio.sleep(0.05)
        took[slack.was_limited(channel)].append(time.perf_counter() - began)

    end = time.perf_counter() + seconds
    async with asyncio.TaskGroup() as group:
        while time.perf_counter() < end:
            group.create_task(one(said))
            said += 1
            await asyncio.sleep(0.05)
    slack.faults.rate_limited_share = 0.0
    await _drained(database)
    lost = said - (_sent(database) - before)
    print(f"{said} replies under 30 % 429: {lost} lost, {slack.early_calls} early retries")
    for limited, name in ((True, "chats that got a 429"), (False, "all other chats")):
        print(f"  answered in {name}: {len(took[limited])}, median {statistics.median(took[limited]):.2f} s")


def _messages(database: Database) -> int:
    return database.read_now(
        lambda session: session.scalar(select(func.count()).where(Message.author == "customer")) or 0
    )


def _sent(database: Database) -> int:
    return database.read_now(
        lambda session: session.scalar(select(func.count()).where(OutboxItem.state == "sent")) or 0
    )


async def _drained(database: Database) -> None:
    unsent = select(func.count()).where(OutboxItem.state.in_(("pending", "sending")))
    waiting = select(func.count()).where(Message.author == "customer")
    seen = (-1, -1)
    while True:
        now = database.read_now(
            lambda session: (session.scalar(unsent) or 0, session.scalar(waiting) or 0, _sent(database))
        )
        if now[0] == 0 and now[1:] == seen:
            return
        seen = now[1:]
        await asyncio.sleep(2)


@asynccontextmanager
async def _gateway(home: str, url: str, slack: FakeSlack, rasa_url: str) -> AsyncIterator[psutil.Process]:
    """The gateway in a process of its own, as it runs in earnest."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {
        "FRONTDESK_HOME": home,
        "FRONTDESK_PORT": str(port),
        "DATABASE_URL": url,
        "FRONTDESK_INTERNAL_TOKEN": TOKEN,
        "FRONTDESK_RASA_URLS": rasa_url,
        "FRONTDESK_LOG_LEVEL": "error",
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": slack.api_url,
    }
    command = [sys.executable, "-m", "connectors.gateway.cli", "gateway"]
    process = await asyncio.create_subprocess_exec(*command, env={**os.environ, **settings})
    slack.gateway = f"http://127.0.0.1:{port}"
    try:
        while not slack.calls["auth.test"]:  # noqa: ASYNC110 - another process's doing
            await asyncio.sleep(0.1)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        await process.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--webhooks", type=int, default=10_000)
    parser.add_argument("--limited-seconds", type=int, default=60)
    asyncio.run(main(parser.parse_args()))
