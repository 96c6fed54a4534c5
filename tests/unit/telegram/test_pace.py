"""How fast we write to Telegram: as it allows, chat by chat."""

import asyncio

import pytest

from connectors.telegram import pace
from connectors.telegram.pace import Pace, Paused

MAYA, OMAR, TOM = 4711, 4712, 4713


async def test_the_next_message_to_a_chat_waits_and_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "CHAT_SECONDS", 3600)
    at_our_pace = Pace()
    await at_our_pace.wait(MAYA)
    next_one = asyncio.create_task(at_our_pace.wait(MAYA))
    await at_our_pace.wait(OMAR)
    await at_our_pace.wait(TOM)
    assert not next_one.done()
    next_one.cancel()


async def test_what_waits_goes_when_its_time_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "CHAT_SECONDS", 0.01)
    at_our_pace = Pace()
    async with asyncio.timeout(60):
        for _ in range(3):
            await at_our_pace.wait(MAYA)


async def test_a_chat_that_was_asked_for_quiet_gets_nothing_and_the_others_do() -> None:
    at_our_pace = Pace()
    at_our_pace.pause(MAYA, 3600)
    with pytest.raises(Paused) as told:
        await at_our_pace.wait(MAYA)
    assert 0 < told.value.seconds <= 3600
    await at_our_pace.wait(OMAR)
