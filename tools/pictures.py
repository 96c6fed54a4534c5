"""`make pictures`: the two pictures of the README, taken of the real desk in a real browser.

Maya asks for her order, gets angry and asks for a person; Ana claims the conversation and answers.
"""

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from connectors.gateway.settings import ROOT
from tests.e2e.conftest import CHROMIUM_ARGUMENTS, chromium_program
from tests.e2e.stack import ANA, Stack, running_stack

PICTURES = ROOT / "docs" / "pictures"
PATIENCE_MS = 20_000
ANSWER = "Hello Maya, Ana here. I have your order open and am asking UPS where it is right now."
SETTLE_SECONDS = 1.5  # the last part of an answer, and its way into view
SHARP = 2  # pixels for each point: text stays crisp when the picture is scaled


async def take(stack: Stack) -> None:
    """Play the scene and write `chat.png` and `desk.png`."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=chromium_program(), args=CHROMIUM_ARGUMENTS)
        shop, chat = await open_chat(chromium, stack)
        await say(chat, "where's my order 10412?", answer="e-mail")
        await say(chat, "maya.lindqvist@example.com", answer="UPS")
        await shop.screenshot(path=PICTURES / "chat.png")
        await say(chat, "It was meant to be a birthday present. I want to talk to a person.", answer="waiting")
        desk = await open_desk(chromium, stack)
        await claim_and_answer(desk)
        await desk.screenshot(path=PICTURES / "desk.png")
        await chromium.close()


async def open_chat(chromium: Browser, stack: Stack) -> tuple[Page, Locator]:
    shop = await chromium.new_page(viewport={"width": 1100, "height": 760}, device_scale_factor=SHARP)
    await shop.goto(stack.url)
    await shop.get_by_role("button", name="Open chat").click()
    chat = shop.get_by_role("dialog")
    await expect(chat).to_be_visible()
    return shop, chat


async def say(chat: Locator, words: str, answer: str) -> None:
    """Write as Maya and wait for an answer that contains `answer`."""
    await chat.get_by_role("textbox").fill(words)
    await chat.get_by_role("button", name="Send message").click()
    await expect(chat.get_by_role("log")).to_contain_text(answer, ignore_case=True)
    await asyncio.sleep(SETTLE_SECONDS)


async def open_desk(chromium: Browser, stack: Stack) -> Page:
    desk = await chromium.new_page(viewport={"width": 1440, "height": 900}, device_scale_factor=SHARP)
    await desk.goto(stack.desk_url)
    await desk.get_by_label("E-mail").fill(ANA.email)
    await desk.get_by_label("Password").fill(ANA.password)
    await desk.get_by_role("button", name="Sign in").click()
    return desk


async def claim_and_answer(desk: Page) -> None:
    await desk.get_by_role("region", name="Conversations").get_by_role("listitem").first.click()
    await desk.get_by_role("button", name="Claim", exact=True).click()
    await desk.get_by_label("Reply").fill(ANSWER)
    await desk.keyboard.press("Enter")
    await expect(desk.get_by_role("log")).to_contain_text("asking UPS")
    await asyncio.sleep(SETTLE_SECONDS)


def main() -> int:
    """Start a desk of our own, play, and stop it."""
    with TemporaryDirectory() as folder, running_stack(Path(folder) / "home") as stack:
        stack.wait_for_bot()
        asyncio.run(take(stack))
    return 0


if __name__ == "__main__":
    sys.exit(main())
