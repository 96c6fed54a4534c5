"""The home keeps one secret for its processes."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pydantic import SecretStr

from connectors.gateway.home import with_internal_token
from connectors.gateway.settings import Settings


def token_in(home: Path) -> str:
    settings = with_internal_token(Settings(home=home))
    assert settings.internal_token is not None
    return settings.internal_token.get_secret_value()


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    home = tmp_path / "var"
    token = token_in(home)
    assert len(token) > 40
    assert token_in(home) == token
    assert (home / "internal-token").stat().st_mode & 0o077 == 0


def test_several_that_start_at_once_agree_on_the_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as starters:
        tokens = set(starters.map(token_in, [tmp_path] * 8))
    assert len(tokens) == 1


def test_a_given_secret_wins(tmp_path: Path) -> None:
    settings = with_internal_token(Settings(home=tmp_path, internal_token=SecretStr("from the operator")))
    assert settings.internal_token == SecretStr("from the operator")
    assert list(tmp_path.iterdir()) == []
