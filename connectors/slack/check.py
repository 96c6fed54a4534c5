"""`frontdesk slack check`: does Slack know us, and may we do what we need to?"""

import asyncio
from collections.abc import Iterator

from slack_sdk.web.async_client import AsyncWebClient

from connectors.finding import Finding
from connectors.gateway.processes import secret
from connectors.gateway.settings import Settings
from connectors.slack.web_api import FAILURES, error_code, in_time, web_client

SCOPES = {
    "app_mentions:read": "hear mentions",
    "channels:history": "hear threads in public channels, and find uncertain messages again",
    "chat:write": "answer",
    "commands": "offer /human, and /desk to agents",
    "files:read": "fetch customers' files",
    "files:write": "send customers files",
    "groups:history": "hear threads in private channels",
    "im:history": "hear direct messages",
    "im:write": "answer /human in direct messages",
    "users:read": "call customers by name",
}
DESK_SCOPES = {"reactions:write": "mark what was sent from a thread"}
NICE_TO_HAVE = {"assistant:write": "show “is writing…” in assistants' threads"}


def examine(settings: Settings) -> list[Finding]:
    """Everything there is to say about Slack, first things first."""
    if settings.slack_bot_token is None:
        return [Finding(False, "SLACK_BOT_TOKEN is not set: Slack is off.")]
    return asyncio.run(_examine(settings))


async def _examine(settings: Settings) -> list[Finding]:
    client = web_client(secret(settings.slack_bot_token), settings.slack_api_url)
    findings = [_ways_in(settings)]
    try:
        answer = await in_time(client.auth_test())
    except FAILURES as error:
        return [*findings, Finding(False, f"Slack does not accept SLACK_BOT_TOKEN: {error_code(error)}.")]
    findings.append(Finding(True, f"{answer['user']} in {answer['team']} ({answer['team_id']})."))
    findings += _scopes(str(answer.headers.get("x-oauth-scopes", "")), settings.slack_desk_channel is not None)
    if settings.slack_desk_channel is not None:
        findings.append(await _desk_channel(client, settings.slack_desk_channel))
    return findings


def _ways_in(settings: Settings) -> Finding:
    ways = []
    if settings.slack_signing_secret is not None:
        ways.append(f"events at {settings.public_url}/webhooks/slack/webhook")
    if settings.slack_app_token is not None:
        ways.append("Socket Mode")
    if not ways:
        return Finding(
            False, "Set SLACK_SIGNING_SECRET (events) or SLACK_APP_TOKEN (Socket Mode): nothing can come in."
        )
    return Finding(True, f"Slack reaches us by {' and by '.join(ways)}.")


def _scopes(granted: str, with_desk: bool) -> Iterator[Finding]:
    has = {scope.strip() for scope in granted.split(",")}
    needed = SCOPES | (DESK_SCOPES if with_desk else {})
    missing = {scope: why for scope, why in needed.items() if scope not in has}
    for scope, why in missing.items():
        yield Finding(False, f"The scope {scope} is missing, to {why}. Add it and install the app again.")
    if not missing:
        yield Finding(True, "All scopes are there.")
    for scope, why in NICE_TO_HAVE.items():
        if scope not in has:
            yield Finding(True, f"Without the scope {scope} we can't {why}; all else works.")


async def _desk_channel(client: AsyncWebClient, channel: str) -> Finding:
    try:
        await in_time(client.conversations_history(channel=channel, limit=1))
    except FAILURES as error:
        return Finding(False, f"SLACK_DESK_CHANNEL {channel}: {error_code(error)}. Invite the bot to that channel.")
    return Finding(True, f"The agents' channel {channel} can be read.")
