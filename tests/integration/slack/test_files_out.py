"""An agent's file on its way to Slack, when Slack is full, silent or refuses."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from connectors.gateway.settings import Settings
from handoff import holder, replies
from handoff.database import Database
from handoff.media import SentFile
from handoff.schema import Conversation
from tests.fakes.slack_server import FakeSlack
from tests.integration.slack.records import outbox
from tests.people import add_agent
from tests.running_gateway import until

LABEL = b"%PDF-1.7 a label"


async def send_label(slack: FakeSlack, desk: Database, settings: Settings, channel: str, text: str) -> None:
    """Maya has said something in ``channel``, and Ana answers with a file."""
    await slack.says("<@U0FERN> hello", channel)
    await until(lambda: slack.texts(channel))
    ana = desk.write_now(add_agent, "Ana")
    found = desk.read_now(lambda session: session.scalars(select(Conversation.id)).one())
    desk.write_now(holder.claim, found, ana, datetime.now(UTC))
    folder = settings.home / "media"
    folder.mkdir(exist_ok=True)
    (folder / "label").write_bytes(LABEL)
    file = SentFile("", "document", "application/pdf", "Return label.pdf", len(LABEL), "label")
    desk.write_now(replies.say, found, ana, "f1", text, datetime.now(UTC), file)


def files_in(slack: FakeSlack, channel: str) -> list[tuple[str, bytes]]:
    shared = [file for message in slack.from_app(channel) for file in message.get("files", [])]
    return [(file["title"], slack.files[file["id"]][2]) for file in shared]


@pytest.mark.parametrize("channel", ["D0MAYA", "C0SHOP"])
async def test_a_file_that_slack_took_without_saying_so_is_found_and_not_repeated(
    gateway: str, slack: FakeSlack, desk: Database, settings: Settings, channel: str
) -> None:
    slack.faults.plan("files.completeUploadExternal", "drop")
    await send_label(slack, desk, settings, channel, "Here it is.")
    await until(lambda: outbox(desk)[-1].state == "sent")
    assert files_in(slack, channel) == [("Return label.pdf", LABEL)]
    assert slack.texts(channel)[-2] == "Here it is."
    assert slack.calls["files.completeUploadExternal"] == 1
    assert outbox(desk)[-1].provider_id == slack.from_app(channel)[-1]["ts"]


@pytest.mark.parametrize("fault", ["429", "500"])
@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal"])
async def test_a_file_waits_for_slack_and_comes_once(
    gateway: str, slack: FakeSlack, desk: Database, settings: Settings, method: str, fault: str
) -> None:
    slack.faults.plan(method, fault)
    await send_label(slack, desk, settings, "D0MAYA", "")
    await until(lambda: outbox(desk)[-1].state == "sent")
    assert files_in(slack, "D0MAYA") == [("Return label.pdf", LABEL)]
    assert slack.from_app("D0MAYA")[-1]["text"] == "*Ana*"
    assert slack.early_calls == 0


async def test_a_file_that_is_not_on_this_machine_is_a_dead_letter(
    gateway: str, slack: FakeSlack, desk: Database, settings: Settings
) -> None:
    slack.faults.plan("files.getUploadURLExternal", "500")
    await send_label(slack, desk, settings, "D0MAYA", "")
    (settings.home / "media" / "label").unlink()
    await until(lambda: outbox(desk)[-1].state == "dead")
    assert outbox(desk)[-1].error == "the file is not on this machine"
