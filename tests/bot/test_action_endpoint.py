"""The action server is told the domain once, and again whenever it has forgotten it."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot.action_endpoint import ActionEndpoint, ActionFailed

DOMAIN = {"intents": ["greet"], "forms": {"order_form": {"required_slots": ["number"]}}}
CALL = {"next_action": "action_track", "sender_id": "c_maya.1", "tracker": {}, "domain": DOMAIN}


class Actions:
    """Remembers the domain by its digest, as rasa-sdk does; `calls` are the bodies it could use."""

    def __init__(self) -> None:
        self.known: dict[str, Any] = {}
        self.asked_for_domain = 0
        self.calls: list[dict[str, Any]] = []
        self.status = 200

    async def run(self, request: web.Request) -> web.Response:
        call = await request.json()
        if "domain" in call:
            self.known = {call["domain_digest"]: call["domain"]}
        if call["domain_digest"] not in self.known:
            self.asked_for_domain += 1
            return web.json_response({"error": "which domain?"}, status=449)
        self.calls.append(call)
        return web.json_response({"events": [], "responses": [], "action_name": "action_track"}, status=self.status)


@pytest.fixture
def actions() -> Actions:
    return Actions()


@pytest.fixture
async def endpoint(actions: Actions, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ActionEndpoint]:
    monkeypatch.delenv("BOT_ACTION_URL", raising=False)
    app = web.Application(client_max_size=2**20)
    app.router.add_post("/webhook", actions.run)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    endpoint = ActionEndpoint(EndpointConfig(url=f"http://127.0.0.1:{port}/webhook"))
    yield endpoint
    await endpoint.close()
    await runner.cleanup()


async def test_the_domain_is_sent_once(endpoint: ActionEndpoint, actions: Actions) -> None:
    for _ in range(3):
        await endpoint.request(json=CALL)
    assert [("domain" in call) for call in actions.calls] == [True, False, False]
    assert actions.asked_for_domain == 1


async def test_an_action_server_that_was_started_again_is_told_again(
    endpoint: ActionEndpoint, actions: Actions
) -> None:
    await endpoint.request(json=CALL)
    actions.known = {}
    assert (await endpoint.request(json=CALL))["events"] == []
    assert list(actions.known.values()) == [DOMAIN]


async def test_another_model_brings_another_domain(endpoint: ActionEndpoint, actions: Actions) -> None:
    await endpoint.request(json=CALL)
    await endpoint.request(json={**CALL, "domain": {**DOMAIN, "intents": ["greet", "bye"]}})
    assert [domain["intents"] for domain in actions.known.values()] == [["greet", "bye"]]


async def test_a_call_without_a_domain_stays_as_it_is(endpoint: ActionEndpoint, actions: Actions) -> None:
    actions.known = {"": {}}
    call = {"next_action": "action_track", "domain_digest": ""}
    await endpoint.request(json=call)
    assert actions.calls == [call]


async def test_an_action_may_decline_and_may_fail(endpoint: ActionEndpoint, actions: Actions) -> None:
    actions.status = 400
    with pytest.raises(ClientResponseError) as declined:
        await endpoint.request(json=CALL)
    assert json.loads(declined.value.text)["action_name"] == "action_track"
    actions.status = 500
    with pytest.raises(ActionFailed, match="status 500"):
        await endpoint.request(json=CALL)
