"""Who may tell us something over HTTP, and what happens when we can't keep it."""

import json
import random
import time
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from handoff import inbox
from handoff.database import Database
from tests.fake_rasa import FakeRasa
from tests.fakes.slack_server import FakeSlack
from tests.integration.slack.records import transcript
from tests.running_gateway import until

DM = "D0MAYA"
JSON = {"Content-Type": "application/json"}


async def test_the_address_is_verified_by_its_challenge(gateway: str, slack: FakeSlack) -> None:
    assert await slack.tell({"type": "url_verification", "challenge": "abc"}) == (200, {"challenge": "abc"})


async def test_forged_and_stale_requests_are_refused(gateway: str, slack: FakeSlack, desk: Database) -> None:
    body = json.dumps(slack.envelope(slack.message("hello")))
    forgeries = [
        {},
        slack.signed(body, secret="guessed"),
        slack.signed(body, at=time.time() - 301),
        slack.signed(body, at=time.time() + 360),
        slack.signed(body + " "),
        {**slack.signed(body), "X-Slack-Signature": "v0=é"},
        {**slack.signed(body), "X-Slack-Request-Timestamp": "soon"},
        {**slack.signed(body), "X-Slack-Request-Timestamp": "²"},
        {**slack.signed(body), "X-Slack-Signature": ""},
    ]
    for headers in forgeries:
        status, answer = await slack.send(body, {**JSON, **headers})
        assert (status, answer["error"]) == (401, "bad_signature"), headers
    assert transcript(desk) == []


async def test_a_captured_request_sent_again_changes_nothing(gateway: str, slack: FakeSlack, desk: Database) -> None:
    said = await slack.says("one")
    edit = json.dumps(slack.envelope(slack.edited(said, "two")))
    headers = {**JSON, **slack.signed(edit)}
    assert (await slack.send(edit, headers))[0] == 200
    await slack.tell(slack.envelope(slack.edited(said, "three")))
    assert (await slack.send(edit, headers))[0] == 200
    assert transcript(desk)[0].text == "three"


async def test_signed_nonsense_is_refused_and_breaks_nothing(gateway: str, slack: FakeSlack) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for kind, body in [(JSON, "{"), (JSON, "[]"), (form, "payload=%7B"), (form, "what=ever"), (form, "payload=3")]:
        status, answer = await slack.send(body, {**kind, **slack.signed(body)})
        assert (status, answer["error"]) == (400, "malformed"), body


ODD: list[Any] = [None, 7, "x", [], {}, {"id": 3}, True]


async def test_odd_values_in_every_field_are_never_a_server_error(gateway: str, slack: FakeSlack) -> None:
    dice = random.Random(5)  # noqa: S311 - a test repeats itself
    shapes = [
        lambda: slack.envelope(slack.message("hello")),
        lambda: slack.envelope(slack.edited(slack.message("hello"), "bye")),
        lambda: slack.envelope(slack.deleted(slack.message("hello"))),
    ]
    for _ in range(300):
        envelope = dice.choice(shapes)()
        spoilt = dice.choice([part for part in _objects(envelope) if part])
        spoilt[dice.choice(list(spoilt))] = dice.choice(ODD)
        status, _ = await slack.tell(envelope)
        assert status in (200, 400), envelope


async def test_a_body_over_the_limit_is_refused(gateway: str, slack: FakeSlack) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "x" * 300_000})
    status, _ = await slack.send(body, {**JSON, **slack.signed(body)})
    assert status == 413


async def test_without_the_database_slack_is_asked_to_come_again(
    gateway: str, slack: FakeSlack, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = inbox.accept

    def broken(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("the disk is gone"))

    monkeypatch.setattr(inbox, "accept", broken)
    envelope = slack.envelope(slack.message("hello"))
    assert (await slack.tell(envelope))[0] == 503
    monkeypatch.setattr(inbox, "accept", keep)
    assert (await slack.tell(envelope, **{"X-Slack-Retry-Num": "1"}))[0] == 200
    await until(lambda: slack.texts(DM))
    assert slack.texts(DM) == ["You said: hello"]


async def test_slack_is_answered_before_the_bot(gateway: str, slack: FakeSlack, rasa: FakeRasa, desk: Database) -> None:
    rasa.mode = "waits"
    await slack.says("hello")
    assert (
        desk.read_now(lambda session: session.scalar(text("SELECT count(*) FROM inbox WHERE state = 'waiting'"))) == 1
    )
    rasa.go_on()
    await until(lambda: slack.texts(DM))


def _objects(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [found for one in value for found in _objects(one)]
    if isinstance(value, dict):
        return [value, *(found for one in value.values() for found in _objects(one))]
    return []
