"""The Telegram channel under load, against a fake Bot API server on this machine: `python -m bench.telegram_channel`.

Prints, for a whole gateway in a process of its own: how fast webhooks are acknowledged at 200 a second, what 10,000 replayed,
shuffled and forged webhooks leave behind, and what a flood-controlled Telegram (30 % of calls answered 429) costs whom: half of
the chats get all of those 429s, and what the others wait is compared with a calm minute.
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
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from handoff.database import Database, migrate
from handoff.schema import InboxItem, Message
from tests.fake_rasa import TOKEN as INTERNAL_TOKEN
from tests.fake_rasa import fake_rasa
from tests.fakes.telegram_chats import SECRET, TOKEN, Shown
from tests.fakes.telegram_server import FakeTelegram, fake_telegram

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


async def flood(gateway: Gateway, telegram: FakeTelegram, seconds: int, calm_seconds: int) -> None:
    """Forty chats that write every four seconds: first in a calm, then while 30 % of all calls are answered 429."""
    calm = await _talk(gateway, telegram, range(79_000, 79_040), calm_seconds)
    hit, spared = range(80_000, 80_020), range(80_020, 80_040)
    telegram.mode, telegram.flooded, telegram.flood_share, telegram.early = "flood", set(hit), 0.6, 0
    telegram.refused = 0
    during = await _talk(gateway, telegram, range(80_000, 80_040), seconds)
    telegram.mode, telegram.flooded = "ok", None
    sent, arrived, calls = during.sent, during.arrived, during.calls
    print(
        f"30 % 429          {sent} answers in {seconds} s, {telegram.refused} of {calls} calls answered 429: lost "
        f"{max(0, sent - arrived)}, doubled {max(0, arrived - sent)}, out of order {during.inversions}, "
        f"early retries {telegram.early}"
    )
    for whose, delays in (
        ("in a calm", calm.delays(range(79_000, 79_040))),
        ("spared chats", during.delays(spared)),
        ("chats with 429s", during.delays(hit)),
    ):
        cuts = statistics.quantiles(delays, n=100)
        print(
            f"  answer shown    {whose}: median {cuts[49] * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms after the webhook"
        )


@dataclass
class Talk:
    """What was asked when, and what the chats showed of it."""

    asked: dict[tuple[int, str], float]
    shown: dict[int, list[Shown]]
    calls: int

    @property
    def sent(self) -> int:
        return len(self.asked)

    @property
    def arrived(self) -> int:
        return sum(len(shown) for shown in self.shown.values())

    @property
    def inversions(self) -> int:
        return sum(_inversions([one.text for one in shown]) for shown in self.shown.values())

    def delays(self, chats: range) -> list[float]:
        """Seconds from the webhook to the answer in its chat."""
        return [
            one.at - self.asked[chat_id, one.text.removeprefix("You said: ")]
            for chat_id in chats
            for one in self.shown[chat_id]
        ]


async def _talk(gateway: Gateway, telegram: FakeTelegram, chats: range, seconds: int) -> Talk:
    asked: dict[tuple[int, str], float] = {}
    calls = telegram.calls["sendMessage"]
    async with aiohttp.ClientSession() as http:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for chat_id in chats:
                text = f"message {len(asked)}"
                asked[chat_id, text] = time.monotonic()
                update = telegram.text(chat_id, text)
                async with http.post(gateway.webhook, json=update, headers={HEADER: SECRET}) as answer:
                    assert answer.status == 200, answer.status
                await asyncio.sleep(4 / len(chats))
        await _arrived(telegram, chats, len(asked))
    shown = {chat_id: list(telegram.chats[chat_id]) for chat_id in chats}
    return Talk(asked, shown, telegram.calls["sendMessage"] - calls)


async def _arrived(telegram: FakeTelegram, chats: range, sent: int) -> None:
    end = time.monotonic() + 300
    while time.monotonic() < end:
        if sum(len(telegram.chats[chat_id]) for chat_id in chats) >= sent:
            break
        await asyncio.sleep(0.5)
    await asyncio.sleep(3)  # a double would come now


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


def _load() -> str:
    """What else this machine has to do matters more to these figures than anything here."""
    return f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs"


async def main(rate: int, rate_seconds: int, webhooks: int, flood_seconds: int, calm_seconds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with fake_rasa() as rasa, fake_telegram() as telegram:
            gateway = Gateway(Path(folder), rasa.url, telegram)
            await gateway.start()
            database = Database(gateway.database_url, connections=1)
            try:
                print(f"before            {_load()}")
                await acknowledge(gateway, telegram, rate, rate_seconds)
                print(f"after             {_load()}")
                await replay(gateway, telegram, webhooks, database)
                await flood(gateway, telegram, flood_seconds, calm_seconds)
                print(f"at the end        {_load()}")
            finally:
                await gateway.stop()
                database.close()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rate", type=int, default=200, help="webhooks a second")
    options.add_argument("--rate-seconds", type=int, default=20)
    options.add_argument("--webhooks", type=int, default=10_000)
    options.add_argument("--flood-seconds", type=int, default=300)
    options.add_argument("--calm-seconds", type=int, default=60)
    given = options.parse_args()
    asyncio.run(main(given.rate, given.rate_seconds, given.webhooks, given.flood_seconds, given.calm_seconds))
