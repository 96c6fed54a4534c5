"""Finding a conversation again: by ticket, order, customer or words."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from handoff import inbox, searching
from handoff.database import Database
from handoff.inbox import Inbound
from handoff.schema import Conversation
from handoff.tickets import number
from tests.integration.handoff.queueing import asks, ticket
from tests.people import at


def writes(database: Database, address: str, text: str, seconds: float = 0, name: str | None = None) -> str:
    inbound = Inbound("web", address, f"{address}-{seconds}", text, customer_name=name)
    return database.write_now(inbox.accept, inbound, at(seconds)).conversation_id


def found(database: Database, words: str, limit: int = 50) -> list[str]:
    result = database.read_now(searching.search, select(Conversation), words, limit)
    return [one["id"] for one in result.conversations]


def test_by_what_was_said_in_any_case_latest_first(database: Database) -> None:
    maya = writes(database, "maya", "The blue Lamp flickers", 1)
    omar = writes(database, "omar", "is the lamp on sale?", 2)
    writes(database, "priya", "a rug, please", 3)
    assert found(database, "LAMP") == [omar, maya]
    assert found(database, "blue  lamp") == [maya]
    assert found(database, "lamp", limit=1) == [omar]


def test_by_the_customers_name(database: Database) -> None:
    maya = writes(database, "maya", "hello", name="Maya Lindqvist")
    writes(database, "omar", "hello", name="Omar Haddad")
    assert found(database, "lindq") == [maya]


def test_by_order_number_however_it_is_written(database: Database) -> None:
    typed = writes(database, "maya", "where's #10412?", 1)
    known = writes(database, "omar", "hello", 2)
    writes(database, "priya", "FD-10420 please", 3)

    def understood(session: Session) -> None:
        session.get_one(Conversation, known).slots = {"order_number": "FD-10412"}

    database.write_now(understood)
    for words in ("FD-10412", "fd 10412", "#10412", "10412", "order 10412"):
        assert found(database, words) == [known, typed], words


def test_by_ticket_number_however_old_and_whatever_else_matches(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    maya = asks(database, "maya", 1)
    for minute in range(3):
        writes(database, f"customer{minute}", "hello", 60 + minute)
    monkeypatch.setattr(searching, "LOOKED_THROUGH", 2)
    t_number = number(ticket(database, maya))
    for words in (t_number, t_number.lower(), t_number.replace("-", " ")):
        assert found(database, words) == [maya]
    assert found(database, "T-9999") == []


def test_only_the_latest_are_looked_through_and_that_is_said(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes(database, "maya", "a lamp", 1)
    omar = writes(database, "omar", "a lamp", 2)
    assert database.read_now(searching.search, select(Conversation), "lamp", 50).looked_through is None
    monkeypatch.setattr(searching, "LOOKED_THROUGH", 1)
    result = database.read_now(searching.search, select(Conversation), "lamp", 50)
    assert [one["id"] for one in result.conversations] == [omar]
    assert result.looked_through == 1


def test_what_the_desk_itself_said_is_not_searched_nor_are_signs_special(database: Database) -> None:
    maya = asks(database, "maya")
    assert found(database, "see everything above") == []
    assert found(database, "a person please") == [maya]
    assert found(database, "%") == []
    assert found(database, "_ person") == []
