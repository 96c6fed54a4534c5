"""`frontdesk escalations`: what authors and operators read in the terminal."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from connectors.gateway.cli import app
from connectors.gateway.escalations_cli import RULES_FILE
from connectors.gateway.settings import known_names, read_settings
from handoff import turn_leases, turns, verdicts
from handoff.bot_reply import BotReply
from handoff.database import Database, migrate
from handoff.inbox import Inbound, accept
from handoff.schema import Conversation

SEEN = {"frustration": 0.8, "frustrated_before": 1.0}


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    for name in known_names():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FRONTDESK_HOME", str(tmp_path))
    url = read_settings().database_url
    migrate(url)
    return Database(url, connections=1)


def escalations(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["escalations", *arguments])


def hand_over(database: Database, needed: bool) -> str:
    """A conversation that the bot handed over, and what the agent said of it; returns its id."""
    now = datetime.now(UTC)
    evidence = [{"kind": "frustration", "text": "So."}]
    decision = {"rules": "abc", "outcome": "escalated", "reason": "frustrated", "score": 7.0, "points": {}}
    database.write_now(accept, Inbound(channel="web", address="maya", dedupe_key="m1", text="again!"), now)
    turn = database.write_now(turn_leases.take, "gateway-1", now)
    assert turn is not None
    reply = BotReply(
        [],
        handoff={"reason": "frustrated", "evidence": evidence},
        decision=decision | {"features": SEEN, "evidence": evidence},
    )
    assert database.write_now(turns.answer, turn, reply, now)
    database.write_now(lambda s: verdicts.judge(s, s.get_one(Conversation, turn.conversation_id), needed))
    return turn.conversation_id


def test_rules_that_can_be_used_are_said_to_be(database: Database) -> None:
    result = escalations("check")
    assert result.exit_code == 0
    assert "escalation.toml can be used" in result.output


@pytest.mark.parametrize(
    ("content", "words"),
    [("[thresholds", "escalation.toml: "), ("", "[thresholds] is missing"), ("[anger]", "'anger' means nothing here")],
)
def test_a_mistake_is_one_line_and_a_failure(database: Database, tmp_path: Path, content: str, words: str) -> None:
    file = tmp_path / "escalation.toml"
    file.write_text(content)
    result = escalations("check", "--rules", str(file))
    assert result.exit_code == 1
    assert words in result.output
    assert result.output.count("\n") == 1


def test_rules_that_are_not_there_are_a_failure_too(database: Database, tmp_path: Path) -> None:
    result = escalations("replay", "--rules", str(tmp_path / "none.toml"))
    assert result.exit_code == 1
    assert "can't be read: No such file" in result.output


def test_a_replay_names_whom_other_rules_would_have_spared(database: Database, tmp_path: Path) -> None:
    conversation_id = hand_over(database, needed=False)
    file = tmp_path / "gentler.toml"
    file.write_text(RULES_FILE.read_text().replace("escalate = 7 ", "escalate = 9 "))
    result = escalations("replay", "--rules", str(file), "--since", "1")
    assert result.exit_code == 0
    assert "1 decisions of the last 1 days" in result.output
    assert "A person sooner: 0." in result.output
    assert "No person, or only an offer of one: 1, of which agents found 0 needed and 1 not." in result.output
    assert f"escalated -> offered (7 points, found not needed)  {conversation_id}, case 1, message 1" in result.output


def test_a_replay_under_the_rules_in_use_changes_nothing(database: Database) -> None:
    hand_over(database, needed=True)
    result = escalations("replay")
    assert "A person sooner: 0." in result.output
    assert "or only an offer of one: 0." in result.output
