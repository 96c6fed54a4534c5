"""`frontdesk slack check` says what is missing before a customer finds out."""

import asyncio

from pydantic import SecretStr

from connectors.gateway.settings import Settings
from connectors.slack.check import Finding, examine
from tests.fakes.slack_server import FakeSlack
from tests.fakes.slack_workspace import ALL_SCOPES, BOT_TOKEN, SIGNING_SECRET


def settings_for(slack: FakeSlack, token: str = BOT_TOKEN) -> Settings:
    return Settings(
        slack_bot_token=SecretStr(token),
        slack_signing_secret=SecretStr(SIGNING_SECRET),
        slack_desk_channel="C0DESK",
        slack_api_url=slack.api_url,
    )


async def found(settings: Settings) -> list[Finding]:
    return await asyncio.to_thread(examine, settings)


async def test_all_is_well(slack: FakeSlack) -> None:
    findings = await found(settings_for(slack))
    assert all(finding.ok for finding in findings)
    assert "fern in Juniper & Finch" in findings[1].words


async def test_a_missing_scope_is_named_with_what_it_is_for(slack: FakeSlack) -> None:
    slack.scopes = ALL_SCOPES.replace("files:read,", "").replace("assistant:write,", "")
    findings = await found(settings_for(slack))
    assert [finding.words for finding in findings if not finding.ok] == [
        "The scope files:read is missing, to fetch customers' files. Add it and install the app again."
    ]


async def test_a_wrong_token_and_a_channel_without_the_bot_are_said_plainly(slack: FakeSlack) -> None:
    wrong = await found(settings_for(slack, "xoxb-wrong"))
    assert wrong[-1].words == "Slack does not accept SLACK_BOT_TOKEN: invalid_auth."
    slack.faults.plan("conversations.history", "not_in_channel")
    outside = await found(settings_for(slack))
    assert outside[-1].words == "SLACK_DESK_CHANNEL C0DESK: not_in_channel. Invite the bot to that channel."


async def test_without_a_way_in_nothing_can_come(slack: FakeSlack) -> None:
    settings = settings_for(slack).model_copy(update={"slack_signing_secret": None})
    findings = await found(settings)
    assert not findings[0].ok
    assert not examine(Settings())[0].ok
