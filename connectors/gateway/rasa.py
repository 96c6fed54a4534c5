"""Asking Rasa: one HTTP call per turn over loopback, with honest failures (docs/wire.md)."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any
from zlib import crc32

import aiohttp
import structlog
from pydantic import BaseModel, Field, ValidationError

from handoff.bot_reply import BotPart, BotReply
from handoff.escalation_rules import Outcome
from handoff.outbound import Choice
from handoff.turn_leases import Turn

log = structlog.get_logger(__name__)

HEALTH_DEADLINE_SECONDS = 2.0
FORGET_DEADLINE_SECONDS = 5.0
STARTING_SECONDS = 120.0
"""How long after our own start a Rasa that has not answered yet counts as starting, and not as away."""
ASKS_AT_ONCE = 64
"""A Rasa process thinks about one turn at a time: more would only wait there instead of here."""


class BotUnavailable(Exception):
    """Rasa is down, loading, waiting for its action server, or slower than the deadline. Ask again later."""


class BotFailed(Exception):
    """Rasa is up but could not finish this turn: an action crashed, or the reply makes no sense."""


class _Button(BaseModel):
    title: str
    payload: str


class _Evidence(BaseModel):
    kind: str
    text: str


class _Handoff(BaseModel):
    reason: str
    evidence: list[_Evidence] = Field(default_factory=list)


class _Attachment(BaseModel):
    kind: str
    title: str = ""
    url: str


class _Custom(BaseModel):
    handoff: _Handoff | None = None
    attachment: _Attachment | None = None
    proved: bool = False


class _Part(BaseModel):
    text: str | None = None
    buttons: list[_Button] = Field(default_factory=list)
    image: str | None = None
    custom: _Custom | None = None


class _Decision(BaseModel):
    rules: str | None
    outcome: Outcome
    reason: str | None
    score: float
    features: dict[str, float]
    points: dict[str, float]
    evidence: list[_Evidence]


class _TurnResult(BaseModel):
    parts: list[_Part]
    understanding: dict[str, Any] | None = None
    slots: dict[str, Any] = Field(default_factory=dict)
    decision: _Decision | None = None


class Rasa:
    """One or more Rasa processes behind one ``ask``. A conversation keeps to one of them while it is well."""

    def __init__(self, urls: Sequence[str], token: str, deadline_seconds: float) -> None:
        self._urls = list(urls)
        self.deadline_seconds = deadline_seconds
        self._places = asyncio.Semaphore(ASKS_AT_ONCE)
        self._headers = {"Authorization": f"Bearer {token}"}
        self._http: aiohttp.ClientSession | None = None
        self._began = time.monotonic()
        self._has_answered = False

    @property
    def is_starting(self) -> bool:
        """It has not answered yet, and has not had long to."""
        return not self._has_answered and time.monotonic() - self._began < STARTING_SECONDS

    async def start(self) -> None:
        self._began = time.monotonic()
        self._http = aiohttp.ClientSession(headers=self._headers, connector=aiohttp.TCPConnector(limit=0))

    async def stop(self) -> None:
        if self._http is not None:
            await self._http.close()

    async def ask(self, turn: Turn) -> BotReply:
        """The bot's reply to ``turn``, within the deadline. Raises :class:`BotUnavailable` and :class:`BotFailed`."""
        try:
            async with asyncio.timeout(self.deadline_seconds), self._places:
                return await self._ask_each(turn)
        except TimeoutError as error:
            raise BotUnavailable("Rasa is slower than the deadline") from error

    async def _ask_each(self, turn: Turn) -> BotReply:
        body = {
            "sender_id": turn.sender_id,
            "message_id": turn.message_id,
            "text": turn.text if turn.payload is None else None,
            "payload": turn.payload,
            "metadata": {"channel": turn.channel, "locale": turn.locale, "waiting": turn.holder == "queue"},
        }
        # The trackers are shared, so any process can take any conversation: the first choice only keeps caches warm,
        # and each attempt begins one further so that a sick process does not hold its conversations.
        first = crc32(turn.conversation_id.encode()) + turn.attempts  # not hash(): all gateways are to agree
        order = [self._urls[(first + step) % len(self._urls)] for step in range(len(self._urls))]
        for url in order:
            try:
                return await self._ask_one(url, body)
            except aiohttp.ClientConnectionError as error:
                log.info("rasa_unreachable", url=url, error=type(error).__name__)
        raise BotUnavailable("no Rasa process answers")

    async def _ask_one(self, url: str, body: dict[str, Any]) -> BotReply:
        assert self._http is not None, "start() comes first"
        try:
            async with self._http.post(f"{url}/webhooks/frontdesk/turn", json=body) as response:
                if response.status == 200:
                    self._has_answered = True
                    return _reply(_TurnResult.model_validate_json(await response.read()))
                if response.status == 503:
                    raise BotUnavailable("Rasa has no model yet, or its action server is away")
                raise BotFailed(f"Rasa answered {response.status}")
        except ValidationError as error:
            raise BotFailed("Rasa's answer has an unknown shape") from error
        except aiohttp.ClientPayloadError as error:
            raise BotUnavailable("Rasa broke off in the middle of its answer") from error

    async def forget(self, sender_ids: Sequence[str]) -> None:
        """No Rasa process has anything of these conversations in memory then. Raises :class:`BotUnavailable`."""
        await asyncio.gather(*(self._forget_at(url, sender_ids) for url in self._urls))

    async def _forget_at(self, url: str, sender_ids: Sequence[str]) -> None:
        assert self._http is not None, "start() comes first"
        deadline = aiohttp.ClientTimeout(total=FORGET_DEADLINE_SECONDS)
        body = {"sender_ids": list(sender_ids)}
        try:
            async with self._http.post(f"{url}/webhooks/frontdesk/forget", json=body, timeout=deadline) as response:
                if response.status != 204:
                    raise BotUnavailable(f"Rasa answered {response.status}")
        except aiohttp.ClientConnectorError:
            return  # a process that is not running remembers nothing
        except (aiohttp.ClientError, TimeoutError) as error:
            raise BotUnavailable("Rasa does not say that it has forgotten") from error

    async def health(self) -> dict[str, dict[str, Any]]:
        """For each address what it says of itself: ``{url: {"status": "ok" | "no_model" | "down", "model": …}}``."""
        answers = await asyncio.gather(*(self._health_of(url) for url in self._urls))
        return dict(zip(self._urls, answers, strict=True))

    async def _health_of(self, url: str) -> dict[str, Any]:
        assert self._http is not None, "start() comes first"
        deadline = aiohttp.ClientTimeout(total=HEALTH_DEADLINE_SECONDS)
        try:
            async with self._http.get(f"{url}/webhooks/frontdesk/health", timeout=deadline) as response:
                answer: dict[str, Any] = await response.json()
                return answer
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return {"status": "down"}


def _reply(result: _TurnResult) -> BotReply:
    handoffs = [part.custom.handoff for part in result.parts if part.custom and part.custom.handoff]
    parts = [_bot_part(part) for part in result.parts if _has_words(part)]
    return BotReply(
        parts,
        result.understanding,
        result.slots,
        handoff=handoffs[0].model_dump() if handoffs else None,
        decision=result.decision.model_dump() if result.decision else None,
        proved=any(part.custom is not None and part.custom.proved for part in result.parts),
    )


def _has_words(part: _Part) -> bool:
    return bool(part.text or part.buttons or _attachment(part))


def _bot_part(part: _Part) -> BotPart:
    choices = [Choice(button.title, button.payload) for button in part.buttons]
    attachment = _attachment(part)
    return BotPart(part.text or "", choices, attachment.model_dump() if attachment else None)


def _attachment(part: _Part) -> _Attachment | None:
    if part.custom and part.custom.attachment:
        return part.custom.attachment
    return _Attachment(kind="image", title=part.text or "", url=part.image) if part.image else None
