"""Whole conversations with the real bot: model, policies, actions and shop as customers meet them."""

import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.conversations.bot import Talk, end_proofs, fresh_shop, running_bot
from tests.conversations.conversation import Conversation, Step, conversations
from tests.conversations.replies import name_of
from tests.free_ports import free_port

WRITTEN = conversations()
# A word about a person, beside the answer: decided message by message in bot/escalation, and tested there.
BESIDE = {"utter_person_reminder", "utter_person_offer_frustrated", "utter_person_offer_complex"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx.AsyncClient]:
    async with running_bot(tmp_path_factory.mktemp("bot"), (free_port(), free_port())) as client:
        yield client


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("conversation", WRITTEN, ids=[one.name for one in WRITTEN])
async def test_the_conversation_goes_as_written(
    conversation: Conversation, bot: httpx.AsyncClient, tmp_path: Path
) -> None:
    async with fresh_shop(tmp_path):
        talk = Talk(bot, f"c_{uuid.uuid4().hex}.1", tmp_path)
        for step in conversation.steps:
            result = await _take(step, talk)
            heard = _heard(step, result)
            wrong = {key: heard[key] for key, wanted in step.expected.items() if not _is(key, wanted, heard[key])}
            assert not wrong, "\n".join([*talk.transcript, f"expected {step.expected}", f"but it was {wrong}"])


async def _take(step: Step, talk: Talk) -> dict[str, Any]:
    if step.a_day_later:
        await end_proofs()
    match step.act:
        case "presses":
            return await talk.press(step.text)
        case "is handed back":
            return await talk.hand_back(step.text)
        case "says" | "says while waiting":
            return await talk.say(step.text, waiting=step.act == "says while waiting")


def _heard(step: Step, result: dict[str, Any]) -> dict[str, Any]:
    """What the turn came to, under the names that expectations have."""
    parts = result["parts"]
    wanted = _as_list(step.expected.get("fern", []))
    words = " ".join(part["text"] or "" for part in parts) + " ".join(
        f" {part['custom']['attachment']['title']}" for part in parts if "attachment" in (part["custom"] or {})
    )
    said = [name_of(part["text"], wanted) for part in parts if part["text"]]
    handoffs = [part["custom"]["handoff"]["reason"] for part in parts if "handoff" in (part["custom"] or {})]
    return {
        "fern": [name for name in said if name in wanted or name not in BESIDE],
        "fern says": words,
        "fern doesn't say": words,
        "answers": result["understanding"]["faq"],
        "buttons": [button["title"] for part in parts for button in part["buttons"]],
        "handoff": handoffs[0] if handoffs else None,
    }


def _is(key: str, wanted: Any, heard: Any) -> bool:
    if key == "fern says":
        return all(words in heard for words in _as_list(wanted))
    if key == "fern doesn't say":
        return not any(words in heard for words in _as_list(wanted))
    return bool((_as_list(wanted) if isinstance(heard, list) else wanted) == heard)


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
