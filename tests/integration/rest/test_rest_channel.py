"""What is the REST channel's own; what every channel does is in tests/conformance."""

import time
from typing import Any

import pytest
from sqlalchemy import select

from handoff.database import Database
from handoff.schema import Message, OutboxItem
from tests.fakes.rest_receiver import RestReceiver
from tests.running_gateway import until

HELLO = {"id": "1", "from": "maya", "text": "hello"}


def outbox(desk: Database) -> list[OutboxItem]:
    return desk.read_now(lambda session: list(session.scalars(select(OutboxItem).order_by(OutboxItem.id))))


async def test_unsigned_and_old_requests_are_refused(app_of_the_shop: RestReceiver, desk: Database) -> None:
    for forged in ({"secret": "guessed"}, {"at": time.time() - 400}, {"at": time.time() + 400}):
        status, answer = await app_of_the_shop.bring(HELLO, **forged)  # type: ignore[arg-type]
        assert (status, answer["error"]) == (401, "bad_signature")
    assert desk.read_now(lambda session: session.scalar(select(Message))) is None


@pytest.mark.parametrize(
    "message",
    [
        {"id": "1", "from": "maya"},
        {"id": "1", "from": "maya", "text": "a", "button": "b"},
        {"id": "", "from": "maya", "text": "a"},
        {"id": "1", "text": "a"},
        {"id": "1", "from": "maya", "text": "nul \0"},
        {"id": "1", "from": "maya", "text": "x" * 4001},
        {"id": 7, "from": ["maya"], "text": {}},
    ],
)
async def test_a_malformed_message_is_named_so(app_of_the_shop: RestReceiver, message: dict[str, Any]) -> None:
    status, answer = await app_of_the_shop.bring(message)
    assert (status, answer["error"]) == (400, "malformed")


async def test_a_button_that_was_never_offered_is_not_taken_for_words(app_of_the_shop: RestReceiver) -> None:
    status, _ = await app_of_the_shop.bring({"id": "1", "from": "maya", "button": "b_guessed"})
    assert status == 404


async def test_a_reply_of_unknown_fate_comes_again_under_its_id(app_of_the_shop: RestReceiver, desk: Database) -> None:
    app_of_the_shop.faults.extend(["drop", 500])
    await app_of_the_shop.bring(HELLO)
    await until(lambda: outbox(desk) and outbox(desk)[0].state == "sent")
    assert app_of_the_shop.posts == 3
    assert app_of_the_shop.texts("maya") == ["You said: hello"]
    assert outbox(desk)[0].ambiguous


async def test_a_receiver_that_is_gone_makes_a_dead_letter(app_of_the_shop: RestReceiver, desk: Database) -> None:
    app_of_the_shop.faults.append(410)
    await app_of_the_shop.bring(HELLO)
    await until(lambda: outbox(desk) and outbox(desk)[0].state == "dead")
    assert outbox(desk)[0].error == "http_410"


async def test_a_busy_receiver_is_given_time(app_of_the_shop: RestReceiver, desk: Database) -> None:
    app_of_the_shop.faults.append(429)
    await app_of_the_shop.bring(HELLO)
    await until(lambda: outbox(desk) and outbox(desk)[0].state == "sent")
    assert outbox(desk)[0].attempts == 1
