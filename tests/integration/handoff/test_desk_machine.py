"""The model of the desk, on both databases. `make faults` runs it for longer."""

import os
from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from handoff.database import Database
from tests.databases import new_postgres_database
from tests.integration.handoff.desk_machine import DeskMachine

STORIES = int(os.environ.get("FRONTDESK_TEST_STORIES", "40"))
IS_LONG_RUN = "FRONTDESK_TEST_STORIES" in os.environ
"""It looks for stories that nobody has told yet; every other run tells the same ones."""
STEPS = 50


def run(machine: type[DeskMachine], stories: int) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=stories, stateful_step_count=STEPS, derandomize=not IS_LONG_RUN),
    )


@pytest.mark.timeout(0)
def test_no_order_of_events_loses_doubles_or_talks_over_on_sqlite() -> None:
    run(DeskMachine, STORIES)


@pytest.mark.timeout(0)
def test_no_order_of_events_loses_doubles_or_talks_over_on_postgres(postgres_server: str) -> None:
    class PostgresDeskMachine(DeskMachine):
        server: ClassVar[str] = postgres_server

        def new_database(self) -> Database:
            return Database(new_postgres_database(self.server), connections=1)

        def drop_database(self) -> None:
            """The server goes away with the run."""

    run(PostgresDeskMachine, max(5, STORIES // 4))
