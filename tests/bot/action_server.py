"""An action server made with rasa-sdk, whose actions can be told to misbehave."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Action
from rasa_sdk.endpoint import create_app
from rasa_sdk.events import SlotSet


@dataclass
class Actions:
    """`runs` lists (action, message id) of every call; the flags change what the calls do."""

    url: str = ""
    runs: list[tuple[str, str]] = field(default_factory=list)
    authorizations: set[str | None] = field(default_factory=set)
    crashing: bool = False
    finish: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, name: str, tracker: Any) -> None:
        self.runs.append((name, tracker.latest_message["message_id"]))
        if self.crashing:
            raise RuntimeError("the shop is on fire")


current = Actions()


class Track(Action):
    def name(self) -> str:
        return "action_track"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
        current.note(self.name(), tracker)
        dispatcher.utter_message(text="On its way.", buttons=[{"title": "Thanks", "payload": "/greet"}])
        dispatcher.utter_message(json_message={"handoff": {"reason": "complex", "evidence": []}})
        dispatcher.utter_message(image="https://example.com/map.png")
        return [SlotSet("order_number", "FD-10412")]


class Crash(Action):
    def name(self) -> str:
        return "action_crash"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
        current.note(self.name(), tracker)
        dispatcher.utter_message(text="Nothing crashed after all.")
        return []


class Dawdle(Action):
    def name(self) -> str:
        return "action_dawdle"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
        current.note(self.name(), tracker)
        await current.finish.wait()
        dispatcher.utter_message(text="There at last.")
        return []


class FillPicky(Action):
    def name(self) -> str:
        return "action_fill_picky"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
        current.note(self.name(), tracker)
        return [SlotSet("picky", "filled")]


@asynccontextmanager
async def action_server() -> AsyncIterator[Actions]:
    global current  # rasa-sdk makes the action objects itself
    actions = current = Actions()
    app = create_app(__name__)

    @app.middleware("request")
    async def note_authorization(request: Any) -> None:
        actions.authorizations.add(request.headers.get("Authorization"))

    listening = socket.create_server(("127.0.0.1", 0))  # this Sanic takes port 0 for 8000
    server = await app.create_server(sock=listening, return_asyncio_server=True)
    await server.startup()
    await server.start_serving()
    actions.url = f"http://127.0.0.1:{listening.getsockname()[1]}/webhook"
    try:
        yield actions
    finally:
        actions.finish.set()
        server.close()
        await server.wait_closed()
