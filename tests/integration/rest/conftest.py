"""A gateway with the REST channel on, between a receiver and a fake Rasa."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from handoff.database import Database
from tests.fake_rasa import fake_rasa
from tests.fakes.rest_receiver import SECRET, RestReceiver, rest_receiver
from tests.running_gateway import desk_settings, running_gateway


@pytest.fixture
async def app_of_the_shop(database_url: str, tmp_path: Path) -> AsyncIterator[RestReceiver]:
    async with fake_rasa() as rasa, rest_receiver() as receiver:
        channel = {"rest_secret": SecretStr(SECRET), "rest_callback_url": receiver.url}
        async with running_gateway(desk_settings(tmp_path, database_url, rasa, **channel)) as url:
            receiver.gateway = url
            yield receiver


@pytest.fixture
def desk(database_url: str, app_of_the_shop: RestReceiver) -> Database:
    """The running gateway's own database."""
    return Database(database_url, connections=1)
