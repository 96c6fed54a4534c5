"""The walk Frontdesk is for: bot, order, return, anger, a person, and back. Everything is real."""

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.people import Customer, Desk
from tests.e2e.stack import ANA, BEN, Stack


@pytest.mark.parametrize("which", ["stack", "postgres_stack"])
async def test_a_customer_goes_from_the_bot_to_a_person_and_back(
    which: str, browser: Browser, request: pytest.FixtureRequest
) -> None:
    stack: Stack = request.getfixturevalue(which)
    stack.wait_for_bot()
    maya = await Customer.at(browser, stack)

    await maya.says("what's your return policy?")
    await maya.reads("30 days")

    await maya.says("where's my order 10412?")
    await maya.reads("e-mail")
    assert "UPS" not in await maya.log.inner_text()
    await maya.says("maya.lindqvist@example.com")
    await maya.reads("UPS")

    await maya.says("I want to return FD-10288")
    await maya.reads("e-mail")
    await maya.says("omar.haddad@example.com")
    await maya.reads("return")

    await maya.says("this is ridiculous, I am sick of this")
    await maya.says("get me a real person now")
    await maya.reads("in line")

    ana = await Desk.of(browser, stack, ANA)
    await ana.opens("get me a real person now")
    for words in ("what's your return policy?", "where's my order 10412?", "get me a real person now"):
        await ana.reads(words)
    await expect(ana.details).to_contain_text("asked for a person", ignore_case=True)
    await ana.claims()
    await maya.reads("Ana has joined")

    await ana.says("Hello Maya, Ana here. I'm looking at it now.")
    await maya.reads("Ana here. I'm looking at it now.")
    await maya.says("thank you, finally")
    await ana.reads("thank you, finally")

    await ana.hands_back("I've arranged a courier to pick it up on Friday.")
    await maya.reads("Ana has left the chat")
    await maya.reads("arranged a courier to pick it up on Friday")

    await maya.says("what's your return policy?")
    await expect(maya.log.get_by_text("30 days").nth(1)).to_be_visible()
    await maya.page.context.close()
    await ana.page.context.close()


async def test_the_second_to_claim_reads_who_was_first(browser: Browser, stack: Stack) -> None:
    maya = await Customer.at(browser, stack)
    await maya.says("a human please, about the blue vase")
    await maya.reads("in line")
    ana, ben = await Desk.of(browser, stack, ANA), await Desk.of(browser, stack, BEN)
    for desk in (ana, ben):
        await desk.opens("blue vase")
        await desk.reads("blue vase")
    await ana.claims()
    await expect(ben.page.get_by_text("Ana").first).to_be_visible()
    await expect(ben.talk.get_by_role("button", name="Claim")).to_be_hidden()
    await ana.hands_back("Sorted the vase.")
    for person in (maya, ana, ben):
        await person.page.context.close()


async def test_a_reload_in_the_middle_keeps_the_talk(browser: Browser, stack: Stack) -> None:
    stack.wait_for_bot()
    maya = await Customer.at(browser, stack)
    await maya.says("do you ship to Canada?")
    await maya.reads("Canada")
    await maya.page.reload()
    await expect(maya.log).to_contain_text("do you ship to Canada?")
    assert (await maya.log.inner_text()).count("do you ship to Canada?") == 1
    await maya.says("a person please, about Canada")
    await maya.reads("in line")
    await maya.presses("Leave the queue")
    await maya.reads("out of the queue")
    await maya.page.context.close()


async def test_offline_words_are_kept_and_sent_once(browser: Browser, stack: Stack) -> None:
    stack.wait_for_bot()
    maya = await Customer.at(browser, stack)
    await maya.says("hello there")
    await maya.reads("Fern")
    await maya.page.context.set_offline(True)
    await maya.says("what payment methods do you take?")
    await maya.page.context.set_offline(False)
    await maya.reads("PayPal")
    assert (await maya.log.inner_text()).count("what payment methods do you take?") == 1
    await maya.page.context.close()
