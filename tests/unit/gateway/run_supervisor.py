"""Runs a supervisor over fake processes, for the test that kills it: `run_supervisor.py HOME PORT…`."""

import asyncio
import sys
from pathlib import Path

from connectors.gateway.settings import Settings
from connectors.gateway.supervisor import Supervisor
from connectors.gateway.terminal import Terminal
from tests.unit.gateway.desk_of_fakes import fake_spec, nothing_more

if __name__ == "__main__":
    settings = Settings(home=Path(sys.argv[1]), log_format="text")
    specs = [fake_spec(f"fake-{port}", int(port)) for port in sys.argv[2:]]
    asyncio.run(Supervisor(settings, specs, Terminal(settings), nothing_more).run())
