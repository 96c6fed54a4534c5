"""Maya at the shop and Ana at the desk, in a real browser."""

import asyncio

from playwright.async_api import Browser, Locator, Page, expect

from tests.e2e.stack import Account, Stack

PATIENCE_MS = 60_000

expect.set_options(timeout=PATIENCE_MS)


class Customer:
    """Somebody in the shop, with the chat open."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.chat: Locator = page.get_by_role("dialog")
        self.log: Locator = self.chat.get_by_role("log")

    @classmethod
    async def at(cls, browser: Browser, stack: Stack) -> "Customer":
        context = await browser.new_context()
        customer = cls(await context.new_page())
        await customer.page.goto(stack.url)
        await customer.open_chat()
        return customer

    async def open_chat(self) -> None:
        await self.page.get_by_role("button", name="Open chat").click()
        await expect(self.chat).to_be_visible()

    async def says(self, words: str) -> None:
        await self.chat.get_by_role("textbox").fill(words)
        await self.chat.get_by_role("button", name="Send message").click()

    async def reads(self, words: str) -> None:
        await expect(self.log).to_contain_text(words, ignore_case=True)

    async def presses(self, title: str) -> None:
        await self.chat.get_by_role("button", name=title).last.click()


class Desk:
    """An agent at the desk."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.list: Locator = page.get_by_role("region", name="Conversations")
        self.talk: Locator = page.get_by_role("region", name="Conversation", exact=True)
        self.details: Locator = page.get_by_role("complementary", name="Details")

    @classmethod
    async def of(cls, browser: Browser, stack: Stack, account: Account) -> "Desk":
        context = await browser.new_context(viewport={"width": 1440, "height": 900})
        desk = cls(await context.new_page())
        await desk.page.goto(stack.desk_url)
        await desk.page.get_by_label("E-mail").fill(account.email)
        await desk.page.get_by_label("Password").fill(account.password)
        await desk.page.get_by_role("button", name="Sign in").click()
        await expect(desk.list).to_be_visible()
        return desk

    async def opens(self, words: str) -> None:
        """The conversation in the list in which ``words`` were written, as soon as it is there."""
        rows = self.list.locator(".row[data-id]")
        async with asyncio.timeout(PATIENCE_MS / 1000):
            while True:
                for one in await rows.evaluate_all("rows => rows.map((row) => row.dataset.id)"):
                    if await self._shows(self.list.locator(f'.row[data-id="{one}"]'), words):
                        return
                await asyncio.sleep(0.1)

    async def _shows(self, row: Locator, words: str) -> bool:
        """Whether ``words`` were written in the conversation of this row, which is open then."""
        await row.click()
        await expect(row).to_have_attribute("aria-current", "true")
        log = self.talk.get_by_role("log")
        await expect(log.locator(".message").first).to_be_visible()
        return await log.get_by_text(words).count() > 0

    async def claims(self) -> None:
        await self.talk.get_by_role("button", name="Claim").click()
        await expect(self.talk.get_by_role("button", name="Hand back")).to_be_visible()

    async def says(self, words: str) -> None:
        await self.page.get_by_label("Reply").fill(words)
        await self.page.keyboard.press("Enter")

    async def reads(self, words: str) -> None:
        await expect(self.talk.get_by_role("log")).to_contain_text(words)

    async def hands_back(self, note: str) -> None:
        await self.talk.get_by_role("button", name="Hand back").click()
        dialog = self.page.get_by_role("dialog")
        await dialog.get_by_role("textbox").fill(note)
        await dialog.get_by_role("button", name="Hand back").click()
        await expect(dialog).to_be_hidden()
