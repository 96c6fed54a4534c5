"""Plays scripted conversations against the trained bot and counts who was handed to a person rightly, late or needlessly.

    .venv/bin/python -m bench.escalations [--held-out] [--details]

The customer's side is in tests/escalations; every message goes past the explicit-ask detector first, as in the gateway.
"""

import argparse
import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import aiohttp
import yaml

from connectors.gateway.processes import ProcessSpec, actions_process, rasa_processes
from connectors.gateway.settings import ROOT, Settings
from connectors.gateway.training import train
from handoff.explicit_ask import asks_for_person

SCRIPTS = ROOT / "tests" / "escalations"
TOKEN = "only-for-this-bench"  # noqa: S105
PATIENCE_SECONDS = 120
POLL_SECONDS = 0.2
LEVELS = {"answered": 0, "offered": 1, "escalated": 2}
MARKS = {"offer": {"offered"}, "escalate": {"escalated"}, "may": {"answered", "offered"}}

Verdict = Literal["right", "late", "needless"]


@dataclass(frozen=True)
class Line:
    """What the customer says, and what may happen there."""

    text: str
    outcomes: frozenset[str]


@dataclass(frozen=True)
class Script:
    """One conversation of a kind."""

    kind: str
    lines: tuple[Line, ...]

    @property
    def opening(self) -> str:
        return self.lines[0].text


@dataclass(frozen=True)
class Played:
    """How a conversation went: the outcome after each line, up to the one that fetched a person."""

    script: Script
    outcomes: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """By the first line at which something else happened than was marked."""
        for line, outcome in zip(self.script.lines, self.outcomes, strict=False):
            if outcome not in line.outcomes:
                too_much = LEVELS[outcome] > max(LEVELS[marked] for marked in line.outcomes)
                return "needless" if too_much else "late"
        return "right"


class Bot:
    """The bot's wire, with the gateway's detector in front."""

    def __init__(self, rasa_url: str, token: str, http: aiohttp.ClientSession) -> None:
        self._url = f"{rasa_url}/webhooks/frontdesk/turn"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._http = http

    async def play(self, script: Script) -> Played:
        """Says line after line until a person is fetched. Raises RuntimeError when the bot fails."""
        sender = f"c_{uuid.uuid4().hex}.1"
        outcomes: list[str] = []
        for line in script.lines:
            outcomes.append(await self._outcome(sender, line.text))
            if outcomes[-1] == "escalated":
                break
        return Played(script, tuple(outcomes))

    async def _outcome(self, sender: str, text: str) -> str:
        if asks_for_person(text):
            return "escalated"
        decision = (await self.turn(sender, text))["decision"]
        return decision["outcome"] if decision else "answered"

    async def turn(self, sender: str, text: str) -> dict[str, Any]:
        body = {"sender_id": sender, "message_id": uuid.uuid4().hex, "text": text, "metadata": {"channel": "web"}}
        async with self._http.post(self._url, json=body, headers=self._headers) as response:
            if response.status != 200:
                raise RuntimeError(f"the bot answered {response.status} to {text!r}: {await response.text()}")
            answer: dict[str, Any] = await response.json()
            return answer


def read_scripts(path: Path) -> list[Script]:
    """All conversations of a file under tests/escalations."""
    kinds = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [Script(kind, tuple(map(_line, lines))) for kind, scripts in kinds.items() for lines in scripts]


def _line(written: str | dict[str, str]) -> Line:
    if isinstance(written, str):
        return Line(written, frozenset({"answered"}))
    [(mark, text)] = written.items()
    return Line(text, frozenset(MARKS[mark]))


@asynccontextmanager
async def bot_on_its_own() -> AsyncIterator[Bot]:
    """The trained bot and its actions on free ports, with a shop and a memory of their own."""
    with tempfile.TemporaryDirectory() as home:
        model = train(Settings(home=ROOT / "var"), print)
        rasa_port, actions_port = _free_port(), _free_port()
        settings = Settings(
            home=Path(home), rasa_port=rasa_port, actions_port=actions_port, internal_token=TOKEN, log_format="text"
        )
        specs = [actions_process(settings), *rasa_processes(settings, model)]
        processes = list(_started(specs, Path(home)))
        try:
            async with aiohttp.ClientSession() as http:
                for spec in specs:
                    await _ready(spec, http)
                yield Bot(settings.rasa_urls[0], TOKEN, http)
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait()


def _started(specs: list[ProcessSpec], home: Path) -> Iterator[subprocess.Popen[bytes]]:
    for spec in specs:
        with (home / f"{spec.name}.log").open("wb") as log:
            yield subprocess.Popen(spec.command, cwd=ROOT, env=spec.environment, stdout=log, stderr=log)


async def _ready(spec: ProcessSpec, http: aiohttp.ClientSession) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                async with http.get(spec.ready_url, headers=spec.ready_headers) as response:
                    if response.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(POLL_SECONDS)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def figures(played: list[Played]) -> str:
    """A table of verdicts by kind, and their sum."""
    kinds = list(dict.fromkeys(one.script.kind for one in played))
    counts = {kind: Counter(one.verdict for one in played if one.script.kind == kind) for kind in kinds}
    counts["all"] = Counter(one.verdict for one in played)
    rows = [f"{'':34}{'right':>7}{'late':>7}{'needless':>10}"]
    rows += [f"{kind:34}{of['right']:7}{of['late']:7}{of['needless']:10}" for kind, of in counts.items()]
    return "\n".join(rows)


def details(played: list[Played]) -> str:
    """The conversations that went otherwise than marked, line by line."""
    wrong = [one for one in played if one.verdict != "right"]
    return "\n".join(f"\n{one.verdict}, {one.script.kind}\n{_lines(one)}" for one in wrong)


def _lines(played: Played) -> str:
    pairs = zip(played.script.lines, played.outcomes, strict=False)
    return "\n".join(
        f"  {outcome:10} (marked {'/'.join(sorted(line.outcomes))}) {line.text}" for line, outcome in pairs
    )


async def main(held_out: bool, with_details: bool) -> None:
    scripts = read_scripts(SCRIPTS / ("held_out.yml" if held_out else "tuned.yml"))
    async with bot_on_its_own() as bot:
        played = [await bot.play(script) for script in scripts]
    print(figures(played))
    if with_details:
        print(details(played))


if __name__ == "__main__":
    os.chdir(ROOT)
    parser = argparse.ArgumentParser(description=sys.modules[__name__].__doc__)
    parser.add_argument("--held-out", action="store_true", help="the conversations that no rule was tuned on")
    parser.add_argument("--details", action="store_true", help="also those that went otherwise than marked")
    arguments = parser.parse_args()
    asyncio.run(main(arguments.held_out, arguments.details))
