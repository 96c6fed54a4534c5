"""A loop sleeps until it is called, and no call is lost."""

import asyncio

from connectors.gateway.wake import Wake


async def test_a_call_ends_the_sleep() -> None:
    wake = Wake()
    sleep = asyncio.create_task(wake.sleep(3600))
    await asyncio.sleep(0)
    wake.call()
    assert await sleep


async def test_a_call_while_the_loop_is_at_work_ends_the_next_sleep_at_once() -> None:
    wake = Wake()
    wake.call()
    wake.call()
    assert await wake.sleep(3600)
    assert not await wake.sleep(0.01), "two calls are one look"


async def test_without_a_call_it_is_time_to_look_anyway() -> None:
    assert not await Wake().sleep(0.01)


async def test_a_cancelled_sleep_is_over() -> None:
    sleep = asyncio.create_task(Wake().sleep(3600))
    await asyncio.sleep(0)
    sleep.cancel()
    await asyncio.gather(sleep, return_exceptions=True)
    assert sleep.cancelled()
