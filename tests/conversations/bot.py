"""The real bot for conversations: Rasa with the trained model as its own process, the real actions in this one."""

import email
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from email import policy
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import update
from sqlalchemy.orm import Session

from actions.__main__ import action_server
from actions.shop.counter import close_counter, counter
from actions.shop.model import now
from actions.shop.tables import SessionRow
from connectors.gateway.processes import rasa_processes
from connectors.gateway.settings import ROOT, Settings
from connectors.gateway.supervisor import wait_until_ready
from connectors.gateway.training import train
from handoff.payloads import agent_handed_back

TURN_SECONDS = 60


@asynccontextmanager
async def running_bot(home: Path, ports: tuple[int, int]) -> AsyncIterator[httpx.AsyncClient]:
    """Rasa and the action server on these ports; the client talks to Rasa's channel."""
    rasa_port, actions_port = ports
    settings = Settings(
        home=home, rasa_port=rasa_port, actions_port=actions_port, internal_token="only-for-this-test-run"
    )
    model = train(Settings(home=ROOT / "var"), print)
    [rasa] = rasa_processes(settings, model)
    app = action_server("only-for-this-test-run")
    server = await app.create_server(host="127.0.0.1", port=actions_port, return_asyncio_server=True)
    assert server is not None
    await server.startup()
    await server.start_serving()
    try:
        with _process(rasa.command, rasa.environment, home / "rasa.log"):
            await wait_until_ready(rasa)
            url = f"http://127.0.0.1:{rasa_port}/webhooks/frontdesk"
            async with httpx.AsyncClient(base_url=url, headers=rasa.ready_headers, timeout=TURN_SECONDS) as client:
                yield client
    finally:
        server.close()
        await server.wait_closed()
        app.unregister_app(app)


@contextmanager
def _process(command: tuple[str, ...], environment: dict[str, str], log: Path) -> Iterator[None]:
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            yield
        finally:
            process.terminate()
            process.wait()


@asynccontextmanager
async def fresh_shop(home: Path) -> AsyncIterator[None]:
    """The shop as on its first day, its mails in `home`."""
    kept = {name: os.environ.get(name) for name in ("SHOP_DATABASE_URL", "FRONTDESK_HOME")}
    os.environ |= {"SHOP_DATABASE_URL": f"sqlite:///{home / 'shop.db'}", "FRONTDESK_HOME": str(home)}
    try:
        yield
    finally:
        await close_counter()
        for name, value in kept.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


async def end_proofs() -> None:
    """Every proof of who a customer is has run out, as after half an hour without a word."""

    def end(session: Session) -> None:
        session.execute(update(SessionRow).values(expires_at=now()))

    await (await counter()).database.write(end)


def mailed_code(home: Path) -> str:
    """The one-time code mailed last."""
    newest = max((home / "outbox-mail").glob("*.eml"))  # their names begin with the time
    mail = email.message_from_bytes(newest.read_bytes(), policy=policy.default)
    return str(mail["Subject"]).split()[0]


@dataclass
class Talk:
    """One customer and Fern. `transcript` is for people who read why a test failed."""

    client: httpx.AsyncClient
    sender_id: str
    home: Path
    transcript: list[str] = field(default_factory=list)
    buttons: dict[str, str] = field(default_factory=dict)
    said: int = 0

    async def say(self, text: str, *, waiting: bool = False) -> dict[str, Any]:
        """The turn's result for words that the customer typed; `waiting` for a person."""
        if "{code}" in text:
            text = text.replace("{code}", mailed_code(self.home))
        return await self._turn(f"> {text}", text=text, metadata={"waiting": waiting})

    async def press(self, title: str) -> dict[str, Any]:
        """The turn's result for a button of an earlier answer."""
        return await self._turn(f"> [{title}]", payload=self.buttons[title])

    async def hand_back(self, note: str) -> dict[str, Any]:
        """The turn's result for an agent who is done, as the gateway tells it."""
        return await self._turn("(handed back)", payload=agent_handed_back(note))

    async def _turn(self, shown: str, **asked: Any) -> dict[str, Any]:
        self.said += 1
        request = {"sender_id": self.sender_id, "message_id": f"{self.sender_id}-{self.said}", **asked}
        answer = await self.client.post("/turn", json=request)
        result: dict[str, Any] = answer.json()
        assert answer.status_code == 200, result
        intent = result["understanding"]["intent"]
        self.transcript.append(f"{shown}   ({intent['name']} {intent['confidence']:.2f})")
        for part in result["parts"]:
            self.buttons |= {button["title"]: button["payload"] for button in part["buttons"]}
            titles = [button["title"] for button in part["buttons"]]
            self.transcript.append(f"    {part['text'] or part['custom']} {titles or ''}")
        return result
