"""Erasing goes on until every Rasa process has let go of the conversation."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.gateway import eraser
from connectors.gateway.eraser import Eraser
from connectors.gateway.media_files import MediaFiles
from connectors.gateway.rasa import BotUnavailable, Rasa
from handoff import erasing
from handoff.database import Database
from tests.fake_rasa import TOKEN, FakeRasa, fake_rasa
from tests.people import write_in
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
    erases = Eraser(database, f"sqlite:///{tmp_path / 'bot.db'}", MediaFiles(tmp_path), Busy([rasa.url], TOKEN, 5.0))
    await erases.start()
    await until(lambda: told.qsize() == 3 and not database.read_now(erasing.outside, now))
    await erases.stop()
