"""`python -m bot run -i 127.0.0.1 …` is `rasa run …`, started lean: see bot/lean_imports.py."""

import argparse
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
        leave_out_neural_components(_configurations(sys.argv[2:]))
        from bot import one_reading

        one_reading.apply()
    from rasa.__main__ import main as rasa

    sys.argv[0] = "rasa"
    rasa()


def _configurations(arguments: list[str]) -> list[Path]:
    """What the arguments of `rasa train` name, or the one that Rasa reads when none is named."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("-c", "--config", nargs="+", type=Path, default=[Path("config.yml")])
    configurations: list[Path] = parser.parse_known_args(arguments)[0].config
    return configurations


if __name__ == "__main__":
    main()
