"""A part of the scripted conversations, against the trained bot: bench/escalations.py plays all of them."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bench.escalations import SCRIPTS, Bot, details, read_scripts
from tests.e2e.stack import Stack

SERIOUS = ("asked in odd words", "legal", "injury and danger")
CALM = ("withdrawn", "happy capitals", "product names and such words", "bad news, calmly told", "ordinary")


@pytest.fixture
async def bot(stack: Stack) -> AsyncIterator[Bot]:
    stack.wait_for_bot()
    assert stack.settings.internal_token is not None
    async with aiohttp.ClientSession() as http:
        yield Bot(stack.settings.rasa_urls[0], stack.settings.internal_token.get_secret_value(), http)


@pytest.mark.parametrize("kinds", [SERIOUS, CALM], ids=["serious", "calm"])
async def test_what_is_serious_reaches_a_person_and_what_is_calm_does_not(bot: Bot, kinds: tuple[str, ...]) -> None:
    scripts = [script for script in read_scripts(SCRIPTS / "tuned.yml") if script.kind in kinds]
    played = [await bot.play(script) for script in scripts]
    right = [one for one in played if one.verdict == "right"]
    assert len(right) >= 0.9 * len(played), details(played)


async def test_an_offer_comes_before_the_answer_and_a_no_is_heeded(bot: Bot) -> None:
    sender = "c_escalation_offer.1"
    answer = await bot.turn(sender, "this is useless, I have been waiting for weeks and nobody cares")
    assert answer["decision"]["outcome"] == "offered"
    assert [button["payload"] for button in answer["parts"][0]["buttons"]] == ["/talk_to_human", "/deny"]
    answer = await bot.turn(sender, "no I don't want a person")
    assert answer["decision"] is None or answer["decision"]["outcome"] == "answered"
    assert (
        "Should you want a person after all" in answer["parts"][0]["text"]
        or "one word away" in answer["parts"][0]["text"]
    )
    answer = await bot.turn(sender, "this is useless, I have been waiting for weeks and nobody cares")
    assert answer["decision"]["outcome"] == "answered", "no offer right after a no"
