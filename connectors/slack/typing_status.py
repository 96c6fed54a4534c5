"""Slack shows that an assistant is writing in assistants' threads only. Elsewhere there is nothing to show."""

from slack_sdk.web.async_client import AsyncWebClient

from connectors.slack.place import Place
from connectors.slack.web_api import FAILURES, in_time

WORDS = "is writing…"


class TypingStatus:
    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._without: set[str] = set()

    async def show(self, place: Place) -> None:
        """Slack takes it back by itself, with our next message or after two minutes."""
        if place.thread is None or place.channel in self._without:
            return
        try:
            await in_time(
                self._client.assistant_threads_setStatus(channel_id=place.channel, thread_ts=place.thread, status=WORDS)
            )
        except FAILURES:
            self._without.add(place.channel)  # no assistant's thread, or an app without the scope
