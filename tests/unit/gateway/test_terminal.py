"""What the operator sees, on a terminal and in a file."""

import io
import json
from pathlib import Path

import pytest

from connectors.gateway.settings import Settings
from connectors.gateway.terminal import Terminal


class Screen(io.StringIO):
    """A terminal with somebody in front of it."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("out", "format_of_children"), [(Screen(), "text"), (io.StringIO(), "json")])
def test_children_write_for_whoever_reads_the_supervisor(
    tmp_path: Path, out: io.StringIO, format_of_children: str
) -> None:
    settings = Settings(home=tmp_path)
    assert Terminal(settings, out).for_children(settings).log_format == format_of_children


def test_a_person_sees_whose_line_it_is_without_addresses(tmp_path: Path) -> None:
    out = Screen()
    Terminal(Settings(home=tmp_path), out).line("gateway", "\x1b[31mcould not write to maya@example.com\x1b[0m\n")
    assert out.getvalue() == "\x1b[32mgateway  \x1b[0m | could not write to [e-mail]\n"


def test_a_machine_gets_one_object_a_line_whatever_a_process_wrote(tmp_path: Path) -> None:
    out = io.StringIO()
    terminal = Terminal(Settings(home=tmp_path), out)
    terminal.line("gateway", '{"event": "turn", "level": "info"}')
    terminal.line("rasa", "Rasa server is up and running.")
    terminal.line("rasa", "")
    own, wrapped = map(json.loads, out.getvalue().splitlines())
    assert own == {"process": "gateway", "event": "turn", "level": "info"}
    assert (wrapped["process"], wrapped["event"]) == ("rasa", "Rasa server is up and running.")
