"""Masked details can be recognised, not used."""

import pytest

from handoff.masking import masked, masked_email


def test_an_email_keeps_its_first_letter_and_its_domain() -> None:
    assert masked_email("maya.lindqvist@example.com") == "m•••@example.com"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("write to maya@example.com please", "write to m•••@example.com please"),
        ("maya@example.com, omar@example.org", "m•••@example.com, o•••@example.org"),
        ("nothing here @ all", "nothing here @ all"),
        ("", ""),
    ],
)
def test_every_email_in_a_text_is_masked_and_nothing_else(text: str, shown: str) -> None:
    assert masked(text) == shown
