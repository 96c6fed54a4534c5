"""Slack's text, to and fro."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.slack.mrkdwn import escaped, pieces, plain, without_mention

NAMES = {"U0ANA": "Ana"}


@pytest.mark.parametrize(
    ("slack", "shown"),
    [
        ("hi <@U0ANA>", "hi @Ana"),
        ("hi <@U0BEN|ben>", "hi @ben"),
        ("hi <@U0CLEO>", "hi @U0CLEO"),
        ("in <#C0SHOP|shop>", "in #shop"),
        ("<!here> and <!channel>", "@here and @channel"),
        ("<!subteam^S1|@crew>", "@crew"),
        ("<https://shop.example/a?b=1&amp;c=2>", "https://shop.example/a?b=1&c=2"),
        ("<https://evil.example|https://bank.example>", "https://evil.example"),
        ("<http://shop.example|shop.example>", "shop.example"),
        ("<mailto:maya@shop.example|maya@shop.example>", "maya@shop.example"),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"),
        ("&amp;lt;", "&lt;"),
    ],
)
def test_people_read_names_and_addresses(slack: str, shown: str) -> None:
    assert plain(slack, NAMES.get) == shown


def test_being_addressed_is_no_part_of_the_words() -> None:
    assert without_mention("<@U0FERN>, where is it?", "U0FERN") == "where is it?"
    assert without_mention("where is it <@U0FERN>", "U0FERN") == "where is it"
    assert without_mention("ask <@U0FERN> about it", "U0FERN") == "ask <@U0FERN> about it"


@given(st.text())
def test_escaped_words_come_back_as_they_were_and_call_nobody(words: str) -> None:
    assert plain(escaped(words), NAMES.get) == words


@given(st.text(alphabet="ab <>&.!\n", max_size=400), st.integers(min_value=10, max_value=60))
def test_pieces_fit_and_lose_nothing_but_space(words: str, longest: int) -> None:
    cut = pieces(words, longest)
    assert all(0 < len(escaped(piece)) <= longest for piece in cut)
    assert "".join("".join(cut).split()) == "".join(words.split())


def test_pieces_end_with_a_sentence_if_they_can() -> None:
    assert pieces("One two. Three four. Five six seven.", 25) == ["One two. Three four.", "Five six seven."]
    assert pieces("one two three four five six", 10) == ["one two", "three four", "five six"]
