"""Our messages as Telegram shows them."""

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from connectors.telegram import words
from connectors.telegram.content import clean
from handoff.transcript import MessageView


def message(text: str, **fields: object) -> MessageView:
    plain = {
        "seq": 1,
        "author": "bot",
        "name": "Fern",
        "text": text,
        "wordless": False,
        "at": "2026-03-02T12:00:00.000Z",
        "case": 1,
        "buttons": [],
        "attachment": None,
        "files": [],
        "handoff": None,
        "state": "pending",
        "edited_at": None,
        "understanding": None,
        "client_id": None,
    }
    return {**plain, **fields}  # type: ignore[typeddict-item]


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(st.text(st.sampled_from("ab.! \n<&>😀"), max_size=400), st.integers(12, 60))
def test_chunks_lose_nothing_and_fit(text: str, longest: int) -> None:
    pieces = words.chunks(text, longest)
    assert all(units(piece) <= longest for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_long_text_is_cut_after_a_sentence() -> None:
    pieces = words.chunks("One two three. Four five six. Seven eight nine ten.", 32)
    assert pieces == ["One two three. Four five six.", "Seven eight nine ten."]


@given(st.text(max_size=200).map(clean))
def test_whatever_is_written_is_shown_as_written(text: str) -> None:
    [part] = words.parts(message(text))
    assert html.unescape(part) == text
    assert not re.search(r"<(?!/?(b|i|a)\b)", part)


def test_an_agent_is_named_and_a_link_can_be_clicked() -> None:
    label = {"kind": "pdf", "title": "Label <1>", "url": 'https://x.example/?a=1&b="2"'}
    [part] = words.parts(message("Here", author="agent", name="Ana & Co", attachment=label))
    link = '<a href="https://x.example/?a=1&amp;b=&quot;2&quot;">Label &lt;1&gt;</a>'
    assert part == f"<b>Ana &amp; Co</b>\nHere\n\n{link}"


def test_a_choice_that_no_longer_fits_leaves_the_words_alone() -> None:
    assert words.with_choice("Which?", "The <lamp>") == "Which?\n\n✓ <i>The &lt;lamp&gt;</i>"
    full = "a" * words.LONGEST
    assert words.with_choice(full, "The lamp") == full


@given(st.text(st.characters(codec=None), max_size=50))
def test_text_without_halves_of_characters_can_be_stored(text: str) -> None:
    assert "\0" not in clean(text)
    clean(text).encode()


def test_short_buttons_stand_side_by_side_and_long_ones_each_in_a_row() -> None:
    def rows(*titles: str) -> list[int]:
        shown = words.keyboard(message("?", buttons=[{"id": f"b_{title}", "title": title} for title in titles]))
        assert shown is not None
        return [len(row) for row in shown.inline_keyboard]

    assert rows("1", "2", "3", "4", "5") == [5]
    assert rows("English", "Español", "Deutsch", "Français") == [3, 1]
    assert rows("E-mail me instead", "Leave the queue") == [1, 1]
