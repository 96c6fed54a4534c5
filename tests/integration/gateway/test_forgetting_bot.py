"""Erasing goes on until every Rasa process has let go of the conversation."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from connectors.gateway import eraser
from connectors.gateway.eraser import Eraser
from connectors.gateway.media_files import MediaFiles
from connectors.gateway.orders import OrdersUnavailableError
from connectors.gateway.rasa import BotUnavailable, Rasa
from handoff import erasing
from handoff.database import Database
from handoff.erasing import Outside
from handoff.schema import Erasure
from tests.fake_rasa import TOKEN, FakeRasa, fake_rasa
from tests.people import at, write_in
from tests.running_gateway import until


@pytest.fixture
async def other_rasa() -> AsyncIterator[FakeRasa]:
    async with fake_rasa() as server:
        yield server


async def test_each_process_is_told_and_one_that_does_not_run_remembers_nothing(
    rasa: FakeRasa, other_rasa: FakeRasa
) -> None:
    bot = Rasa([rasa.url, other_rasa.url], TOKEN, 5.0)
    await bot.start()
    await bot.forget(["c_maya.1", "c_maya.2"])
    assert rasa.forgotten == other_rasa.forgotten == ["c_maya.1", "c_maya.2"]
    await other_rasa.stop()
    await bot.forget(["c_omar.1"])
    assert rasa.forgotten[-1] == "c_omar.1"
    await bot.stop()


async def test_a_bot_that_does_not_forget_is_asked_again(
    rasa: FakeRasa, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(eraser, "POLL_SECONDS", 0.05)
    told = asyncio.Queue[list[str]]()

    class Busy(Rasa):
        async def forget(self, sender_ids: list[str]) -> None:  # type: ignore[override]  # a list is what it is given
            told.put_nowait(sender_ids)
            if told.qsize() < 3:
                raise BotUnavailable("busy")

    now = datetime.now(UTC)
    maya = write_in(database, "canary", "m1").conversation_id
    await database.write(erasing.erase, maya, now - erasing.AGAIN_AFTER)
    async with erasing_with(Busy([rasa.url], TOKEN, 5.0), database, tmp_path):
        await until(lambda: told.qsize() == 3 and not database.read_now(erasing.outside, now))


@pytest.mark.parametrize("problem", [OrdersUnavailableError("away"), ZeroDivisionError()])
async def test_an_erasure_that_fails_holds_up_no_other(
    rasa: FakeRasa, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    maya, omar = await erased_long_ago(database, "maya"), await erased_long_ago(database, "omar")

    async def forget_in_shop(sender_id: str) -> None:
        if sender_id == maya:
            raise problem

    monkeypatch.setattr(eraser, "forget_in_shop", forget_in_shop)
    monkeypatch.setattr(eraser, "POLL_SECONDS", 0.05)
    bot = Rasa([rasa.url], TOKEN, 5.0)
    await bot.start()
    async with erasing_with(bot, database, tmp_path):
        await until(lambda: left(database) == [maya])
    await bot.stop()
    assert rasa.forgotten == [omar]


async def test_an_erasure_that_the_bot_can_not_be_told_of_holds_up_no_other(
    rasa: FakeRasa, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    maya, omar = await erased_long_ago(database, "maya"), await erased_long_ago(database, "omar")
    forgotten_in_shop: set[str] = set()

    async def forget_in_shop(sender_id: str) -> None:
        forgotten_in_shop.add(sender_id)

    class Sick(Rasa):
        async def forget(self, sender_ids: Sequence[str]) -> None:
            if maya in sender_ids:
                raise BotUnavailable("Rasa answered 500")

    monkeypatch.setattr(eraser, "forget_in_shop", forget_in_shop)
    monkeypatch.setattr(eraser, "POLL_SECONDS", 0.05)
    async with erasing_with(Sick([rasa.url], TOKEN, 5.0), database, tmp_path):
        await until(lambda: left(database) == [maya])
    assert forgotten_in_shop == {maya, omar}


async def test_the_bot_is_told_of_an_erasure_at_once_and_at_its_last_time_only(
    rasa: FakeRasa, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds: list[bool] = []
    is_last_time, outside = asyncio.Event(), erasing.outside

    def as_if_later(session: Session, _now: datetime) -> list[Outside]:
        rounds.append(is_last_time.is_set())
        return outside(session, at(60) if is_last_time.is_set() else at(0))

    monkeypatch.setattr(erasing, "outside", as_if_later)
    monkeypatch.setattr(eraser, "POLL_SECONDS", 0.05)
    maya = write_in(database, "canary", "m1").conversation_id
    await database.write(erasing.erase, maya, at(0))
    bot = Rasa([rasa.url], TOKEN, 5.0)
    await bot.start()
    async with erasing_with(bot, database, tmp_path):
        await until(lambda: len(rounds) >= 5)
        assert rasa.forgotten == [f"{maya}.1"]
        is_last_time.set()
        await until(lambda: not left(database))
    await bot.stop()
    assert rasa.forgotten == [f"{maya}.1", f"{maya}.1"]


async def erased_long_ago(database: Database, name: str) -> str:
    """The name by which the bot and the shop know the case of an erased conversation that is due for the last time."""
    conversation_id = write_in(database, "canary", name, address=name).conversation_id
    await database.write(erasing.erase, conversation_id, datetime.now(UTC) - erasing.AGAIN_AFTER)
    return f"{conversation_id}.1"


def left(database: Database) -> list[str]:
    """The cases of which not everything is gone yet."""
    return database.read_now(
        lambda session: [name for row in session.scalars(select(Erasure)) for name in row.sender_ids]
    )


@asynccontextmanager
async def erasing_with(bot: Rasa, database: Database, home: Path) -> AsyncIterator[None]:
    erases = Eraser(database, f"sqlite:///{home / 'bot.db'}", MediaFiles(home), bot)
    await erases.start()
    yield
    await erases.stop()
