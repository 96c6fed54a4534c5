"""What customers write, and what is read in it."""

from datetime import date

import pytest

from bot.facts import find_facts

TODAY = date(2026, 11, 22)  # a Sunday


def read(text: str) -> list[tuple[str, str]]:
    return [(fact.entity, fact.value) for fact in find_facts(text, TODAY)]


@pytest.mark.parametrize(
    "text",
    [
        "FD-10412",
        "fd10412",
        "where's FD 10412??",
        "its #fd-10412",
        "f.d. 10412",
        "FD - 10412",
        "Fd:10412",
        "FD-1O412",
        "FD-10 412",
        "#10412",
        "# 10412 please",
        "my order 10412",
        "oder number is 10412",
        "order no. 10412 hasn't come",
        "cancel 10412",
    ],
)
def test_an_order_number_however_it_is_written(text: str) -> None:
    assert read(text) == [("order_number", "FD-10412")]


def test_five_bare_digits_may_be_either() -> None:
    assert read("10412") == [("order_number", "FD-10412"), ("postcode", "10412")]


@pytest.mark.parametrize(
    "text",
    ["my zip is 94107", "94107 is my zip code", "postcode: 94107", "zip 94107-1234", "12 Oak St, Reno, NV 94107"],
)
def test_a_postcode_is_no_order(text: str) -> None:
    assert read(text) == [("postcode", "94107")]


@pytest.mark.parametrize(
    "text",
    [
        "call me on 503 555 0134",
        "(503) 555-0134",
        "+1 503-555-0134",
        "5035550134",
        "4111 1111 1111 1111",
        "1Z999AA10123456784",
        "item 123456",
        "model AB10412",
        "version 10412.5",
        "10412/3",
    ],
)
def test_other_long_numbers_are_nobodys_order(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "maya.lindqvist@example.com",
        "Maya.Lindqvist@Example.COM.",
        "it is maya.lindqvist @ example.com, thanks",
        "maya.lindqvist@example,com",
        "<maya.lindqvist@example.com>",
        "maya.lindqvist (at) example (dot) com",
        "maya dot lindqvist at example dot com",
    ],
)
def test_an_email_however_it_is_written(text: str) -> None:
    assert read(text) == [("email", "maya.lindqvist@example.com")]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("$12", "12.00 USD"),
        ("it cost 1,299.50 dollars", "1299.50 USD"),
        ("40 bucks", "40.00 USD"),
        ("€ 15", "15.00 EUR"),
        ("20 quid", "20.00 GBP"),
        ("£20", "20.00 GBP"),
        ("$10412", "10412.00 USD"),
    ],
)
def test_money(text: str, amount: str) -> None:
    assert read(text) == [("money", amount)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("yesterday", "2026-11-21"),
        ("it came yesteday", "2026-11-21"),
        ("tomorrow", "2026-11-23"),
        ("last friday", "2026-11-20"),
        ("by Friday", "2026-11-27"),
        ("3 weeks ago", "2026-11-01"),
        ("in two days", "2026-11-24"),
        ("Nov 3rd", "2026-11-03"),
        ("3 November 2026", "2026-11-03"),
        ("the 3rd of november", "2026-11-03"),
        ("11/3", "2026-11-03"),
        ("25/12", "2026-12-25"),
        ("January 2", "2027-01-02"),
        ("2026-11-03", "2026-11-03"),
        ("11/03/26", "2026-11-03"),
    ],
)
def test_dates(text: str, day: str) -> None:
    assert read(text) == [("date", day)]


@pytest.mark.parametrize("text", ["february 31", "13/13", "in may", "on the mend", "the sun is out"])
def test_what_only_looks_like_a_date(text: str) -> None:
    assert [value for entity, value in read(text) if entity == "date"] == []


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("M", "M"),
        ("medium please", "M"),
        ("in an L", "L"),
        ("can I swap it for an XL", "XL"),
        ("xxl instead", "XXL"),
        ("sorry, I meant S", "S"),
        ("sorry i meant l", "L"),
        ("size 38", "38"),
        ("shoe size 9.5", "9.5"),
        ("size: small", "S"),
        ("make the cardigan small please", "S"),
        ("the extra large one", "XL"),
        ("make it a medium", "M"),
        ("size m", "M"),
        ("meduim", "M"),
    ],
)
def test_sizes(text: str, size: str) -> None:
    assert read(text) == [("size", size)]


@pytest.mark.parametrize(
    "text", ["a large order of towels", "I'M ANGRY", "what's up", "a small problem with my order", "it's mine", "L8R"]
)
def test_what_only_looks_like_a_size(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("it's too small", "too_small"),
        ("way too big for me", "too_large"),
        ("a bit tight", "too_small"),
        ("not as described", "not_as_described"),
        ("it arrived broken", "damaged"),
        ("you sent the wrong item", "wrong_item"),
        ("changed my mind", "changed_mind"),
        ("i dont want it", "changed_mind"),
        ("it came too late", "late"),
    ],
)
def test_reasons_for_a_return(text: str, reason: str) -> None:
    assert read(text) == [("return_reason", reason)]


def test_several_facts_in_one_message() -> None:
    text = "Return 10288 (omar.haddad@example.com), paid $59.90 on Nov 16, too small, need an L"
    assert read(text) == [
        ("order_number", "FD-10288"),
        ("email", "omar.haddad@example.com"),
        ("money", "59.90 USD"),
        ("date", "2026-11-16"),
        ("return_reason", "too_small"),
        ("size", "L"),
    ]


def test_a_fact_says_where_it_stands() -> None:
    text = "so, order fd10412 and maya@example.com"
    assert [text[fact.start : fact.end] for fact in find_facts(text, TODAY)] == ["fd10412", "maya@example.com"]
