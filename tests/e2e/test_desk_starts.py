"""The desk starts as `make run` starts it, heals itself, and stops when asked."""

import subprocess
import sys
from pathlib import Path

import httpx
from playwright.async_api import Browser

from connectors.gateway.processes import environment
from connectors.gateway.settings import ROOT
from tests.e2e.stack import ANA, PATIENCE_SECONDS, Stack, running_stack


def test_every_process_answers_and_the_doctor_finds_nothing(stack: Stack) -> None:
    stack.wait_for_bot()
    command = [sys.executable, "-m", "connectors.gateway.cli", "doctor"]
    doctor = subprocess.run(
        command, cwd=ROOT, env=environment(stack.settings), capture_output=True, text=True, check=False
    )
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    for process in ("gateway", "actions", "rasa"):
        assert f"ok  {process}" in doctor.stdout


def test_an_agent_signs_in(stack: Stack) -> None:
    account = {"email": ANA.email, "password": ANA.password}
    answer = httpx.post(f"{stack.url}/api/session", json=account, timeout=PATIENCE_SECONDS)
    assert answer.status_code == 200
    assert answer.json()["agent"]["name"] == "Ana"


async def test_the_pages_open_in_a_browser_without_errors(stack: Stack, browser: Browser) -> None:
    page = await browser.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    for path in ("/", "/desk"):
        answer = await page.goto(stack.url + path)
        assert answer is not None
        assert answer.status == 200
        await page.wait_for_load_state("networkidle")
    assert errors == []


def test_a_killed_gateway_is_back_and_rasa_was_not_disturbed(stack: Stack) -> None:
    rasa, gateway = stack.process("rasa"), stack.process("gateway")
    stack.kill("gateway")
    stack.wait_for_gateway()
    assert stack.process("gateway").pid != gateway.pid
    assert rasa.is_running()


def test_ctrl_c_stops_everything_and_frees_the_ports(tmp_path: Path) -> None:
    with running_stack(tmp_path / "home") as desk:
        processes = [desk.process(name) for name in ("gateway", "actions", "rasa")]
        assert desk.stop() == 0
        assert not any(process.is_running() for process in processes)
        assert desk.start().process("gateway").pid not in [process.pid for process in processes]


def test_no_secret_or_address_is_in_the_log(stack: Stack) -> None:
    assert stack.settings.internal_token is not None
    log = stack.log()
    assert "ready after" in log
    assert stack.settings.internal_token.get_secret_value() not in log
    assert ANA.email not in log
