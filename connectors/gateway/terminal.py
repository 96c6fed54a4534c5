"""One terminal for several processes: each line says whose it is."""

import json
import re
import sys
from datetime import UTC, datetime
from typing import TextIO

from connectors.gateway.logs import as_text, mask_words
from connectors.gateway.settings import Settings

COLOURS = {"frontdesk": "36", "gateway": "32", "actions": "33"}
RASA_COLOUR = "35"
COLOUR = re.compile(r"\x1b\[[0-9;]*m")  # a child's own, which would run into the next line
WIDTH = max(len(name) for name in COLOURS)


class Terminal:
    """Writes lines for people (`gateway   | started`) or for machines (JSON with a `process` key)."""

    def __init__(self, settings: Settings, out: TextIO = sys.stdout) -> None:
        self._out = out
        self.for_people = as_text(settings, out)
        self._coloured = self.for_people and out.isatty()

    def for_children(self, settings: Settings) -> Settings:
        """Settings that say how this terminal is read: a child sees only a pipe."""
        return settings.model_copy(update={"log_format": "text" if self.for_people else "json"})

    def line(self, process: str, text: str) -> None:
        """Show one line of a process. Addresses and tokens are masked, whoever wrote them."""
        text = mask_words(COLOUR.sub("", text).rstrip())
        if not text:
            return
        print(self._for_people(process, text) if self.for_people else _as_json(process, text), file=self._out)
        self._out.flush()

    def notice(self, text: str) -> None:
        """Show words meant for whoever started us, as they are: a one-time password may be among them."""
        print(text, file=self._out, flush=True)

    def _for_people(self, process: str, text: str) -> str:
        name = process.ljust(WIDTH)
        if self._coloured:
            name = f"\x1b[{COLOURS.get(process, RASA_COLOUR)}m{name}\x1b[0m"
        return f"{name} | {text}"


def _as_json(process: str, text: str) -> str:
    try:
        entry = json.loads(text)
    except ValueError:
        entry = None
    if not isinstance(entry, dict):
        entry = {"event": text, "level": "info", "timestamp": datetime.now(UTC).isoformat()}
    return json.dumps({"process": process} | entry)
