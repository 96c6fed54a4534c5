"""The Telegram channel under load, against a fake Bot API server on this machine: `python -m bench.telegram_channel`.

Prints, for a whole gateway in a process of its own: how fast webhooks are acknowledged at 200 a second, what 10,000 replayed,
shuffled and forged webhooks leave behind, and what a flood-controlled Telegram (30 % of calls answered 429) costs whom.
"""

import argparse
import asyncio
import itertools
import os
import random
import socket
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import aiohttp
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from handoff.database import Database, migrate
from handoff.schema import InboxItem, Message
from tests.fake_rasa import TOKEN as INTERNAL_TOKEN
from tests.fake_rasa import fake_rasa
from tests.fakes.telegram_server import SECRET, TOKEN, FakeTelegram, fake_telegram

HEADER = "X-Telegram-Bot-Api-Secret-Token"
AT_ONCE = 64


class Gateway:
    """One gateway process, on a database of its own."""

    def __init__(self, home: Path, rasa_url: str, telegram: FakeTelegram) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        (home / "desk.toml").touch()
        self.database_url = f"sqlite:///{home / 'desk.db'}"
        self.webhook = f"http://127.0.0.1:{self._port}/webhooks/telegram/webhook"
        self._environment = {
            **os.environ,
            "FRONTDESK_HOME": str(home),
            "FRONTDESK_PORT": str(self._port),
            "FRONTDESK_RASA_URLS": rasa_url,
            "FRONTDESK_INTERNAL_TOKEN": INTERNAL_TOKEN,
            "FRONTDESK_LOG_LEVEL": "error",
            "DATABASE_URL": self.database_url,
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_WEBHOOK_SECRET": SECRET,
            "TELEGRAM_API_URL": telegram.url,
            "TELEGRAM_MODE": "webhook",
        }
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        await asyncio.to_thread(migrate, self.database_url)
        command = (sys.executable, "-m", "connectors.gateway.cli", "gateway")
        self._process = await asyncio.create_subprocess_exec(*command, env=self._environment)
        async with aiohttp.ClientSession() as http:
            while True:
                try:
                    async with http.get(self.webhook.replace("/webhooks/telegram/webhook", "/health")) as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    await asyncio.sleep(0.1)

    async def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            await self._process.wait()


async def acknowledge(gateway: Gateway, telegram: FakeTelegram, rate: int, seconds: int) -> None:
    """Webhooks at an even rate; how long each waits for its 200."""
    waits: list[float] = []

    async def bring_one(http: aiohttp.ClientSession, chat_id: int) -> None:
        began = time.perf_counter()
        async with http.post(gateway.webhook, json=telegram.text(chat_id, "hello"), headers={HEADER: SECRET}) as answer:
            assert answer.status == 200, answer.status
        waits.append((time.perf_counter() - began) * 1000)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        started = time.perf_counter()
        calls = []
        for number in range(rate * seconds):
            await asyncio.sleep(max(0.0, started + number / rate - time.perf_counter()))
            calls.append(asyncio.create_task(bring_one(http, 10_000 + number % 500)))
        await asyncio.gather(*calls)
    cuts = statistics.quantiles(waits, n=100)
    print(
        f"acknowledgement   {len(waits)} webhooks at {rate}/s: p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms, "
        f"max {max(waits):.1f} ms"
    )


