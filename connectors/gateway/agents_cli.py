"""`frontdesk agents`: who may sign in at the desk."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, TypeVar

import typer
from sqlalchemy.orm import Session

from connectors.gateway.settings import read_settings
from handoff import agents as accounts
from handoff.database import Database
from handoff.passwords import WeakPassword, new_hash

T = TypeVar("T")
Email = Annotated[str, typer.Argument(help="The address they sign in with.")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]
REFUSALS = (accounts.AddressTaken, accounts.BadField, accounts.NoAgent, WeakPassword)

agents = typer.Typer(no_args_is_help=True, help="Who may sign in at the desk.")


@agents.command()
def add(
    email: Email,
    name: Annotated[str, typer.Option(help="The name that customers see.")],
    role: Annotated[str, typer.Option(help=f"One of {', '.join(accounts.ROLES)}.")] = "agent",
    password_stdin: FromStdin = False,
) -> None:
    """Add an account."""
    password = _password(password_stdin)
    agent = _change(
        lambda session: accounts.add_agent(session, email, name, role, new_hash(password), datetime.now(UTC))
    )
    typer.echo(f"{agent['name']} can sign in as {agent['email']} ({agent['role']}).")


@agents.command("list")
def list_agents() -> None:
    """Show everyone who can sign in."""
    for agent in _change(accounts.all_views):
        presence = "present" if agent["present"] else "away"
        typer.echo(f"{agent['email']:<36} {agent['name']:<24} {agent['role']:<12} {presence}")


@agents.command()
def disable(email: Email) -> None:
    """End an account: signed out everywhere, and no way back in."""
    agent = _change(lambda session: accounts.disable_agent(session, email, datetime.now(UTC)))
    typer.echo(f"{agent['email']} can no longer sign in.")


@agents.command("set-password")
def set_password(email: Email, password_stdin: FromStdin = False) -> None:
    """Give an account a new password, unlock it, and sign it out everywhere."""
    password = _password(password_stdin)
    agent = _change(lambda session: accounts.set_password(session, email, new_hash(password)))
    typer.echo(f"{agent['email']} has a new password.")


@agents.command("skills")
def set_skills(
    email: Email,
    skills: Annotated[list[str] | None, typer.Argument(help="Such as returns or lang-de; none clears them.")] = None,
) -> None:
    """Note what an agent is good at: tickets that call for it are offered to them first."""
    agent = _change(lambda session: accounts.set_skills(session, email, skills or []))
    typer.echo(f"{agent['email']}: {', '.join(agent['skills']) or 'no particular skills'}.")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


def _change(work: Callable[[Session], T]) -> T:
    """Run `work` in one transaction; a refusal is one line on stderr and exit status 1."""
    database = Database(read_settings().database_url, connections=1)
    try:
        return database.write_now(work)
    except REFUSALS as refusal:
        typer.echo(f"frontdesk: {refusal}", err=True)
        raise typer.Exit(1) from None
    finally:
        database.close()
