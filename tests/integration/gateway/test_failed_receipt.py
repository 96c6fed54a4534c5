"""A ticket that can't be written: the customer hears of another way, once, and the ask is not given up."""

import pytest
from sqlalchemy.exc import OperationalError

from connectors.gateway.settings import Settings
from handoff import tickets
from tests.chat_client import chatting


@pytest.fixture
def settings(settings: Settings) -> Settings:
    (settings.home / "desk.toml").write_text('[contact]\nanother_way = "call +1 503 555 0142"')
    return settings


async def test_an_ask_that_could_not_be_written_down_is_told_and_tried_again(
    settings: Settings, gateway: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with chatting(gateway) as maya:
        with monkeypatch.context() as broken:

            def disk_full(*_: object) -> None:
                raise OperationalError("INSERT INTO ticket", {}, Exception("disk full"))

            broken.setattr(tickets, "write", disk_full)
            await maya.say("a person please")
            receipt = await maya.hears("If it can't wait, call +1 503 555 0142.")
            assert receipt["metadata"]["handoff"] == {"state": "failed"}
        await maya.hears("Nobody is at the desk right now, but you're first in line.")
        assert len([text for text in maya.texts if "If it can't wait" in text]) == 1
