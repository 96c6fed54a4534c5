"""`python -m bot run -i 127.0.0.1 …` is `rasa run …`, started lean: see bot/lean_imports.py."""

import os
import sys

from bot.lean_imports import defer, leave_out_training_checks


def main() -> None:
    """Takes the arguments of the `rasa` command."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    defer()
    if sys.argv[1:2] == ["run"]:
        leave_out_training_checks()
        # A message is a few small matrices: OpenBLAS's other threads would spin for longer than they would help.
        os.environ.setdefault("OMP_NUM_THREADS", "1")
    from rasa.__main__ import main as rasa

    sys.argv[0] = "rasa"
    rasa()


if __name__ == "__main__":
    main()
