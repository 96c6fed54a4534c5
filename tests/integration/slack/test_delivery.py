"""Replies on their way to Slack, when Slack is slow, full, silent or refuses."""

import pytest

from connectors.gateway import delivery
from connectors.slack import chat
from handoff.database import Database
from tests.fakes.slack_server import FakeSlack
from tests.integration.slack.records import outbox
from tests.running_gateway import until

DM = "D0MAYA"


@pytest.mark.parametrize("channel", [DM, "C0SHOP"])
async def test_a_reply_that_slack_took_without_saying_so_is_found_and_not_repeated(
    gateway: str, slack: FakeSlack, desk: Database, channel: str
) -> None:
    slack.faults.plan("chat.postMessage", "drop")
    for word in ("noise", "more noise", "still more"):
        slack.message(word, channel)  # so that it is not on the first page
    await slack.says("<@U0FERN> hello", channel)
    await until(lambda: outbox(desk) and outbox(desk)[0].state == "sent")
    assert slack.texts(channel) == ["You said: hello"]
    assert outbox(desk)[0].provider_id == slack.from_app(channel)[0]["ts"]
    assert slack.calls["chat.postMessage"] == 1


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """To be asked for before the gateway, which reads it when it starts."""
    monkeypatch.setattr(chat, "CALL_SECONDS", 1)


async def test_a_slow_slack_is_treated_as_a_silent_one(
    impatient: None, gateway: str, slack: FakeSlack, desk: Database
) -> None:
    slack.faults.plan("chat.postMessage", "slow")
    await slack.says("hello")
    await until(lambda: outbox(desk) and outbox(desk)[0].state == "sent")
    assert slack.texts(DM) == ["You said: hello"]


async def test_a_server_error_is_tried_again(gateway: str, slack: FakeSlack, desk: Database) -> None:
    slack.faults.plan("chat.postMessage", "500")
    await slack.says("hello")
    await until(lambda: outbox(desk) and outbox(desk)[0].state == "sent")
    assert slack.texts(DM) == ["You said: hello"]


async def test_the_wait_that_slack_asks_for_is_kept_and_holds_up_nobody_else(
    gateway: str, slack: FakeSlack, desk: Database
) -> None:
    slack.faults.retry_after_seconds = 3600
    slack.faults.plan("chat.postMessage", "429")
    await slack.says("one")
    await until(lambda: slack.was_limited(DM))
    await slack.says("and one more")
    await slack.says("two", "D0BEN", "U0BEN")
    await until(lambda: slack.texts("D0BEN"))
    assert slack.texts(DM) == []
    assert slack.early_calls == 0


async def test_what_slack_held_up_comes_when_the_wait_is_over_and_is_no_failed_attempt(
    gateway: str, slack: FakeSlack, desk: Database
) -> None:
    slack.faults.plan("chat.postMessage", "429")
    await slack.says("one")
    await until(lambda: outbox(desk) and outbox(desk)[0].state == "sent")
    assert slack.texts(DM) == ["You said: one"]
    assert slack.early_calls == 0
    assert outbox(desk)[0].attempts == 1


@pytest.mark.parametrize("error", ["channel_not_found", "is_archived", "not_in_channel", "account_inactive"])
async def test_what_slack_will_never_take_is_a_dead_letter(
    gateway: str, slack: FakeSlack, desk: Database, error: str
) -> None:
    slack.faults.plan("chat.postMessage", error)
    await slack.says("one")
    await until(lambda: outbox(desk) and outbox(desk)[0].state == "dead")
    assert outbox(desk)[0].error == error
    await slack.says("two")
    await until(lambda: slack.texts(DM))
    assert slack.texts(DM) == ["You said: two"]


async def test_a_long_reply_that_broke_off_goes_on_where_it_stopped(
    gateway: str, slack: FakeSlack, desk: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "_pause", lambda _attempts: delivery.timedelta(seconds=0.1))
    await slack.says("wake up")
    await until(lambda: slack.texts(DM))
    slack.faults.retry_after_seconds = 1
    slack.faults.plan("chat.postMessage", "429", "drop")
    await slack.says("This sentence is here to be repeated. " * 200)
    await until(lambda: len(outbox(desk)) == 2 and outbox(desk)[1].state == "sent")
    assert " ".join(slack.texts(DM)[1:]).count("to be repeated.") == 200
    assert slack.early_calls == 0


async def test_when_reading_back_fails_nothing_is_posted_twice(gateway: str, slack: FakeSlack, desk: Database) -> None:
    slack.faults.plan("chat.postMessage", "drop")
    slack.faults.plan("conversations.history", "500", "429")
    await slack.says("hello")
    await until(lambda: outbox(desk) and outbox(desk)[0].state == "sent")
    assert slack.texts(DM) == ["You said: hello"]
