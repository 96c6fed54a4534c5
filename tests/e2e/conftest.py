"""A running desk, and a browser to meet it with."""

import shutil
from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser, async_playwright

from tests.databases import bare_postgres_database
from tests.e2e.stack import Stack, running_stack

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One desk on SQLite for the whole run: leave it as you found it."""
    with running_stack(tmp_path_factory.mktemp("desk")) as desk:
        yield desk


@pytest.fixture(scope="session")
def postgres_stack(tmp_path_factory: pytest.TempPathFactory, postgres_server: str) -> Iterator[Stack]:
    """One desk on Postgres for the whole run."""
    with running_stack(tmp_path_factory.mktemp("desk"), bare_postgres_database(postgres_server)) as desk:
        yield desk


@pytest.fixture(scope="session")
def fresh_postgres(postgres_server: str) -> str:
    """The URL of an empty Postgres database."""
    return bare_postgres_database(postgres_server)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A real Chromium; each `browser.new_context()` is another person."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=chromium_program(), args=CHROMIUM_ARGUMENTS)
        yield chromium
        await chromium.close()


def chromium_program() -> str:
    """The Chromium that the set-up has put there."""
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)))
