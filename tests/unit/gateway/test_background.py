"""Short work that nobody waits for is neither lost at the end nor able to hurt anything else."""

import asyncio

import pytest
from structlog.testing import capture_logs

from connectors.gateway import background
from connectors.gateway.background import Background


async def test_short_work_is_finished_before_the_end() -> None:
    may_end, done = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        await may_end.wait()
        done.set()

    short = Background()
    short.run(work())
    stopping = asyncio.create_task(short.stop())
    await asyncio.sleep(0)
    may_end.set()
    await stopping
    assert done.is_set()


async def test_work_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "LAST_SECONDS", 0)
    ended = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    stuck = Background()
    stuck.run(work())
    await asyncio.sleep(0)
    await stuck.stop()
    assert ended.is_set()


async def test_what_goes_wrong_is_logged_and_the_rest_goes_on() -> None:
    done = asyncio.Event()

    async def breaks() -> None:
        raise ZeroDivisionError

    async def works() -> None:
        done.set()

    mixed = Background()
    with capture_logs() as lines:
        mixed.run(breaks())
        mixed.run(works())
        await mixed.stop()
    assert [line["event"] for line in lines] == ["background_work_failed"]
    assert done.is_set()
