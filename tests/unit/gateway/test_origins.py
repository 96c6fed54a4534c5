"""Which pages may act for an agent."""

import pytest

from connectors.gateway.origins import is_own

PUBLIC = "https://desk.juniperandfinch.example"


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({}, True),
        ({"origin": PUBLIC}, True),
        ({"origin": "http://localhost:8000", "host": "localhost:8000"}, True),
        ({"origin": "https://evil.example", "host": "localhost:8000"}, False),
        ({"origin": "http://desk.juniperandfinch.example", "host": "localhost:8000"}, False),
        ({"origin": "https://desk.juniperandfinch.example.evil.example"}, False),
        ({"origin": "null", "host": "localhost:8000"}, False),
        ({"origin": "", "host": ""}, False),
        ({"origin": "null"}, False),
    ],
)
def test_our_own_pages_may_and_no_others(headers: dict[str, str], own: bool) -> None:
    assert is_own(headers, PUBLIC) is own
