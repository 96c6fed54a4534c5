"""`python -m bot run -i 127.0.0.1 …` is `rasa run …`, started lean: see bot/lean_imports.py."""

import os
import sys
from pathlib import Path

from bot.lean_imports import defer, leave_out_neural_components, leave_out_training_checks


def main() -> None:
    """Takes the arguments of the `rasa` command."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    defer()
    if sys.argv[1:2] == ["run"]:
        leave_out_training_checks()
        # A message is a few small matrices: OpenBLAS's other threads would spin for longer than they would help.
        os.environ.setdefault("OMP_NUM_THREADS", "1")
    if sys.argv[1:2] == ["train"]:
        leave_out_neural_components(_configuration(sys.argv[2:]))
        from bot import one_reading

        one_reading.apply()
    from rasa.__main__ import main as rasa

    sys.argv[0] = "rasa"
    rasa()


def _configuration(arguments: list[str]) -> str:
    """The text of all YAML files that a command names, and of the one that Rasa reads when none is named."""
    named = {"config.yml", *(argument.rpartition("=")[2] for argument in arguments)}
    files = [Path(name) for name in sorted(named) if name.endswith((".yml", ".yaml"))]
    return "\n".join(file.read_text(encoding="utf-8") for file in files if file.is_file())


if __name__ == "__main__":
    main()
