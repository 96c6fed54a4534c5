"""The shop's threads: few, so none of them may wait for ever, and nobody else for them."""

import asyncio
import threading

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from actions.shop import database as shop_database
from actions.shop.database import CONNECTIONS, ShopDatabase, make_engine
from actions.shop.shop import ShopUnavailableError
from tests.databases import bare_postgres_database

PATIENCE = 30


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    return bare_postgres_database(postgres_server).replace("postgresql://", "postgresql+psycopg://")


async def test_what_postgres_does_not_answer_is_given_up(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shop_database, "TIMEOUT_SECONDS", 1)
    database = ShopDatabase(make_engine(postgres_url))
    stuck = [database.read(lambda session: session.scalar(text("SELECT pg_sleep(60)"))) for _ in range(CONNECTIONS)]
    given_up = await asyncio.gather(*stuck, return_exceptions=True)
    assert [type(error) for error in given_up] == [ShopUnavailableError] * CONNECTIONS
    assert await database.read(lambda _: "a thread is free") == "a thread is free"
    await database.close()


async def test_a_row_that_somebody_holds_is_given_up(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    patient = make_engine(postgres_url)
    monkeypatch.setattr(shop_database, "TIMEOUT_SECONDS", 1)
    database = ShopDatabase(make_engine(postgres_url))
    with Session(patient) as holder, holder.begin():
        holder.execute(text("SELECT pg_advisory_xact_lock(1)"))
        with pytest.raises(ShopUnavailableError):
            await database.write(lambda session: session.execute(text("SELECT pg_advisory_xact_lock(1)")))
    await database.close()
    patient.dispose()


def test_the_operators_own_options_for_postgres_stay(postgres_url: str) -> None:
    engine = make_engine(f"{postgres_url}&options=-c%20application_name%3Djuniper")
    with engine.connect() as connection:
        settings = [connection.scalar(text(f"SHOW {name}")) for name in ("application_name", "statement_timeout")]
    engine.dispose()
    assert settings == ["juniper", "10s"]


async def test_closing_lets_everybody_else_go_on_and_what_is_under_way_end(shop_url: str) -> None:
    database = ShopDatabase(make_engine(shop_url.replace("postgresql://", "postgresql+psycopg://")))
    begun, may_end = threading.Event(), threading.Event()

    def work(session: Session) -> bool:
        session.execute(text("SELECT 1"))
        begun.set()
        return may_end.wait(PATIENCE)

    under_way = asyncio.create_task(database.write(work))
    assert await asyncio.to_thread(begun.wait, PATIENCE)
    closing = asyncio.create_task(database.close())
    await asyncio.sleep(0)  # it has begun to close
    may_end.set()
    await closing
    assert await under_way
