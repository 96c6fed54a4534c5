"""Links by which an agent proves who they are in Slack."""

from datetime import UTC, datetime, timedelta

from connectors.desk_chats.link_tokens import GOOD_FOR, LinkTokens

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_a_link_names_who_it_was_made_for_until_it_is_too_old() -> None:
    tokens = LinkTokens("key", "slack")
    token = tokens.new("T0/U0ANA", "Ana", NOON)
    claimant = tokens.read(token, NOON + GOOD_FOR)
    assert claimant is not None
    assert (claimant.user, claimant.name) == ("T0/U0ANA", "Ana")
    assert tokens.read(token, NOON + GOOD_FOR + timedelta(seconds=1)) is None


def test_a_link_that_was_changed_or_made_by_others_is_none_of_ours() -> None:
    token = LinkTokens("key", "slack").new("T0/U0ANA", "Ana", NOON)
    assert LinkTokens("another key", "slack").read(token, NOON) is None
    assert LinkTokens("key", "telegram").read(token, NOON) is None
    assert LinkTokens("key", "slack").read("x" + token, NOON) is None
    for odd in ("", ".", "é.é", "a.b.c"):
        assert LinkTokens("key", "slack").read(odd, NOON) is None
