"""`frontdesk serve`: what a desk says and does from start to stop."""

import asyncio
from datetime import UTC, datetime

from connectors.gateway.home import with_internal_token
from connectors.gateway.models import ModelStore, fingerprint_of_inputs
from connectors.gateway.processes import ProcessSpec, actions_process, gateway_process, rasa_processes
from connectors.gateway.settings import Settings
from connectors.gateway.supervisor import Supervisor
from connectors.gateway.tables import check_tables
from connectors.gateway.terminal import Terminal
from handoff.agents import ensure_first_admin
from handoff.database import Database


def serve(settings: Settings) -> None:
    """Run the whole desk until Ctrl-C. Raises what `Supervisor.run` and `check_tables` raise, and ModelChangedError."""
    settings = with_internal_token(settings)
    check_tables(settings.database_url)
    terminal = Terminal(settings)
    settings = terminal.for_children(settings)
    welcome = Welcome(settings, terminal)
    supervisor = Supervisor(settings, _processes(settings, terminal), terminal, welcome.on_ready)
    asyncio.run(supervisor.run())


class Welcome:
    """Once the gateway answers, says where it is; on a desk without accounts, also how to get in."""

    def __init__(self, settings: Settings, terminal: Terminal) -> None:
        self._settings = settings
        self._terminal = terminal
        self._said = False

    async def on_ready(self, process: str) -> None:
        if process != "gateway" or self._said:
            return
        self._said = True
        url = self._settings.public_url
        lines = [f"Shop with chat   {url}/", f"Agents' desk     {url}/desk"]
        admin = await asyncio.to_thread(_first_admin, self._settings.database_url)
        if admin:
            lines.append(f"Sign in as       {admin[0]}   password {admin[1]}   (shown this once)")
        self._terminal.notice("\n" + "\n".join(f"    {line}" for line in lines) + "\n")


def _processes(settings: Settings, terminal: Terminal) -> list[ProcessSpec]:
    """The gateway always; Rasa only with a model. Without one people still reach people."""
    store = ModelStore(settings.models_dir)
    model = store.verified(fingerprint_of_inputs())
    if model is None:
        model = store.newest()
        lacking = (
            "data/ has changed since the last training: serving the model from before" if model else "no model yet"
        )
        terminal.line("frontdesk", f"{lacking}; run `frontdesk train` and start again")
    rasas = rasa_processes(settings, model) if model else []
    return [gateway_process(settings), actions_process(settings), *rasas]


def _first_admin(database_url: str) -> tuple[str, str] | None:
    database = Database(database_url, connections=1)
    try:
        return database.write_now(ensure_first_admin, datetime.now(UTC))
    finally:
        database.close()
