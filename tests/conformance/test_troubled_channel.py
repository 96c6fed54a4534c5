"""A channel that asks us to wait, that breaks, or that refuses for good: nothing is lost, doubled or held back from others."""

import asyncio

from sqlalchemy import select
from sqlalchemy.orm import Session

from handoff.database import Database
from handoff.schema import OutboxItem
from tests.conformance.conftest import Arrive, hears
from tests.conformance.customer import Customer


def outbox(session: Session) -> list[OutboxItem]:
    return list(session.scalars(select(OutboxItem).order_by(OutboxItem.id)))


async def settles(database: Database, state: str) -> OutboxItem:
    """The only reply, once it has come to ``state``."""
    async with asyncio.timeout(60):
        while not (found := database.read_now(outbox)) or found[0].state != state:
            await asyncio.sleep(0.02)
    return found[0]


async def test_the_wait_that_a_channel_asks_for_is_kept_and_is_no_failed_attempt(
    maya: Customer, database: Database
) -> None:
    if not maya.channel_says("wait"):
        return
    await maya.says("hello")
    await hears(maya, "You said: hello")
    item = await settles(database, "sent")
    assert (item.attempts, item.ambiguous) == (1, False)
    assert [heard.text for heard in maya.heard()] == ["You said: hello"]


async def test_a_channel_that_breaks_is_tried_again(maya: Customer, database: Database) -> None:
    if not maya.channel_says("broken"):
        return
    await maya.says("hello")
    await hears(maya, "You said: hello")
    item = await settles(database, "sent")
    assert item.attempts > 1


async def test_what_a_channel_refuses_for_good_is_a_dead_letter_and_the_rest_goes_on(
    arrive: Arrive, database: Database
) -> None:
    omar, maya = await arrive(), await arrive()
    if not maya.channel_says("never"):
        return
    await maya.says("hello")
    item = await settles(database, "dead")
    assert item.error
    await omar.says("and me")
    await hears(omar, "You said: and me")
    maya.channel_says("ok")
    await maya.says("hello again")
    await hears(maya, "You said: hello again")
    assert [heard.text for heard in maya.heard()] == ["You said: hello again"]
