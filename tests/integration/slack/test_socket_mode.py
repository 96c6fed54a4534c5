"""Slack without a public address."""

import pytest
from pydantic import SecretStr
from sqlalchemy.exc import OperationalError

from connectors.gateway.settings import Settings
from handoff import inbox
from handoff.database import Database
from tests.fakes.slack_server import FakeSlack
from tests.fakes.slack_workspace import APP_TOKEN
from tests.integration.slack.records import transcript
from tests.running_gateway import until

DM = "D0MAYA"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"slack_app_token": SecretStr(APP_TOKEN), "slack_signing_secret": None})


@pytest.fixture
async def connected(gateway: str, slack: FakeSlack) -> FakeSlack:
    await until(lambda: slack.open_sockets)
    return slack


async def test_events_buttons_and_commands_come_over_the_socket(connected: FakeSlack) -> None:
    slack = connected
    heard = await slack.tell_socket("events_api", slack.envelope(slack.message("buttons")))
    await until(lambda: slack.texts(DM))
    await slack.tell_socket("interactive", slack.press(DM, dict(slack.from_app(DM)[0]), "The lamp"))
    await until(lambda: len(slack.texts(DM)) == 2)
    asked = await slack.tell_socket("slash_commands", dict(slack.command_fields("/human")))
    await until(lambda: asked in slack.socket_answers)
    assert slack.socket_answers[heard] == {"envelope_id": heard}
    assert slack.socket_answers[asked]["payload"]["response_type"] == "ephemeral"


async def test_quick_messages_keep_their_order(connected: FakeSlack, desk: Database) -> None:
    said = [f"line {number}" for number in range(30)]
    for words in said:
        await connected.tell_socket("events_api", connected.envelope(connected.message(words)))
    await until(lambda: len(connected.texts(DM)) == len(said))
    assert [line.text for line in transcript(desk) if line.author == "customer"] == said


async def test_what_could_not_be_kept_is_not_acknowledged_and_comes_again(
    connected: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = inbox.accept

    def broken(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("the disk is gone"))

    envelope = connected.envelope(connected.message("hello"))
    monkeypatch.setattr(inbox, "accept", broken)
    lost = await connected.tell_socket("events_api", envelope)
    after = await connected.tell_socket("events_api", connected.envelope({"type": "team_join"}))
    await until(lambda: after in connected.socket_answers)
    assert lost not in connected.socket_answers
    monkeypatch.setattr(inbox, "accept", keep)
    again = await connected.tell_socket("events_api", envelope, again=1)
    await until(lambda: again in connected.socket_answers and connected.texts(DM))
    assert connected.texts(DM) == ["You said: hello"]


async def test_a_closed_socket_is_opened_again(connected: FakeSlack) -> None:
    await connected.close_sockets()
    await until(lambda: connected.open_sockets)
    await connected.tell_socket("events_api", connected.envelope(connected.message("hello")))
    await until(lambda: connected.texts(DM))
