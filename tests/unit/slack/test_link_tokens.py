"""Links by which an agent proves who they are in Slack."""

from datetime import UTC, datetime, timedelta

from connectors.slack.link_tokens import GOOD_FOR, LinkTokens

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_a_link_names_who_it_was_made_for_until_it_is_too_old() -> None:
    tokens = LinkTokens("key")
    token = tokens.new("T0/U0ANA", "Ana", NOON)
    claimant = tokens.read(token, NOON + GOOD_FOR)
    assert claimant is not None
    assert (claimant.user, claimant.name) == ("T0/U0ANA", "Ana")
    assert tokens.read(token, NOON + GOOD_FOR + timedelta(seconds=1)) is None


def test_a_link_that_was_changed_or_made_by_others_is_none_of_ours() -> None:
    token = LinkTokens("key").new("T0/U0ANA", "Ana", NOON)
    assert LinkTokens("another key").read(token, NOON) is None
    assert LinkTokens("key").read("x" + token, NOON) is None
    for odd in ("", ".", "é.é", "a.b.c"):
        assert LinkTokens("key").read(odd, NOON) is None
