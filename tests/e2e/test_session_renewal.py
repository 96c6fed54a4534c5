"""A proof replaces the chat's secret under the customer's hands: their tabs go on, and whoever knew the old one is out."""

from playwright.async_api import Browser, Page, expect

from tests.e2e.people import Customer
from tests.e2e.stack import Stack

KEPT_ID = "Object.entries(localStorage).find(([key]) => key.endsWith(':session'))"


async def test_two_tabs_go_on_under_the_new_secret_and_the_planted_one_shows_nothing(
    browser: Browser, stack: Stack
) -> None:
    stack.wait_for_bot()
    maya = await Customer.at(browser, stack)
    await maya.says("do you ship to Canada?")
    await maya.reads("Canada")
    second = await _another_tab(maya, stack)
    await second.reads("do you ship to Canada?")
    key, planted = await maya.page.evaluate(KEPT_ID)
    thief = await _with_session(browser, stack, key, planted)
    await thief.reads("do you ship to Canada?")

    await maya.says("where's my order 10412?")
    await maya.reads("e-mail")
    await maya.says("maya.lindqvist@example.com")
    await maya.reads("UPS")
    await maya.page.wait_for_function(f"{KEPT_ID}?.[1] !== {planted!r}")
    await expect(thief.log).not_to_contain_text("do you ship to Canada?")

    await second.reads("UPS")
    await second.says("and what's your return policy?")
    await second.reads("30 days")
    await maya.reads("30 days")
    for tab in (maya, second):
        assert (await tab.log.inner_text()).count("and what's your return policy?") == 1
        assert (await tab.log.inner_text()).count("do you ship to Canada?") == 1
    await maya.page.reload()
    await maya.reads("UPS")
    for person in (maya, thief):
        await person.page.context.close()


async def test_a_page_that_was_closed_before_the_answer_finds_the_talk_again(browser: Browser, stack: Stack) -> None:
    stack.wait_for_bot()
    maya = await Customer.at(browser, stack)
    await maya.says("where's my order 10412?")
    await maya.reads("e-mail")
    await maya.says("maya.lindqvist@example.com")
    await maya.page.reload()
    await maya.reads("UPS")
    assert (await maya.log.inner_text()).count("maya.lindqvist@example.com") == 1
    await maya.page.context.close()


async def _another_tab(customer: Customer, stack: Stack) -> Customer:
    return await _opened(await customer.page.context.new_page(), stack)


async def _with_session(browser: Browser, stack: Stack, key: str, session_id: str) -> Customer:
    """Somebody else's browser into which a session's id was put."""
    page = await (await browser.new_context()).new_page()
    await page.goto(stack.url)
    await page.evaluate("([key, id]) => localStorage.setItem(key, id)", [key, session_id])
    return await _opened(page, stack)


async def _opened(page: Page, stack: Stack) -> Customer:
    await page.goto(stack.url)
    tab = Customer(page)
    await tab.open_chat()
    return tab
