"""New rules count from the next message on; a mistake in them changes nothing."""

import logging
import shutil
from pathlib import Path

import pytest

from bot.escalation.rules_file import RULES_FILE, RulesFile
from handoff.escalation_rules import RulesError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return Path(shutil.copy(RULES_FILE, tmp_path))


def rewrite(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_an_edited_threshold_is_used_at_once(file: Path) -> None:
    rules = RulesFile(file)
    before = rules.current()
    rewrite(file, "offer = 3 ", "offer = 2.75 ")
    assert rules.current().offer == 2.75
    assert rules.current().version != before.version


def test_a_mistake_is_logged_once_and_the_old_rules_stay(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    rules = RulesFile(file)
    before = rules.current()
    rewrite(file, "[signs.harm]", "[signs.harmful]")
    with caplog.at_level(logging.ERROR):
        assert rules.current() is before
        assert rules.current() is before
    assert ["signs.harmful: no such sign" in record.message for record in caplog.records] == [True]


def test_a_file_that_is_gone_for_a_moment_changes_nothing(file: Path) -> None:
    rules = RulesFile(file)
    before = rules.current()
    file.unlink()
    assert rules.current() is before


def test_the_bot_does_not_start_on_rules_it_cannot_use(file: Path) -> None:
    rewrite(file, "[thresholds]", "[threshold]")
    with pytest.raises(RulesError, match=r"escalation\.toml: the file: 'threshold' means nothing here"):
        RulesFile(file)
