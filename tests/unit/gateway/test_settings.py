"""Settings are read once; wrong ones fail at start, each with one clear line."""

import re
from pathlib import Path

import pytest

from connectors.gateway.settings import ROOT, Settings, SettingsError, known_names, read_settings


@pytest.fixture
def env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in known_names():
        monkeypatch.delenv(name, raising=False)
    return tmp_path / ".env"


def problems(env_file: Path) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        read_settings(env_file)
    return caught.value.lines


def test_with_nothing_set_everything_lives_in_var_on_loopback(env_file: Path) -> None:
    settings = read_settings(env_file)
    assert settings.home == ROOT / "var"
    assert settings.database_url == f"sqlite:///{ROOT / 'var' / 'frontdesk.db'}"
    assert settings.rasa_urls == ("http://127.0.0.1:5005",)
    assert settings.public_url == settings.local_url == "http://127.0.0.1:8000"


def test_the_environment_wins_over_the_env_file(env_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env_file.write_text("FRONTDESK_PORT=8100\nFRONTDESK_RASA_PORT=5100\n")
    monkeypatch.setenv("FRONTDESK_PORT", "8200")
    settings = read_settings(env_file)
    assert (settings.port, settings.rasa_port) == (8200, 5100)


def test_plain_environment_names_such_as_home_and_port_mean_nothing(
    env_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/somewhere/else")
    monkeypatch.setenv("PORT", "1")
    settings = read_settings(env_file)
    assert (settings.home, settings.port) == (ROOT / "var", 8000)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_a_database_is_named_plainly_and_the_bot_shares_postgres(scheme: str) -> None:
    settings = Settings(database_url=f"{scheme}://maya:pw@db/desk")
    assert settings.database_url == settings.bot_database_url == "postgresql://maya:pw@db/desk"


def test_on_sqlite_each_part_has_its_own_file(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    files = {settings.database_url, settings.shop_database_url, settings.bot_database_url}
    assert files == {f"sqlite:///{tmp_path / name}" for name in ("frontdesk.db", "shop.db", "bot.db")}


def test_every_wrong_value_gets_one_line_with_its_name(env_file: Path) -> None:
    env_file.write_text(
        "FRONTDESK_PORT=lots\nDATABASE_URL=mysql://a@b/c\nFRONTDESK_RASA_URLS=http://10.0.0.9:5005\n"
        "SLACK_API_URL=slack.com\nFRONTDESK_BOT_DEADLINE_SECONDS=0\n"
    )
    lines = problems(env_file)
    assert {line.split(":")[0] for line in lines} == {
        "FRONTDESK_PORT",
        "DATABASE_URL",
        "FRONTDESK_RASA_URLS",
        "SLACK_API_URL",
        "FRONTDESK_BOT_DEADLINE_SECONDS",
    }
    assert all("\n" not in line for line in lines)


def test_a_misspelt_name_is_refused_with_the_right_one(env_file: Path) -> None:
    env_file.write_text("FRONTDESK_PROT=8000\n")
    assert problems(env_file) == ["FRONTDESK_PROT: no such setting; did you mean FRONTDESK_PORT?"]


def test_a_wrong_secret_is_not_repeated(env_file: Path) -> None:
    env_file.write_text("DATABASE_URL=mysql://ana:hunter2@db/desk\n")
    assert "hunter2" not in " ".join(problems(env_file))


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    settings = Settings(database_url="postgresql://ana:hunter2@db/desk", telegram_bot_token="123:hunter2")
    assert "hunter2" not in repr(settings)


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().port = 1  # type: ignore[misc]


def test_the_example_file_lists_exactly_the_settings_there_are() -> None:
    listed = re.findall(r"^#?([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), flags=re.MULTILINE)
    assert sorted(listed) == sorted(known_names())


def test_the_example_file_shows_true_defaults(env_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    example = (ROOT / ".env.example").read_text()
    plain = ("FRONTDESK_HOST", "FRONTDESK_PORT", "FRONTDESK_HOME", "FRONTDESK_LOG_FORMAT", "FRONTDESK_LOG_LEVEL",
             "FRONTDESK_RASA_PORT", "FRONTDESK_ACTIONS_PORT", "FRONTDESK_BOT_DEADLINE_SECONDS",
             "TELEGRAM_API_URL", "SLACK_API_URL")  # fmt: skip
    defaults = read_settings(env_file)
    for name in plain:
        monkeypatch.setenv(name, re.search(rf"^#{name}=(.*)$", example, flags=re.MULTILINE)[1])  # type: ignore[index]
    assert read_settings(env_file) == defaults
