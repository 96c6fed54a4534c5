"""The web chat over real sockets: resumed without loss or doubles, and clear about what it can't take."""

import asyncio
import uuid

import aiohttp
import pytest
from limits import RateLimitItemPerHour

from connectors.web import feed, limits
from tests.chat_client import PATIENCE_SECONDS, Chat, chatting
from tests.fake_rasa import FakeRasa
from tests.running_gateway import no_page_is_open


async def test_a_message_is_acknowledged_and_answered(gateway: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "NOT_WORTH_SHOWING_SECONDS", PATIENCE_SECONDS)
    async with chatting(gateway) as maya:
        receipt = await maya.say("where is my order")
        assert receipt["seq"] == 1
        answer = await maya.hears("You said: where is my order")
        assert answer["metadata"]["seq"] == 2
        assert answer["metadata"]["author"] == "bot"
        assert answer["metadata"]["name"] == "Fern"
        assert maya.typing == []  # it was there before the dots would have been worth a look


async def test_a_bot_that_takes_its_time_is_seen_typing(gateway: str, rasa: FakeRasa) -> None:
    rasa.mode = "waits"
    async with chatting(gateway) as maya:
        await maya.say("where is my order")
        await maya.until(lambda chat: chat.typing)
        rasa.go_on()
        await maya.hears("You said: where is my order")
        assert maya.typing == [
            {"on": True, "author": "bot", "name": "Fern"},
            {"on": False, "author": "bot", "name": "Fern"},
        ]


async def test_an_unknown_session_gets_a_new_secret(gateway: str) -> None:
    async with chatting(gateway, session_id="somebody-elses") as chat:
        assert chat.session_id != "somebody-elses"
        assert len(chat.session_id) >= 43
        await chat.until(lambda chat: chat.states)
        assert chat.states[0]["resumed"] is False


async def test_a_session_that_never_wrote_is_still_known(gateway: str) -> None:
    async with chatting(gateway) as first:
        session_id = first.session_id
    async with chatting(gateway, session_id=session_id) as again:
        assert again.session_id == session_id


async def test_a_reload_brings_the_whole_talk_back_once(gateway: str) -> None:
    async with chatting(gateway) as maya:
        await maya.say("one")
        await maya.hears("You said: one")
        session_id = maya.session_id
    async with chatting(gateway, session_id=session_id, last_seq=0) as reloaded:
        await reloaded.until(lambda chat: chat.heard and chat.own_words)
        assert [frame["message"] for frame in reloaded.own_words] == ["one"]
        assert reloaded.texts == ["You said: one"]
        assert reloaded.states[0]["resumed"] is True


async def test_a_reconnect_brings_only_what_was_missed(gateway: str) -> None:
    async with chatting(gateway) as maya:
        await maya.say("one")
        await maya.hears("You said: one")
        session_id, place = maya.session_id, maya.last_seq
        async with chatting(gateway, session_id=session_id, last_seq=place) as second_tab:
            await second_tab.say("two")
            await second_tab.hears("You said: two")
            assert "You said: one" not in second_tab.texts
        await maya.hears("You said: two")
        assert [frame["message"] for frame in maya.own_words] == ["two"]


async def test_an_old_client_hears_what_was_never_sent_to_it(gateway: str, rasa: FakeRasa) -> None:
    rasa.mode = "no_model"
    async with chatting(gateway) as maya:
        await maya.say("hello")
        session_id = maya.session_id
    await no_page_is_open(gateway)
    rasa.mode = "ok"
    async with chatting(gateway, session_id=session_id) as old_client:
        await old_client.hears("You said: hello")
        assert old_client.texts.count("You said: hello") == 1


async def test_the_same_id_again_is_one_message(gateway: str, rasa: FakeRasa) -> None:
    async with chatting(gateway) as maya:
        message_id = str(uuid.uuid4())
        receipts = [await maya.say("hello", message_id) for _ in range(5)]
        assert len({receipt["seq"] for receipt in receipts}) == 1
        await maya.hears("You said: hello")
        assert maya.texts == ["You said: hello"]
        assert max(rasa.asked.values()) == 1


async def test_a_burst_is_answered_in_order_one_turn_at_a_time(gateway: str, rasa: FakeRasa) -> None:
    async with chatting(gateway) as maya:
        for n in range(10):
            await maya.say(f"part {n}")
        await maya.until(lambda chat: len(chat.heard) == 10)
        assert maya.texts == [f"You said: part {n}" for n in range(10)]
        assert max(rasa.most_at_once.values()) == 1


async def test_a_rasa_widget_from_before_works_unchanged(gateway: str) -> None:
    async with chatting(gateway, session_id=None) as old_widget:
        await old_widget.socket.emit(
            "user_uttered", {"message": "hi", "session_id": old_widget.session_id, "customData": {}}
        )
        answer = await old_widget.hears("You said: hi")
        assert set(answer) == {"text", "metadata"}


async def test_a_quick_reply_is_opaque_and_works(gateway: str, rasa: FakeRasa) -> None:
    async with chatting(gateway) as maya:
        await maya.say("buttons")
        [button] = (await maya.hears("Which?"))["quick_replies"]
        assert button["title"] == "The lamp"
        assert "inform" not in button["payload"]
        await maya.say(button["payload"])
        await maya.hears("You said: /inform")
        assert rasa.payloads == ['/inform{"item": "lamp"}']
        async with chatting(gateway, session_id=maya.session_id, last_seq=0) as reloaded:
            await reloaded.until(lambda chat: len(chat.own_words) == 2)
            assert reloaded.own_words[1]["message"] == "The lamp"


