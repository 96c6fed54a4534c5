"""Accounts and passwords."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2.low_level import Type

from handoff import agents, passwords, sessions
from handoff.database import Database
from tests.databases import new_sqlite_database
from tests.people import NOON, at


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(new_sqlite_database(tmp_path))
    yield database
    database.close()


def add(database: Database, email: str = "Ana@Example.com", name: str = "Ana", role: str = "agent") -> agents.AgentView:
    return database.write_now(agents.add_agent, email, name, role, "-", NOON)


def test_an_empty_desk_gets_one_admin_with_a_password_that_works(database: Database) -> None:
    made = database.write_now(agents.ensure_first_admin, NOON)
    assert made is not None
    email, password = made
    known = database.read_now(sessions.known_hash, email)
    assert passwords.check(password, known).right
    assert database.read_now(agents.all_views)[0]["role"] == "admin"
    assert database.write_now(agents.ensure_first_admin, NOON) is None


def test_a_desk_with_anybody_in_it_gets_no_admin(database: Database) -> None:
    add(database)
    assert database.write_now(agents.ensure_first_admin, NOON) is None


def test_an_address_is_one_account_in_any_spelling(database: Database) -> None:
    assert add(database)["email"] == "ana@example.com"
    with pytest.raises(agents.AddressTaken):
        add(database, email=" ANA@example.COM ")


@pytest.mark.parametrize(
    ("email", "name", "role"),
    [
        ("ana", "Ana", "agent"),
        ("@example.com", "Ana", "agent"),
        ("ana@", "Ana", "agent"),
        ("a b@example.com", "Ana", "agent"),
        ("x" * 250 + "@example.com", "Ana", "agent"),
        ("ana@example.com", "  ", "agent"),
        ("ana@example.com", "x" * 81, "agent"),
        ("ana@example.com", "Ana", "boss"),
    ],
)
def test_an_account_that_makes_no_sense_is_refused(database: Database, email: str, name: str, role: str) -> None:
    with pytest.raises(agents.BadField):
        add(database, email, name, role)
    assert database.read_now(agents.all_views) == []


def test_a_disabled_account_is_listed_no_more_and_has_no_password(database: Database) -> None:
    add(database)
    database.write_now(agents.disable_agent, "ana@example.com", at(1))
    assert database.read_now(agents.all_views) == []
    assert database.read_now(sessions.known_hash, "ana@example.com") is None
    with pytest.raises(agents.NoAgent):
        database.write_now(agents.disable_agent, "ana@example.com", at(2))
    with pytest.raises(agents.NoAgent):
        database.write_now(agents.set_password, "nobody@example.com", "-")


def test_passwords_are_kept_as_strongly_as_rfc_9106_asks() -> None:
    assert passwords.HASHER.type is Type.ID
    assert (passwords.HASHER.time_cost, passwords.HASHER.memory_cost) >= (3, 64 * 1024)


@pytest.mark.parametrize("password", ["", "short", "x" * 201])
def test_a_password_has_a_length(password: str) -> None:
    with pytest.raises(passwords.WeakPassword):
        passwords.new_hash(password)


def test_only_the_right_password_fits_and_nobodys_never_does() -> None:
    kept = passwords.new_hash("correct horse battery")
    assert passwords.check("correct horse battery", kept) == passwords.Verdict(right=True)
    assert not passwords.check("correct horse batterz", kept).right
    assert not passwords.check("correct horse battery", None).right
    assert not passwords.check("correct horse battery", "not a hash").right


def test_one_time_passwords_differ_and_are_long_enough() -> None:
    made = {passwords.one_time_password() for _ in range(50)}
    assert len(made) == 50
    assert all(len(password) >= passwords.MIN_LENGTH for password in made)
