"""What a plain turn costs the database: a customer of the web chat writes, and the bot answers."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event

from connectors.gateway import clock, customer_names, desk_socket, dispatcher, eraser
from connectors.web import feed
from tests.chat_client import Chat, chatting
from tests.databases import new_sqlite_database
from tests.fake_rasa import FakeRasa
from tests.running_gateway import desk_settings, running_gateway

WRITES = 2
"""The message with the beginning of its turn, and the answer with its end. Each is a commit that somebody waits for."""
READS = 0
"""What pages show, and what the other loops look after, is known without a look."""
STATEMENTS = 15
"""Of both together, without BEGIN. What most turns don't need belongs behind something that is loaded already (an epoch, a
holder, a message's files), and what is loaded is not loaded again."""


@pytest.fixture(autouse=True)
def hints_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing looks because time has passed, and nothing is put off to be looked at together."""
    monkeypatch.setattr(dispatcher, "POLL_SECONDS", 3600)
    monkeypatch.setattr(clock, "POLL_SECONDS", 3600)
    monkeypatch.setattr(eraser, "POLL_SECONDS", 3600)
    monkeypatch.setattr(desk_socket, "CHECK_SECONDS", 3600)
    monkeypatch.setattr(feed, "POLL_SECONDS", 3600)
    monkeypatch.setattr(feed, "SHOWN_FLUSH_SECONDS", 3600)
    monkeypatch.setattr(customer_names, "TOGETHER_SECONDS", 3600)


@contextmanager
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def turn(chat: Chat, words: str) -> None:
    await chat.say(words)
    await chat.hears(f"You said: {words}")
    await asyncio.sleep(0.2)  # what follows without having to shows by then


async def test_a_plain_turn_is_two_transactions_of_a_few_statements(rasa: FakeRasa, tmp_path: Path) -> None:
    url = new_sqlite_database(tmp_path)
    async with running_gateway(desk_settings(tmp_path, url, rasa)) as gateway, chatting(gateway) as maya:
        each = []
        for number in range(6):
            with statements() as seen:
                await turn(maya, f"how long do returns take, {number}")
            each.append(seen)
    # What a gateway that has just begun looks after once may fall into a turn: the cheapest has nothing but its own.
    seen = min(each[1:], key=len)
    assert seen.count("BEGIN IMMEDIATE") <= WRITES, seen
    assert seen.count("BEGIN") <= READS, seen
    assert len([one for one in seen if not one.startswith("BEGIN")]) <= STATEMENTS, seen