async def test_typed_intents_never_reach_the_bot_as_intents(gateway: str, rasa: FakeRasa) -> None:
    async with chatting(gateway) as maya:
        await maya.say('/inform{"verified": true}')
        await maya.hears('You said: /inform{"verified": true}')
        assert rasa.payloads == []


@pytest.mark.parametrize(
    ("message", "error"),
    [("", "empty"), ("   \n ", "empty"), ("x" * 4001, "too_long"), (None, "malformed"), ({"a": 1}, "malformed")],
)
async def test_what_cannot_be_taken_is_refused_clearly_and_the_chat_goes_on(
    gateway: str, message: object, error: str
) -> None:
    async with chatting(gateway) as maya:
        refusal = await maya.say(message)
        assert refusal["error"] == error
        assert refusal["detail"]
        await maya.say("hello")
        await maya.hears("You said: hello")


@pytest.mark.parametrize("frame", [None, [], 7, "text", {"id": "not-a-uuid", "message": "x"}, {"message": ["x"]}])
async def test_malformed_frames_are_answered_and_break_nothing(gateway: str, frame: object) -> None:
    async with chatting(gateway) as maya:
        await maya.socket.emit("user_uttered", frame)
        await maya.socket.emit("session_request", frame or [1])
        await maya.socket.emit("typing", frame)
        await maya.socket.emit("seen", {"seq": -1})
        await maya.until(lambda chat: any("seq" in error["detail"] for error in chat.errors))
        await maya.request_session(session_id=maya.session_id)
        await maya.say("hello")
        await maya.hears("You said: hello")


async def test_without_a_session_nothing_is_taken(gateway: str) -> None:
    chat = Chat()
    await chat.socket.connect(gateway, transports=["websocket"], wait_timeout=PATIENCE_SECONDS)
    refusal = await chat.say("hello")
    assert refusal["error"] == "no_session"
    await chat.close()


async def test_one_cannot_write_under_another_session(gateway: str) -> None:
    async with chatting(gateway) as maya, chatting(gateway) as mallory:
        mallory.session_id = maya.session_id
        refusal = await mallory.say("hello")
        assert refusal["error"] == "no_session"


async def test_a_flood_is_slowed_down_and_told_so(gateway: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MESSAGES_PER_SESSION", RateLimitItemPerHour(20))
    async with chatting(gateway) as maya:
        receipts = [await maya.say(f"spam {n}") for n in range(21)]
        assert receipts[-1]["error"] == "rate_limited"
        assert receipts[-1]["retry"] is True
        assert all("seq" in receipt for receipt in receipts[:-1])


async def test_an_oversized_frame_costs_only_its_own_connection(gateway: str) -> None:
    async with chatting(gateway) as maya:
        session_id = maya.session_id
        await maya.socket.emit("user_uttered", {"message": "x" * 200_000, "session_id": session_id})
        await asyncio.wait_for(maya.socket.wait(), PATIENCE_SECONDS)
    async with chatting(gateway, session_id=session_id) as again:
        await again.say("hello")
        await again.hears("You said: hello")


async def test_only_named_sites_may_embed_the_chat(gateway: str) -> None:
    async with aiohttp.ClientSession() as http:
        url = f"{gateway}/socket.io/?EIO=4&transport=polling"
        for origin, status in (
            ("https://shop.example", 200),
            (gateway, 200),
            ("https://evil.example", 400),
            ("null", 400),
        ):
            async with http.get(url, headers={"Origin": origin}) as response:
                assert response.status == status, origin


async def test_polling_without_websockets_works_too(gateway: str) -> None:
    chat = Chat()
    await chat.socket.connect(gateway, transports=["polling"], wait_timeout=PATIENCE_SECONDS)
    await chat.request_session()
    await chat.say("hello")
    await chat.hears("You said: hello")
    await chat.socket.eio.disconnect(abort=True)


async def test_seen_and_typing_reach_nobody_elses_chat(gateway: str) -> None:
    async with chatting(gateway) as maya, chatting(gateway) as omar:
        await maya.say("hello")
        await maya.hears("You said: hello")
        await maya.socket.emit("typing", {"on": True})
        await maya.socket.emit("seen", {"seq": 99})
        await maya.say("are you there")  # taken after the frames before it, which have had their effect by then
        await maya.hears("You said: are you there")
        assert omar.heard == []
        assert omar.typing == []
        assert maya.errors == []


async def test_characters_that_no_database_keeps_cost_nobody_their_message(gateway: str) -> None:
    async with chatting(gateway, locale="de\0-AT", session_id="half an emoji \ud83d") as maya:
        assert (await maya.say("where\0 is my order"))["seq"] == 1
        await maya.hears("You said: where is my order")
        assert (await maya.say("\0"))["error"] == "empty"
        await maya.say("half an emoji \ud83d")
        await maya.hears("You said: half an emoji ?")


async def test_the_pages_language_travels_with_the_message(gateway: str, rasa: FakeRasa) -> None:
    async with chatting(gateway, locale="de-AT") as maya:
        await maya.say("hallo")
        await maya.hears("You said: hallo")
        assert [metadata["locale"] for metadata in rasa.metadata] == ["de-AT"]
