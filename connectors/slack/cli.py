"""`frontdesk slack`."""

import typer

from connectors.gateway.settings import read_settings
from connectors.slack.check import examine

slack = typer.Typer(no_args_is_help=True, help="Slack, for customers and agents.")


@slack.callback()
def about() -> None:
    """Slack, for customers and agents."""


@slack.command()
def check() -> None:
    """Ask Slack whether it knows us, and whether all scopes are granted."""
    findings = examine(read_settings())
    for finding in findings:
        typer.echo(finding.line())
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)
