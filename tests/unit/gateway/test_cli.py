"""The `frontdesk` command: what operators' scripts rely on."""

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from connectors.gateway.cli import app, explain_failures
from connectors.gateway.settings import known_names, read_settings
from handoff.database import migrate

PASSWORD = "ana-likes-linen"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in known_names():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FRONTDESK_HOME", str(tmp_path))
    migrate(read_settings().database_url)
    return tmp_path


def frontdesk(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, arguments, input=typed)


def add_ana(**changes: str) -> Result:
    options = {"name": "Ana", "role": "agent"} | changes
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    return frontdesk("agents", "add", "Ana@Example.com", *words, "--password-stdin", typed=f"{PASSWORD}\n")


@pytest.mark.usefixtures("home")
def test_an_agent_is_added_listed_and_disabled() -> None:
    assert add_ana().output == "Ana can sign in as ana@example.com (agent).\n"
    assert re.match(r"ana@example\.com +Ana +agent +away", frontdesk("agents", "list").output)
    assert frontdesk("agents", "disable", "ana@example.com").exit_code == 0
    assert frontdesk("agents", "list").output == ""


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"role": "owner"}, "owner is not a role"), ({"name": " "}, "A name has 1 to 80 characters")],
)
def test_an_account_that_cannot_be_is_one_clear_line(changes: dict[str, str], reason: str) -> None:
    answer = add_ana(**changes)
    assert answer.exit_code == 1
    assert answer.output.count("\n") == 1
    assert reason in answer.output


@pytest.mark.usefixtures("home")
def test_a_weak_password_and_a_stranger_are_refused() -> None:
    assert "10 to 200" in frontdesk("agents", "add", "ben@example.com", "--name", "Ben", "--password-stdin").output
    refused = frontdesk("agents", "set-password", "ben@example.com", "--password-stdin", typed=f"{PASSWORD}\n")
    assert (refused.exit_code, "has no account" in refused.output) == (1, True)


@pytest.mark.usefixtures("home")
def test_a_typed_password_is_asked_for_twice_and_not_shown() -> None:
    answer = frontdesk("agents", "add", "ana@example.com", "--name", "Ana", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert answer.exit_code == 0
    assert PASSWORD not in answer.output


def test_what_it_writes_is_its_owners_alone(tmp_path: Path) -> None:
    environment = os.environ | {"FRONTDESK_HOME": str(tmp_path / "home"), "DATABASE_URL": ""}
    subprocess.run([sys.executable, "-m", "connectors.gateway.cli", "migrate"], env=environment, check=True)
    for path in (tmp_path / "home", tmp_path / "home" / "frontdesk.db"):
        assert path.stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("home")
def test_wrong_settings_end_every_command_with_one_line_each(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FRONTDESK_PORT", "lots")
    with pytest.raises(SystemExit) as ended:
        explain_failures(lambda: app(["migrate"], standalone_mode=False))
    assert ended.value.code == 1
    assert capsys.readouterr().err.startswith("frontdesk: FRONTDESK_PORT: should be a valid integer")


def test_a_database_that_is_away_is_one_line_without_its_password(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://desk:hunter2@127.0.0.1:1/desk")
    with pytest.raises(SystemExit):
        explain_failures(lambda: app(["migrate"], standalone_mode=False))
    said = capsys.readouterr().err
    assert said.startswith("frontdesk: The database does not answer")
    assert "hunter2" not in said


def test_the_doctor_names_what_is_missing_and_the_cure(home: Path) -> None:
    (home / "frontdesk.db").unlink()
    answer = frontdesk("doctor")
    assert answer.exit_code == 1
    assert "BAD model      none is trained\n               -> frontdesk train" in answer.output
    assert "-> frontdesk migrate" in answer.output
    assert not (home / "frontdesk.db").exists()


def test_the_doctor_tries_the_shops_database_too(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_DATABASE_URL", "postgresql://desk:hunter2@127.0.0.1:1/shop")
    said = frontdesk("doctor").output
    assert f"ok  home       {home}" in said
    assert "BAD shop       postgresql+psycopg://desk:***@127.0.0.1:1/shop: " in said
    assert "-> start it, or correct SHOP_DATABASE_URL" in said


def test_a_home_that_cannot_be_written_is_one_clear_line(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    not_a_folder = home / "frontdesk.db"
    monkeypatch.setenv("FRONTDESK_HOME", str(not_a_folder))
    with pytest.raises(SystemExit):
        explain_failures(lambda: app(["serve"], standalone_mode=False))
    assert "FRONTDESK_HOME needs a folder we can write" in capsys.readouterr().err
    assert f"BAD home       {not_a_folder} cannot be written" in frontdesk("doctor").output


def test_a_desk_without_tables_does_not_start_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in known_names():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FRONTDESK_HOME", str(tmp_path))
    with pytest.raises(SystemExit):
        explain_failures(lambda: app(["serve"], standalone_mode=False))
    assert capsys.readouterr().err == "frontdesk: The database has no tables yet; run `frontdesk migrate`\n"


def test_a_database_of_another_version_is_not_up_to_date(home: Path) -> None:
    with sqlite3.connect(home / "frontdesk.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    assert "The database has tables of version 0000, not " in frontdesk("doctor").output


@pytest.mark.usefixtures("home")
def test_the_options_of_evaluate_are_those_of_the_program_it_runs(capfd: pytest.CaptureFixture[str]) -> None:
    assert frontdesk("evaluate", "--help").exit_code == 0
    assert "--test TEST" in capfd.readouterr().out
