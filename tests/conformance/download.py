"""Fetching a file as a customer does who was given its address."""

from urllib.parse import urlsplit

import aiohttp


async def downloaded(gateway: str, address: str) -> bytes:
    """The bytes at the path of ``address``. The gateway under test has a port of its own, which its settings don't know."""
    async with aiohttp.ClientSession() as http, http.get(gateway + urlsplit(address).path) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.read()
