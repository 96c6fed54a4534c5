"""What the customer would like for something that came damaged, in their words."""

import pytest

from actions.remedies import remedy_wished


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("I want a replacement", "a new one"),
        ("please replace it", "a new one"),
        ("can you send me another one", "a new one"),
        ("I'd like my money back", "the money back"),
        ("can I get a refund for that?", "the money back"),
        ("actually just return it, I want a refund", None),
        ("the throw is torn", None),
        ("the lamp doesn't work, please replace it", "a new one"),
        ("I'd like it replaced", "a new one"),
        ("replacement please", "a new one"),
        ("10180 shirt arrived ripped, replacement", "a new one"),
        ("it's ripped. no replacement", None),
        ("it came torn, replacement or refund?", None),
        ("or rather my money back", "the money back"),
        ("the throw came torn, I don't want a replacement, I'd like my money back", None),
        ("I'd rather have a refund than a replacement", None),
        ("no replacement please", None),
        ("the replacement came torn", None),
        ("the new one came torn, I'd like a refund", None),
        ("refund or replacement?", None),
        ("can I get a refund or what?", None),
        ("I don't need a refund", None),
        ("i dont want my money back", None),
        ("how long does a refund take", None),
        ("where's my refund", None),
        ("when would I get the replacement?", None),
    ],
)
def test_what_is_wished_for_something_damaged_is_heard(text: str, remedy: str | None) -> None:
    assert remedy_wished(text) == remedy
