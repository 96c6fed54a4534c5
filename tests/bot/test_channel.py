"""The gateway asks, the bot answers, and every failure is told as one."""

import asyncio

import pytest
from action_server import Actions
from conftest import HEADERS, Bot, running_bot


async def test_a_turn_gives_parts_understanding_and_slots(bot: Bot) -> None:
    status, answer = await bot.turn(text="where is my parcel")

    assert status == 200
    assert answer["parts"] == [
        {"text": "On its way.", "buttons": [{"title": "Thanks", "payload": "/greet"}], "image": None, "custom": None},
        {"text": None, "buttons": [], "image": None, "custom": {"handoff": {"reason": "complex", "evidence": []}}},
        {"text": None, "buttons": [], "image": "https://example.com/map.png", "custom": None},
    ]
    assert answer["understanding"]["intent"]["name"] == "track_order"
    assert len(answer["understanding"]["intent_ranking"]) == 5
    assert answer["slots"] == {"order_number": "FD-10412"}


async def test_the_message_id_and_metadata_reach_the_tracker(bot: Bot) -> None:
    await bot.turn(message_id="m_42", text="hello", metadata={"channel": "web", "locale": "en"})

    said = next(event for event in await bot.events() if event.type_name == "user")
    assert (said.message_id, said.input_channel) == ("m_42", "frontdesk")
    assert said.metadata["channel"] == "web"


@pytest.mark.parametrize("typed", ['/greet{"order_number": "FD-10412"}', "/greet", "  //restart", "/", "/ / /"])
async def test_a_leading_slash_is_just_text(bot: Bot, typed: str) -> None:
    status, answer = await bot.turn(text=typed)

    assert status == 200
    assert answer["understanding"]["intent"]["confidence"] < 1
    said = next(event for event in await bot.events() if event.type_name == "user")
    assert said.text == typed.strip()


async def test_a_payload_is_taken_at_its_word(bot: Bot) -> None:
    status, answer = await bot.turn(payload='/agent_handed_back{"handback_note": "refund is on its way"}')

    assert status == 200
    assert answer["understanding"]["intent"] == {"name": "agent_handed_back", "confidence": 1.0}
    assert answer["understanding"]["entities"] == [{"entity": "handback_note", "value": "refund is on its way"}]


async def test_a_payload_may_name_an_answer(bot: Bot) -> None:
    _, answer = await bot.turn(payload="/faq/gift_cards")

    assert [part["text"] for part in answer["parts"]] == ["From ten dollars."]
    assert answer["understanding"]["faq"] == "faq/gift_cards"


@pytest.mark.parametrize(
    "body",
    [
        {"text": None},
        {"text": "   "},
        {"text": "hello", "payload": "/greet"},
        {"text": 5},
        {"text": "hello", "sender_id": ""},
        {"text": "hello", "message_id": None},
        {"text": "hello", "colour": "red"},
        {"text": "hello", "metadata": ["web"]},
        {"payload": "greet"},
        {"payload": "/"},
        {"payload": "/no_such_intent"},
        {"payload": "/faq/no_such_answer"},
        {"payload": "/greet{broken}"},
        {"payload": '/greet{"order_number": ["FD-10412"]}'},
        {"payload": "/greet and more"},
    ],
)
async def test_a_malformed_request_is_refused_and_leaves_no_trace(bot: Bot, body: dict[str, object]) -> None:
    status, answer = await bot.turn(**body)

    assert status == 422
    assert answer["error"]
    assert await bot.events() == []


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer é"}])
async def test_without_the_token_nothing_is_answered(bot: Bot, headers: dict[str, str]) -> None:
    for path in ("turn", "health", "nowhere"):
        async with bot.http.request("POST" if path == "turn" else "GET", f"{bot.url}/{path}", headers=headers) as got:
            assert got.status == 401


async def test_without_a_configured_token_everything_is_refused(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FRONTDESK_INTERNAL_TOKEN")

    status, answer = await bot.turn(text="hello")

    assert status == 401
    assert "FRONTDESK_INTERNAL_TOKEN is not set" in answer["error"]


async def test_health_names_the_model(bot: Bot) -> None:
    async with bot.http.get(f"{bot.url}/health", headers=HEADERS) as response:
        assert response.status == 200
        assert await response.json() == {"status": "ok", "model": bot.app.ctx.agent.model_id}


async def test_without_a_model_the_bot_says_so() -> None:
    async with running_bot(model=None) as bot:
        async with bot.http.get(f"{bot.url}/health", headers=HEADERS) as response:
            assert (response.status, await response.json()) == (503, {"status": "no_model"})
        assert await bot.turn(text="hello") == (503, {"error": "no model is loaded yet"})


async def test_a_body_that_is_no_json_is_malformed(bot: Bot) -> None:
    async with bot.http.post(f"{bot.url}/turn", data=b"\xff{", headers=HEADERS) as response:
        assert response.status == 422


async def test_a_gateway_that_hangs_up_does_not_cancel_the_turn(bot: Bot, actions: Actions) -> None:
    request = {"sender_id": "c_maya.1", "message_id": "m_slow", "text": "take your time"}
    asked = asyncio.ensure_future(bot.http.post(f"{bot.url}/turn", json=request, headers=HEADERS))
    while not actions.runs:
        await asyncio.sleep(0.01)
    asked.cancel()
    await asyncio.wait([asked])
    actions.finish.set()

    assert await bot.says(message_id="m_slow", text="take your time") == ["There at last."]
    assert actions.runs == [("action_dawdle", "m_slow")]


async def test_the_action_server_is_shown_the_token(bot: Bot, actions: Actions) -> None:
    await bot.turn(text="where is my parcel")

    assert actions.authorizations == {HEADERS["Authorization"]}


async def test_two_questions_in_one_message_get_both_answers(bot: Bot) -> None:
    assert await bot.says(text="how long is the guarantee? and do you sell gift cards?") == [
        "Two years.",
        "From ten dollars.",
    ]


async def test_a_near_miss_carries_alternatives(bot: Bot) -> None:
    parsed = await bot.app.ctx.agent.parse_message("guarantee on a voucher")

    assert {found["name"] for found in parsed["faq_alternatives"]} == {"faq/warranty", "faq/gift_cards"}
    assert parsed["faq_alternatives"][0].keys() == {"name", "question", "confidence"}
    assert parsed["response_selector"]["faq"]["response"]["responses"]
