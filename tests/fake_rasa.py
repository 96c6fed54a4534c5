"""A server that speaks Rasa's side of docs/wire.md, and misbehaves on request."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

TOKEN = "shared-in-tests"


class FakeRasa:
    """``mode``: ``ok | slow | waits | no_model | fails | silent | hangs_up``.

    Echoes; escalates on "angry"; takes "my order is …" for a proof.
    """

    def __init__(self) -> None:
        self.mode = "ok"
        self.url = ""
        self.asked: Counter[str] = Counter()
        self.in_flight: Counter[str] = Counter()
        self.most_at_once: Counter[str] = Counter()
        self.most_in_all = 0
        self.payloads: list[str] = []
        self.forgotten: list[str] = []
        self.metadata: list[dict[str, Any]] = []
        self.first_ask = asyncio.Event()
        self._released = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self._port = 0

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/webhooks/frontdesk/turn", self._turn)
        app.router.add_post("/webhooks/frontdesk/forget", self._forget)
        app.router.add_get("/webhooks/frontdesk/health", self._health)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self._port}"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def go_on(self) -> None:
        """Let the asks that wait be answered, and all after them."""
        self.mode = "ok"
        self.first_ask.clear()
        self._released.set()
        self._released = asyncio.Event()

    async def _health(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "ok", "model": "fake"})

    async def _forget(self, request: web.Request) -> web.Response:
        self.forgotten += (await request.json())["sender_ids"]
        return web.Response(status=204)

    async def _turn(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.json_response({"error": "token"}, status=401)
        body = await request.json()
        sender = body["sender_id"]
        self.in_flight[sender] += 1
        self.most_at_once[sender] = max(self.most_at_once[sender], self.in_flight[sender])
        self.most_in_all = max(self.most_in_all, self.in_flight.total())
        try:
            return await self._answer(request, body)
        finally:
            self.in_flight[sender] -= 1

    async def _answer(self, request: web.Request, body: dict[str, Any]) -> web.Response:
        self.asked[body["message_id"]] += 1
        self.metadata.append(body["metadata"])
        self.first_ask.set()
        if body["payload"]:
            self.payloads.append(body["payload"])
        if self.mode == "slow":
            await asyncio.sleep(60)
        if self.mode == "waits":
            await self._released.wait()
        if self.mode == "hangs_up":
            await asyncio.sleep(0.1)
            assert request.transport is not None
            request.transport.close()
        if self.mode == "no_model":
            return web.json_response({"error": "no model"}, status=503)
        if self.mode == "fails":
            return web.json_response({"error": "an action crashed"}, status=500)
        return web.json_response({"parts": self._parts(body), "understanding": None, "slots": {}})

    def _parts(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        heard = body["text"] or body["payload"]
        if self.mode == "silent":
            return []
        if "angry" in heard:
            evidence = [{"kind": "frustrated", "text": "Wrote in anger."}]
            return [{"text": "That's fair."}, {"custom": {"handoff": {"reason": "frustrated", "evidence": evidence}}}]
        if heard == "buttons":
            return [{"text": "Which?", "buttons": [{"title": "The lamp", "payload": '/inform{"item": "lamp"}'}]}]
        said = [{"text": f"You said: {heard}"}]
        return [{"custom": {"proved": True}}, *said] if heard.startswith("my order is") else said


@asynccontextmanager
async def fake_rasa() -> AsyncIterator[FakeRasa]:
    rasa = FakeRasa()
    await rasa.start()
    try:
        yield rasa
    finally:
        await rasa.stop()
