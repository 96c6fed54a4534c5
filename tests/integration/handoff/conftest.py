import pytest

from handoff.database import Database
from tests.people import add_agent


@pytest.fixture
def ana(database: Database) -> str:
    return database.write_now(add_agent, "Ana")


@pytest.fixture
def ben(database: Database) -> str:
    return database.write_now(add_agent, "Ben")
