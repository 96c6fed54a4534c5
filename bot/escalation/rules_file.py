"""The authors' rules, read again whenever the file has changed: new thresholds count from the next message on."""

import logging
import os
from pathlib import Path

import tomli

from handoff.escalation_rules import Rules, RulesError

RULES_FILE = Path(__file__).parents[2] / "data" / "handoff" / "escalation.toml"

logger = logging.getLogger(__name__)


def read(path: Path) -> Rules:
    """Raises RulesError, with the file's name, for a mistake in it; OSError when it can't be read."""
    try:
        return Rules.from_table(tomli.loads(path.read_text(encoding="utf-8")))
    except (RulesError, ValueError) as error:
        raise RulesError(f"{path.name}: {error}") from error


class RulesFile:
    """The rules as they are now. A mistake made while the bot runs is logged once, and the rules before it stay."""

    def __init__(self, path: Path = RULES_FILE) -> None:
        """Raises what :func:`read` raises: a bot never starts on rules that it can't use."""
        self._path = path
        self._changed = _changed(path)
        self._rules = read(path)

    def current(self) -> Rules:
        """One look at the file's date, as a rule."""
        changed = _changed(self._path)
        if changed != self._changed:
            self._changed = changed
            try:
                self._rules = read(self._path)
                logger.info("New escalation rules %s from %s", self._rules.version, self._path)
            except (RulesError, OSError) as error:
                logger.error("The escalation rules stay as they were: %s", error)
        return self._rules


def _changed(path: Path) -> tuple[int, int]:
    try:
        found = os.stat(path)  # noqa: PTH116 (once a message)
    except FileNotFoundError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)
