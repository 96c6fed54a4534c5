"""The other end of the REST channel: takes signed webhooks, as docs/adding-a-channel.md tells a shop's own app to."""

import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web

from connectors.rest import signing

SECRET = "a secret of both sides"


class RestReceiver:
    """``faults``: statuses to answer with, each once; ``drop`` takes it and hangs up."""

    def __init__(self) -> None:
        self.url = ""
        self.gateway = ""
        self.faults: deque[int | str] = deque()
        self.shown: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
        """``{customer: {message id: [versions]}}``"""
        self.typing: set[str] = set()
        self.posts = 0
        self._runner: web.AppRunner | None = None
        self._http: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/frontdesk", self._take)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/frontdesk"
        self._http = aiohttp.ClientSession()

    async def stop(self) -> None:
        assert self._runner is not None
        assert self._http is not None
        await self._http.close()
        await self._runner.cleanup()

    async def bring(self, message: dict[str, Any], secret: str = SECRET, at: float | None = None) -> tuple[int, Any]:
        assert self._http is not None
        body = json.dumps(message).encode()
        address = f"{self.gateway}/webhooks/rest/webhook"
        async with self._http.post(address, data=body, headers=signing.headers(secret, body, at)) as answer:
            return answer.status, await answer.json()

    def texts(self, customer: str) -> list[str]:
        return [versions[-1]["text"] for versions in self.shown[customer].values()]

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.read()
        stamp, signature = request.headers[signing.TIMESTAMP], request.headers[signing.SIGNATURE]
        if not signing.is_signed(SECRET, body, stamp, signature):
            return web.Response(status=401)
        told = json.loads(body)
        if told["type"] == "typing":
            self.typing.add(told["to"])
            return web.Response(status=204)
        self.posts += 1
        fault = self.faults.popleft() if self.faults else 204
        if isinstance(fault, int) and fault >= 300:
            return web.Response(status=fault, headers={"Retry-After": "1"} if fault == 429 else {})
        versions = self.shown[told["to"]][told["id"]]
        if told["edited"] or not versions:
            versions.append(told)
        if fault == "drop":
            assert request.transport is not None
            request.transport.abort()
        return web.Response(status=204)


@asynccontextmanager
async def rest_receiver() -> AsyncIterator[RestReceiver]:
    receiver = RestReceiver()
    await receiver.start()
    try:
        yield receiver
    finally:
        await receiver.stop()
