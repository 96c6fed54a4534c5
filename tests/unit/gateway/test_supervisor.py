"""The supervisor starts what a desk needs, restarts what dies, and leaves nothing behind."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from connectors.gateway.home import HomeBusyError, hold_home, kill_leftovers, remember_processes, running_processes
from connectors.gateway.settings import ROOT
from connectors.gateway.supervisor import (
    GATEWAY_GRACE_SECONDS,
    LONGEST_PAUSE_SECONDS,
    OTHERS_GRACE_SECONDS,
    PortInUseError,
    restart_pause,
)
from tests.free_ports import free_port
from tests.unit.gateway.desk_of_fakes import FAKE, PATIENCE_SECONDS, DeskOfFakes, fake_spec


@pytest.fixture
def sleeper() -> Iterator[psutil.Process]:
    """Some process that would run on for ever."""
    with subprocess.Popen([sys.executable, str(FAKE), str(free_port())], stdout=subprocess.DEVNULL) as process:
        yield psutil.Process(process.pid)
        process.kill()


async def test_every_process_is_started_and_announced(tmp_path: Path) -> None:
    desk = DeskOfFakes(tmp_path, [fake_spec("gateway", free_port()), fake_spec("rasa", free_port())])
    async with desk.running():
        assert set(await desk.next_ready(2)) == {"gateway", "rasa"}
    assert "gateway   | serving [e-mail]" in desk.output


async def test_a_killed_process_is_started_again(tmp_path: Path) -> None:
    desk = DeskOfFakes(tmp_path, [fake_spec("gateway", free_port()), fake_spec("rasa", free_port())])
    async with desk.running():
        await desk.next_ready(2)
        first = desk.process("rasa")
        first.kill()
        assert await desk.next_ready() == ["rasa"]
        assert desk.process("rasa").pid != first.pid
    assert "rasa was ended by SIGKILL; starting it again in 0.5 s" in desk.output


async def test_a_program_that_is_not_there_does_not_take_the_others_down(tmp_path: Path) -> None:
    missing = fake_spec("rasa", free_port())
    missing = type(missing)(**{**vars(missing), "command": ("/nowhere/python",)})
    desk = DeskOfFakes(tmp_path, [fake_spec("gateway", free_port()), missing])
    async with desk.running():
        assert await desk.next_ready() == ["gateway"]
    assert "rasa cannot be started" in desk.output


async def test_stopping_ends_even_a_process_that_will_not(tmp_path: Path) -> None:
    desk = DeskOfFakes(tmp_path, [fake_spec("gateway", free_port()), fake_spec("rasa", free_port(), "stubborn")])
    async with desk.running():
        await desk.next_ready(2)
        processes = [desk.process("gateway"), desk.process("rasa")]
    assert not any(process.is_running() for process in processes)
    assert running_processes(tmp_path) == {}
    assert desk.output.rstrip().endswith("stopped")


async def test_a_taken_port_is_one_clear_line_and_nothing_is_started(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        desk = DeskOfFakes(tmp_path, [fake_spec("gateway", free_port()), fake_spec("rasa", port)])
        with pytest.raises(PortInUseError, match=f"^Port {port} for rasa is in use.*set RASA_PORT$"):
            await desk.supervisor.run()
    assert running_processes(tmp_path) == {}


async def test_a_second_supervisor_of_the_same_home_is_refused(tmp_path: Path) -> None:
    desk = DeskOfFakes(tmp_path, [fake_spec("gateway", free_port())])
    with hold_home(tmp_path), pytest.raises(HomeBusyError, match="already runs"):
        await desk.supervisor.run()


def test_a_killed_supervisor_takes_its_processes_along(tmp_path: Path) -> None:
    program = Path(__file__).with_name("run_supervisor.py")
    ports = [str(free_port()), str(free_port())]
    command = [sys.executable, "-m", f"tests.unit.gateway.{program.stem}", str(tmp_path), *ports]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        ready = 0
        while ready < 2:
            line = supervisor.stdout.readline()
            assert line, "the supervisor ended"
            ready += " ready after " in line
        children = psutil.Process(supervisor.pid).children()
        supervisor.kill()
    assert len(children) == 2
    kill_leftovers(tmp_path)  # what the next supervisor does first; on Linux the kernel was faster
    gone, alive = psutil.wait_procs(children, timeout=PATIENCE_SECONDS)
    assert (len(gone), alive) == (2, [])


def test_leftovers_of_a_killed_supervisor_are_ended(tmp_path: Path, sleeper: psutil.Process) -> None:
    remember_processes(tmp_path, {"rasa": sleeper.pid})
    assert kill_leftovers(tmp_path) == ["rasa"]
    assert not sleeper.is_running()


def test_a_process_id_that_went_to_another_program_is_left_alone(tmp_path: Path, sleeper: psutil.Process) -> None:
    remember_processes(tmp_path, {"rasa": sleeper.pid})
    memory = tmp_path / "processes.json"
    memory.write_text(memory.read_text().replace(str(sleeper.create_time()), "1.0"))
    assert kill_leftovers(tmp_path) == []
    assert sleeper.is_running()


def test_ctrl_c_ends_even_what_will_not_within_ten_seconds() -> None:
    assert GATEWAY_GRACE_SECONDS + OTHERS_GRACE_SECONDS < 10


def test_pauses_double_up_to_half_a_minute() -> None:
    assert [restart_pause(failures) for failures in (1, 2, 3, 4)] == [0.5, 1, 2, 4]
    assert restart_pause(50) == LONGEST_PAUSE_SECONDS
