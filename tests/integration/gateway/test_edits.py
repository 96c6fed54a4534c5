"""A receipt's new words are shown where the old ones stood, also when the channel's code fails on them first."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from connectors.connector import DeliveryError
from connectors.gateway import delivery
from connectors.gateway.bus import Bus
from connectors.gateway.delivery import DeliveryLoop
from handoff.database import Database
from handoff.outbox import Delivery, Edit
from handoff.schema import OutboxItem
from tests.integration.handoff.queueing import asks
from tests.running_gateway import until


class Troubled:
    """A channel that fails on its first edits."""

    name = "web"

    def __init__(self, *troubles: Exception) -> None:
        self.troubles = list(troubles)
        self.shown: list[str] = []

    async def send(self, delivery: Delivery) -> str | None:
        return str(delivery.id)

    async def edit(self, edit: Edit) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
        self.shown.append(edit.message["text"])


def edit_is_due(session: Session) -> bool:
    return session.scalars(select(OutboxItem.edit_due)).one() is not None


@pytest.mark.parametrize("trouble", [KeyError("result"), DeliveryError("not now")])
async def test_an_edit_that_a_connector_failed_on_is_shown_later(
    database: Database, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    monkeypatch.setattr(delivery, "EDIT_PAUSE", timedelta(seconds=0.05))
    monkeypatch.setattr(delivery, "CRASH_PAUSE", timedelta(seconds=0.05))
    monkeypatch.setattr(delivery, "POLL_SECONDS", 0.02)
    ticketed(database)
    channel = Troubled(trouble)
    loop = DeliveryLoop(database, Bus(""), [channel])  # type: ignore[list-item]
    await loop.start()
    await until(lambda: channel.shown)
    await until(lambda: not database.read_now(edit_is_due))
    await loop.stop()
    assert channel.troubles == []


def ticketed(database: Database) -> None:
    """Maya has a receipt, whose words have changed since."""
    asks(database, "maya")
    now = datetime.now(UTC)
    due = update(OutboxItem).values(state="sent", provider_id="1", edit_due=now)
    database.write_now(lambda session: session.execute(due))
