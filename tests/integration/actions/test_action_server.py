"""The real action server as its own process, asked over HTTP the way Rasa asks."""

import asyncio
import os
import socket
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from actions.__main__ import action_server
from connectors.gateway.supervisor import OTHERS_GRACE_SECONDS
from tests.free_ports import free_port

TOKEN = "an-internal-token"
POLL_SECONDS = 0.1
PATIENCE_SECONDS = 60
MAYA = "maya.lindqvist@example.com"


@pytest.fixture
async def actions(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a running server with a shop of its own."""
    port = free_port()
    environment = os.environ | {
        "FRONTDESK_INTERNAL_TOKEN": TOKEN,
        "FRONTDESK_HOME": str(tmp_path),
        "SHOP_DATABASE_URL": f"sqlite:///{tmp_path / 'shop.db'}",
    }
    command = (sys.executable, "-m", "actions", "--port", str(port))
    server = await asyncio.create_subprocess_exec(*command, env=environment, stdout=PIPE, stderr=STDOUT)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=60) as client:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await until_healthy(client, server)
            yield client
    finally:
        with suppress(ProcessLookupError):
            server.kill()
        await server.communicate()


async def until_healthy(client: httpx.AsyncClient, server: Process) -> None:
    while server.returncode is None:
        try:
            (await client.get("/health")).raise_for_status()
            return
        except httpx.TransportError:
            await asyncio.sleep(POLL_SECONDS)
    raise AssertionError(f"the action server ended: {(await server.communicate())[0].decode()}")


def ruin(home: Path) -> None:
    for file in home.glob("shop.db*"):
        file.write_bytes(b"not a database any more" * 1000)


def call(action: str, slots: dict[str, Any], message_id: str = "m_1", sender_id: str = "c_maya.1") -> dict[str, Any]:
    """An action call as Rasa 3.6 posts it."""
    message = {"text": "please", "intent": {"name": "inform"}, "entities": [], "message_id": message_id}
    tracker = {
        "sender_id": sender_id,
        "slots": slots,
        "latest_message": message,
        "latest_event_time": 0.0,
        "followup_action": None,
        "paused": False,
        "events": [{"event": "user", "text": "please"}],
        "latest_input_channel": "frontdesk",
        "active_loop": {},
        "latest_action_name": action,
    }
    return {"next_action": action, "sender_id": sender_id, "tracker": tracker, "domain": {}, "version": "3.6.21"}


async def prove_maya(actions: httpx.AsyncClient) -> None:
    """Let the form verify number and e-mail, as on the first message of a talk."""
    slots = {"task": "track_order", "order_number": "FD-10457", "contact": MAYA}
    request = call("validate_order_form", slots)
    request["tracker"]["latest_message"]["entities"] = [
        {"entity": "order_number", "value": "FD-10457"},
        {"entity": "email", "value": MAYA},
    ]
    answer = await actions.post("/webhook", json=request)
    assert {"event": "slot", "timestamp": None, "name": "requested_slot", "value": None} in answer.json()["events"]


async def test_a_turn_over_http_proves_tells_and_cancels_once(actions: httpx.AsyncClient) -> None:
    slots = {"task": "cancel_order", "order_number": "FD-10457", "confirmed": True}
    stranger = await actions.post("/webhook", json=call("action_cancel_order", slots))
    assert [said["response"] for said in stranger.json()["responses"]] == ["utter_cannot_match"]

    await prove_maya(actions)
    at_once = await asyncio.gather(
        *(actions.post("/webhook", json=call("action_cancel_order", slots, f"m_{n}")) for n in range(4))
    )
    said = sorted(answer.json()["responses"][0]["response"] for answer in at_once)
    assert said == ["utter_already_cancelled_refunding"] * 3 + ["utter_cancelled"]


async def test_without_the_token_only_health_answers(actions: httpx.AsyncClient) -> None:
    for headers in ({"Authorization": ""}, {"Authorization": "Bearer guessed"}):
        refused = await actions.post("/webhook", json=call("action_track_order", {}), headers=headers)
        assert refused.status_code == 401
    assert (await actions.get("/health", headers={"Authorization": ""})).status_code == 200


async def test_an_unknown_action_is_a_clear_error(actions: httpx.AsyncClient) -> None:
    answer = await actions.post("/webhook", json=call("action_fly", {}))
    assert answer.status_code == 404
    assert answer.json()["action_name"] == "action_fly"


async def test_an_action_that_crashes_is_a_500_without_the_customers_words(actions: httpx.AsyncClient) -> None:
    broken = call("action_ask_confirmed", {"order_number": None})
    broken["tracker"]["latest_message"]["text"] = "my secret words"
    answer = await actions.post("/webhook", json=broken)
    assert answer.status_code == 500
    assert "secret" not in answer.text


async def test_the_server_listens_on_loopback_only(actions: httpx.AsyncClient) -> None:
    port = actions.base_url.port
    with socket.socket() as other:
        other.settimeout(PATIENCE_SECONDS)
        assert other.connect_ex(("127.0.0.2", port or 0)) != 0


def test_calls_under_way_do_not_hold_up_a_stop_until_it_is_killed() -> None:
    app = action_server(None)
    app.unregister_app(app)
    assert app.config.GRACEFUL_SHUTDOWN_TIMEOUT < OTHERS_GRACE_SECONDS


async def test_an_unreachable_shop_is_said_and_a_person_offered(actions: httpx.AsyncClient, tmp_path: Path) -> None:
    await prove_maya(actions)
    ruin(tmp_path)
    answer = await actions.post("/webhook", json=call("action_track_order", {"order_number": "FD-10457"}))
    assert answer.status_code == 200
    assert [said["response"] for said in answer.json()["responses"]] == ["utter_shop_unavailable"]
    events = {event.get("name"): event for event in answer.json()["events"]}
    assert events["offer_reason"]["value"] == "shop_error"
    assert events["action_offer_human"]["event"] == "followup"
