"""A loop of the gateway that dies says so: nobody waits for its end."""

import asyncio

from structlog.testing import capture_logs

from connectors.gateway.endless import Endless
from tests.running_gateway import until


async def breaks() -> None:
    raise ZeroDivisionError


async def test_a_loop_that_dies_is_logged_by_its_name() -> None:
    loop = Endless()
    with capture_logs() as lines:
        loop.start(breaks())
        await until(lambda: lines)
        await loop.stop()
    [died] = lines
    assert (died["event"], died["loop"], type(died["exc_info"])) == ("loop_died", "breaks", ZeroDivisionError)
    assert died["log_level"] == "critical"


async def test_a_loop_that_breaks_while_it_is_stopped_is_logged() -> None:
    began = asyncio.Event()

    async def breaks_at_the_end() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            await breaks()

    loop = Endless()
    with capture_logs() as lines:
        loop.start(breaks_at_the_end())
        await began.wait()
        await loop.stop()
    assert [line["event"] for line in lines] == ["loop_died"]


async def test_a_loop_that_is_stopped_ends_without_a_word() -> None:
    began = asyncio.Event()

    async def goes_on() -> None:
        began.set()
        await asyncio.Event().wait()

    loop = Endless()
    with capture_logs() as lines:
        loop.start(goes_on())
        await began.wait()
        await loop.stop()
    assert lines == []
