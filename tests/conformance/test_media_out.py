"""Files from an agent: on every channel they arrive whole, in their place among the words, and go when the customer is erased."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import select

from connectors.gateway.settings import Settings
from handoff import erasing, holder
from handoff.database import Database
from handoff.schema import Conversation, MediaFile
from tests.agents_browser import AgentsBrowser, browsing_agent
from tests.conformance.conftest import hears
from tests.conformance.customer import Customer, Heard
from tests.conformance.pictures import PICTURE
from tests.people import add_agent
from tests.running_gateway import until

LABEL = b"%PDF-1.7\n" + b"a return label" * 500


async def with_file(customer: Customer) -> Heard:
    """The reply that brought a file."""
    await until(lambda: any(heard.file for heard in customer.heard()))
    return next(heard for heard in customer.heard() if heard.file)


@pytest.fixture
async def held(maya: Customer, database: Database) -> str:
    """Maya's conversation, held by Ana."""
    await maya.says("/human")
    await hears(maya, "in line")
    ana = database.write_now(add_agent, "Ana")
    found = database.read_now(lambda session: session.scalars(select(Conversation.id)).one())
    database.write_now(holder.claim, found, ana, datetime.now(UTC))
    await hears(maya, "Ana has joined")
    return found


@pytest.fixture
async def ana(gateway: str, database: Database, held: str) -> AsyncIterator[AgentsBrowser]:
    async with browsing_agent(gateway, database, "a_ana") as browser:
        yield browser


async def test_a_picture_arrives_between_the_words_before_and_after_it(
    maya: Customer, ana: AgentsBrowser, held: str
) -> None:
    path = f"/api/conversations/{held}/messages"
    assert (await ana.post(path, {"id": "1", "text": "Here it comes."}))[0] == 201
    assert (await ana.send_file(held, "lamp.png", PICTURE, "image/png", "2", "The lamp you mean?"))[0] == 201
    assert (await ana.post(path, {"id": "3", "text": "Tell me which one."}))[0] == 201
    await hears(maya, "Tell me which one.")
    brought = await with_file(maya)
    texts = [heard.text for heard in maya.heard()]
    place = maya.heard().index(brought)
    assert (brought.file, await maya.opens(brought)) == ("lamp.png", PICTURE)
    assert "The lamp you mean?" in "".join(texts[place - 1 : place + 1])
    assert any("Here it comes." in text for text in texts[:place])
    assert any("Tell me which one." in text for text in texts[place + 1 :])


async def test_a_document_needs_no_words_and_comes_once_however_often_it_is_sent(
    maya: Customer, ana: AgentsBrowser, held: str
) -> None:
    statuses = [(await ana.send_file(held, "label.pdf", LABEL, "application/pdf", "1"))[0] for _ in range(3)]
    assert statuses == [201, 200, 200]
    brought = await with_file(maya)
    assert await maya.opens(brought) == LABEL
    assert (await ana.post(f"/api/conversations/{held}/messages", {"id": "2", "text": "That's your label."}))[0] == 201
    await hears(maya, "That's your label.")
    assert len([heard for heard in maya.heard() if heard.file]) == 1


@pytest.mark.usefixtures("quick_eraser")
async def test_the_file_goes_with_the_conversation(
    maya: Customer, ana: AgentsBrowser, held: str, database: Database, settings: Settings, gateway: str
) -> None:
    _, answer = await ana.send_file(held, "label.pdf", LABEL, "application/pdf", "1")
    await with_file(maya)
    name = database.read_now(lambda session: session.scalars(select(MediaFile.name)).one())
    kept = Path(settings.home) / "media" / str(name)
    assert kept.read_bytes() == LABEL
    database.write_now(erasing.erase, held, datetime.now(UTC))
    await until(lambda: not kept.exists())
    async with aiohttp.ClientSession() as http:
        async with http.get(gateway + answer["message"]["files"][0]["url"]) as unsigned:
            assert unsigned.status == 401
        async with http.get(f"{gateway}/files/{answer['message']['files'][0]['id']}.guessed") as guessed:
            assert guessed.status == 404
