"""The `frontdesk` command."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable

import typer
from sqlalchemy.exc import DBAPIError

from connectors.gateway import doctor as examination
from connectors.gateway import serving, training
from connectors.gateway.agents_cli import agents
from connectors.gateway.escalations_cli import escalations
from connectors.gateway.home import HomeBusyError, with_internal_token
from connectors.gateway.logs import mask_words, set_up_logs
from connectors.gateway.models import ModelChangedError
from connectors.gateway.processes import BOT_ENVIRONMENT, rasa_environment
from connectors.gateway.settings import ROOT, SettingsError, read_settings
from connectors.gateway.supervisor import PortInUseError
from connectors.gateway.tables import TablesOutdatedError
from connectors.gateway.training import TrainingFailedError
from connectors.slack.cli import slack
from connectors.telegram.cli import telegram
from handoff import database, desk_rules
from handoff.desk_rules import BadRulesError
from handoff.explicit_ask import asks_for_person

EXPECTED = (
    SettingsError,
    BadRulesError,
    HomeBusyError,
    PortInUseError,
    ModelChangedError,
    TablesOutdatedError,
    TrainingFailedError,
)
DISK_TROUBLE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.ENOTDIR, errno.EEXIST)
GRACEFUL_SECONDS = 4.0  # the supervisor kills after six

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.add_typer(agents, name="agents")
app.add_typer(escalations, name="escalations")
app.add_typer(telegram, name="telegram")
app.add_typer(slack, name="slack")


@app.callback()
def frontdesk() -> None:
    """A support desk: the bot answers first, a person is always one message away."""


@app.command()
def serve() -> None:
    """Start gateway, Rasa and actions, keep them running, and stop them on Ctrl-C."""
    settings = read_settings()
    desk_rules.read(desk_rules.file_for(settings.home))  # a mistake in it is said here, before anything starts
    serving.serve(settings)


@app.command()
def gateway() -> None:
    """Run one gateway in this process, without Rasa and actions."""
    from connectors.gateway.app import create_app  # half a second that no other command needs

    settings = with_internal_token(read_settings())
    set_up_logs(settings)
    sanic = create_app(settings)
    asks_for_person("hello")  # it makes ready what it looks for on first use; no customer should wait for that
    sanic.config.GRACEFUL_SHUTDOWN_TIMEOUT = GRACEFUL_SECONDS
    sanic.run(settings.host, settings.port, single_process=True, motd=False, access_log=False)


@app.command()
def train() -> None:
    """Train the bot from data/, unless that is done."""
    training.train(read_settings(), typer.echo)


@app.command()
def migrate() -> None:
    """Bring the database's tables up to this version."""
    database.migrate(read_settings().database_url)


@app.command()
def doctor() -> None:
    """Check every part and say how to mend what is broken."""
    findings = examination.examine(read_settings())
    for finding in findings:
        typer.echo(finding.line())
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []})
def evaluate(context: typer.Context) -> None:
    """Measure the bot's understanding: `frontdesk evaluate --help` lists the options."""
    command = [str(BOT_ENVIRONMENT / "bin" / "python"), "-m", "bot.evaluate", *context.args]
    raise typer.Exit(subprocess.run(command, cwd=ROOT, env=rasa_environment(read_settings()), check=False).returncode)


def main() -> None:
    """Entry point: expected failures are one clear line each and exit status 1."""
    os.umask(0o077)  # what we write holds customers' words and password hashes
    explain_failures(app)


def explain_failures(run: Callable[[], object]) -> None:
    try:
        run()
    except EXPECTED as error:
        fail(str(error))
    except DBAPIError as error:
        fail(f"The database does not answer as it should: {error.orig}")
    except OSError as error:
        if error.errno not in DISK_TROUBLE:
            raise
        fail(f"{error.strerror}: {error.filename}. FRONTDESK_HOME needs a folder we can write, with room in it")


def fail(reason: str) -> None:
    typer.echo(mask_words(f"frontdesk: {reason}"), err=True)
    sys.exit(1)


if __name__ == "__main__":
    main()