async def replay(gateway: Gateway, telegram: FakeTelegram, webhooks: int, database: Database) -> None:
    """Each update several times, shuffled, a tenth of all with a wrong secret or none."""
    chance = random.Random(5)
    await _drained(database)
    before = await database.read(_counts)
    genuine = [telegram.text(50_000 + number % 200, f"question {number}") for number in range(webhooks // 5)]
    calls: list[tuple[dict[str, object], str]] = [(update, SECRET) for update in genuine]
    calls += [(chance.choice(genuine), SECRET) for _ in range(webhooks - len(genuine) - webhooks // 10)]
    calls += [
        (telegram.text(666, "let me in"), chance.choice(["", "guess", SECRET[:-1]])) for _ in range(webhooks // 10)
    ]
    chance.shuffle(calls)
    statuses: Counter[tuple[bool, int]] = Counter()
    places = asyncio.Semaphore(AT_ONCE)

    async def bring_one(http: aiohttp.ClientSession, update: dict[str, object], secret: str) -> None:
        async with places, http.post(gateway.webhook, json=update, headers={HEADER: secret}) as answer:
            statuses[secret == SECRET, answer.status] += 1

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        await asyncio.gather(*(bring_one(http, update, secret) for update, secret in calls))
    await _drained(database)
    customers, answers = (after - was for after, was in zip(await database.read(_counts), before, strict=True))
    print(
        f"replayed, forged  {len(calls)} webhooks of {len(genuine)} messages: {customers} kept "
        f"({customers - len(genuine):+d}), {answers} answers ({answers - len(genuine):+d}), "
        f"forgeries accepted {statuses[False, 200]} of {webhooks // 10}, refused genuine {_not_ok(statuses)}"
    )


async def flood(gateway: Gateway, telegram: FakeTelegram, seconds: int) -> None:
    """Forty chats that write every four seconds, while 30 % of all calls are answered 429."""
    telegram.mode, telegram.flood_share, telegram.early = "flood", 0.3, 0
    sent = 0
    async with aiohttp.ClientSession() as http:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for chat_id in range(80_000, 80_040):
                update = telegram.text(chat_id, f"message {sent}")
                async with http.post(gateway.webhook, json=update, headers={HEADER: SECRET}) as answer:
                    assert answer.status == 200, answer.status
                sent += 1
            await asyncio.sleep(4)
        arrived = await _arrived(telegram, sent)
    inversions = sum(_inversions(telegram.texts(chat_id)) for chat_id in range(80_000, 80_040))
    print(
        f"30 % 429          {sent} answers in {seconds} s: lost {sent - arrived}, doubled {max(0, arrived - sent)}, "
        f"out of order {inversions}, early retries {telegram.early}"
    )
    telegram.mode = "ok"


async def _arrived(telegram: FakeTelegram, sent: int) -> int:
    end = time.monotonic() + 300
    while time.monotonic() < end:
        arrived = sum(len(telegram.chats[chat_id]) for chat_id in range(80_000, 80_040))
        if arrived >= sent:
            await asyncio.sleep(3)  # a double would come now
            return sum(len(telegram.chats[chat_id]) for chat_id in range(80_000, 80_040))
        await asyncio.sleep(0.5)
    return arrived


async def _drained(database: Database) -> None:
    """Every message has had its turn."""
    while await database.read(_waiting):  # noqa: ASYNC110 - another process empties the inbox
        await asyncio.sleep(0.5)


def _inversions(texts: list[str]) -> int:
    numbers = [int(text.rsplit(" ", 1)[1]) for text in texts]
    return sum(later < earlier for earlier, later in itertools.pairwise(numbers))


def _not_ok(statuses: Counter[tuple[bool, int]]) -> int:
    return sum(count for (genuine, status), count in statuses.items() if genuine and status != 200)


def _counts(session: Session) -> tuple[int, int]:
    """(customers' messages, the bot's)"""
    query = select(Message.author, func.count()).group_by(Message.author)
    found = {author: count for author, count in session.execute(query)}
    return found.get("customer", 0), found.get("bot", 0)


def _waiting(session: Session) -> int:
    return session.scalar(select(func.count()).where(InboxItem.state == "waiting")) or 0


async def main(rate: int, rate_seconds: int, webhooks: int, flood_seconds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with fake_rasa() as rasa, fake_telegram() as telegram:
            gateway = Gateway(Path(folder), rasa.url, telegram)
            await gateway.start()
            database = Database(gateway.database_url, connections=1)
            try:
                await flood(gateway, telegram, flood_seconds)
                await acknowledge(gateway, telegram, rate, rate_seconds)
                await replay(gateway, telegram, webhooks, database)
            finally:
                await gateway.stop()
                database.close()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rate", type=int, default=200, help="webhooks a second")
    options.add_argument("--rate-seconds", type=int, default=20)
    options.add_argument("--webhooks", type=int, default=10_000)
    options.add_argument("--flood-seconds", type=int, default=300)
    given = options.parse_args()
    asyncio.run(main(given.rate, given.rate_seconds, given.webhooks, given.flood_seconds))
