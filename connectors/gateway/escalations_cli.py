"""`frontdesk escalations`: the rules by which the bot hands over, checked and tried on what was decided before."""

import sys
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from connectors.gateway.settings import ROOT, read_settings
from handoff import decisions
from handoff.database import Database
from handoff.decisions import Change, Replay
from handoff.escalation_rules import Rules, RulesError

RULES_FILE = ROOT / "data" / "handoff" / "escalation.toml"
RulesOption = Annotated[Path, typer.Option("--rules", help="The rules to use instead of those in use.")]

escalations = typer.Typer(no_args_is_help=True, help="When a conversation goes to a person.")


@escalations.command()
def check(rules: RulesOption = RULES_FILE) -> None:
    """Say whether the rules can be used."""
    found = _rules(rules)
    typer.echo(
        f"{rules.name} can be used: version {found.version}, {len(found.signs)} signs; "
        f"offers from {found.offer:g} points, fetches a person from {found.escalate:g}."
    )


@escalations.command()
def replay(
    rules: RulesOption = RULES_FILE,
    since: Annotated[int, typer.Option(help="How many days back.", min=1, max=365)] = 30,
) -> None:
    """Judge past decisions again by other rules, from what was seen then."""
    judged_by = _rules(rules)
    database = Database(read_settings().database_url, connections=1)
    try:
        found = database.read_now(decisions.replay, judged_by, datetime.now(UTC) - timedelta(days=since))
    finally:
        database.close()
    typer.echo(report(found, judged_by, since))


def report(found: Replay, rules: Rules, days: int) -> str:
    """The replay in words and lines, one line for each decision that would have been another."""
    lines = [f"{found.decisions} decisions of the last {days} days, judged again by version {rules.version}:"]
    lines += _section("A person sooner", found.sooner)
    lines += _section("No person, or only an offer of one", found.spared)
    return "\n".join(lines)


def _section(title: str, changes: list[Change]) -> list[str]:
    judged = [change.needed for change in changes if change.needed is not None]
    verdicts = f", of which agents found {judged.count(True)} needed and {judged.count(False)} not" if judged else ""
    return [f"\n{title}: {len(changes)}{verdicts}.", *map(_line, changes)]


def _line(change: Change) -> str:
    where = f"{change.conversation_id}, case {change.case_no}, message {change.seq}"
    verdict = {True: ", found needed", False: ", found not needed", None: ""}[change.needed]
    return (
        f"  {change.at:%Y-%m-%d %H:%M}  {change.before} -> {change.after} ({change.score:g} points{verdict})  {where}"
    )


def _rules(path: Path) -> Rules:
    try:
        return Rules.from_table(tomllib.loads(path.read_text(encoding="utf-8")))
    except (RulesError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        trouble = f"{path}: {error}"
    except OSError as error:
        trouble = f"{path} can't be read: {error.strerror}"
    typer.echo(trouble, err=True)
    sys.exit(1)
