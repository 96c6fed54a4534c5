"""An agent's browser that is signed in at a running gateway."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import aiohttp

from handoff import sessions
from handoff.database import Database
from handoff.passwords import Verdict
from handoff.schema import Agent


class AgentsBrowser:
    def __init__(self, http: aiohttp.ClientSession, gateway: str, csrf: str) -> None:
        self._http = http
        self._gateway = gateway
        self._headers = {"X-CSRF-Token": csrf}

    async def post(self, path: str, body: object) -> tuple[int, Any]:
        async with self._http.post(f"{self._gateway}{path}", json=body, headers=self._headers) as answer:
            return answer.status, await answer.json()

    async def send_file(
        self, conversation_id: str, title: str, content: bytes, mime: str, key: str, caption: str = ""
    ) -> tuple[int, Any]:
        """``(status, JSON)``"""
        form = aiohttp.FormData({"id": key, "caption": caption})
        form.add_field("file", content, filename=title, content_type=mime)
        path = f"{self._gateway}/api/conversations/{conversation_id}/files"
        async with self._http.post(path, data=form, headers=self._headers) as answer:
            return answer.status, await answer.json()


@asynccontextmanager
async def browsing_agent(gateway: str, database: Database, agent_id: str) -> AsyncIterator[AgentsBrowser]:
    """The browser of an agent who is there already, without the wait for a password."""
    email = database.read_now(lambda session: session.get_one(Agent, agent_id).email)
    begun = database.write_now(sessions.sign_in, email, "-", Verdict(right=True), datetime.now(UTC))
    assert begun is not None
    async with aiohttp.ClientSession(cookies={"frontdesk_session": begun.token}) as http:
        yield AgentsBrowser(http, gateway, begun.signed_in.csrf)
