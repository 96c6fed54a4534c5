"""Processes die in the middle of conversations: every acknowledged message is answered exactly once."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
import socketio

from tests.chat_client import Chat
from tests.e2e.stack import Stack, running_stack

QUESTIONS = {
    "what's your return policy?": "30 days",
    "do you ship to Canada?": "Canada",
    "which payment methods do you take?": "PayPal",
    "how long does delivery take?": "days",
    "do you have gift cards?": "gift card",
    "where are your stores?": "Portland",
}
"""And a word that only the right answer has."""
PATIENCE_SECONDS = 240
ASKS_AGAIN_AFTER_SECONDS = 10
"""What was sent into a connection whose other end has died is never acknowledged."""


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A desk of our own: the others' conversations must not die with ours."""
    url = request.getfixturevalue("fresh_postgres") if request.param == "postgres" else ""
    with running_stack(tmp_path_factory.mktemp("faults"), url) as stack:
        yield stack.wait_for_bot()


class StubbornChat(Chat):
    """Reconnects and resends until acknowledged, as the widget does."""

    async def insists(self, url: str, words: str, message_id: str) -> None:
        """Return when the message is acknowledged, however often the connection breaks."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                try:
                    if not self.socket.connected:
                        await self.open(url, session_id=self.session_id or None, last_seq=self.last_seq)
                    receipt = await asyncio.wait_for(self.say(words, message_id), ASKS_AGAIN_AFTER_SECONDS)
                    if "seq" in receipt:
                        return
                except (TimeoutError, socketio.exceptions.SocketIOError):
                    await self.close()
                await asyncio.sleep(0.3)

    async def catches_up(self, url: str, replies: int) -> None:
        """Stay connected until that many replies of the bot have come."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(self.bot_answers()) < replies:
                if not self.socket.connected:
                    try:
                        await self.open(url, session_id=self.session_id, last_seq=self.last_seq)
                    except (TimeoutError, socketio.exceptions.SocketIOError):
                        await self.close()
                await asyncio.sleep(0.3)

    def bot_answers(self) -> list[str]:
        """The bot's own words, each message once."""
        by_seq = {f["metadata"]["seq"]: f for f in self.heard if f["metadata"]["author"] == "bot"}
        return [by_seq[seq]["text"] for seq in sorted(by_seq)]


@asynccontextmanager
async def stubborn_chat(stack: Stack) -> AsyncIterator[StubbornChat]:
    chat = StubbornChat()
    yield chat
    await chat.close()


@pytest.mark.timeout(900)
@pytest.mark.parametrize("process", ["gateway", "rasa", "actions"])
async def test_kill_9_in_the_middle_of_a_conversation(desk: Stack, process: str) -> None:
    desk.wait_for_gateway().wait_for_bot()
    async with stubborn_chat(desk) as maya:
        for n, question in enumerate(QUESTIONS):
            await maya.insists(desk.url, question, _uuid(n))
            if n == 2:
                desk.kill(process)
        await maya.catches_up(desk.url, len(QUESTIONS))
        await asyncio.sleep(1)
        answers = maya.bot_answers()
        assert len(answers) == len(QUESTIONS), answers
        for answer, word in zip(answers, QUESTIONS.values(), strict=True):
            assert word.casefold() in answer.casefold()


@pytest.mark.timeout(900)
async def test_rasa_stopped_for_half_a_minute(desk: Stack) -> None:
    desk.wait_for_gateway().wait_for_bot()
    async with stubborn_chat(desk) as maya:
        await maya.insists(desk.url, "what's your return policy?", _uuid(0))
        await maya.catches_up(desk.url, 1)
        with desk.frozen("rasa"):
            await maya.insists(desk.url, "do you ship to Canada?", _uuid(1))
            await maya.hears("Your message is safe")
            await asyncio.sleep(25)
        await maya.catches_up(desk.url, 2)
        await asyncio.sleep(6)
        answers = maya.bot_answers()
        assert len(answers) == 2, answers
        assert "Canada" in answers[1]


def _uuid(n: int) -> str:
    return f"00000000-0000-4000-8000-{n:012d}"
