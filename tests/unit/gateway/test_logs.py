"""No message text, address or token reaches a log line at INFO or above."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from sqlalchemy.exc import IntegrityError

from connectors.gateway.logs import set_up_logs
from connectors.gateway.settings import Settings

TELEGRAM_TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
SECRETS = ("maya.lindqvist@example.com", TELEGRAM_TOKEN, "xoxb-1234-5678-abcdefgh", "hunter2", "where is my parcel")


@pytest.fixture(autouse=True)
def loggers_as_they_were() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, ours = root.handlers[:], root.level, structlog.get_config()
    yield
    root.handlers[:], root.level = handlers, level
    structlog.configure(**ours)


def lines_of(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_the_words_of_a_customer_are_hidden_at_info(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(Settings(log_format="json"))
    structlog.get_logger("desk").info(
        "message accepted",
        conversation="c_1",
        text="where is my parcel",
        customer={"email": "maya.lindqvist@example.com", "note": "hunter2"},
        seen=["ask maya.lindqvist@example.com", 3],
    )
    (line,) = lines_of(capsys)
    assert not any(secret in json.dumps(line) for secret in SECRETS)
    assert (line["event"], line["conversation"], line["level"]) == ("message accepted", "c_1", "info")
    assert line["seen"] == ["ask [e-mail]", 3]


def test_debug_shows_words_but_never_tokens(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(Settings(log_format="json", log_level="debug"))
    structlog.get_logger("desk").debug("turn", text="where is my parcel", token="hunter2")
    (line,) = lines_of(capsys)
    assert line["text"] == "where is my parcel"
    assert line["token"] == "[hidden]"


def test_tokens_in_the_lines_of_libraries_are_masked(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(Settings(log_format="json"))
    library = logging.getLogger("some.library")
    library.warning("POST https://api.telegram.org/bot%s/sendMessage failed", TELEGRAM_TOKEN)
    library.warning("Authorization: Bearer xoxb-1234-5678-abcdefgh for %s", "maya.lindqvist@example.com")
    library.error("cannot reach postgresql+asyncpg://ana:hunter2@db/desk")
    lines = lines_of(capsys)
    assert len(lines) == 3
    assert not any(secret in json.dumps(lines) for secret in SECRETS)


def test_a_failed_statement_does_not_show_its_parameters(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(Settings(log_format="json"))
    refused = IntegrityError("INSERT INTO message", {"text": "where is my parcel"}, ValueError("UNIQUE"))
    try:
        raise refused
    except IntegrityError:
        structlog.get_logger("desk").exception("could not store")
        logging.getLogger("some.library").exception("could not store")
    ours, theirs = lines_of(capsys)
    for line in (ours, theirs):
        assert "UNIQUE" in str(line["exception"])
        assert "where is my parcel" not in json.dumps(line)


def test_people_get_text_and_machines_get_json(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(Settings(log_format="text"))
    structlog.get_logger("desk").info("gateway ready", port=8000)
    line = capsys.readouterr().err
    assert "gateway ready" in line
    assert "port=8000" in line
    assert not line.startswith("{")
