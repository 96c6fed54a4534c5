"""US addresses as hurried people write them."""

import pytest

from actions.postal_address import lines_of_address, parse_address, postcode_meant


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("88 Alder Street, Portland, OR 97205", "88 Alder Street, Portland, OR 97205"),
        ("88 Alder Street Portland OR 97205", "88 Alder Street, Portland, OR 97205"),
        ("send it to 88 alder st apt 4 portland oregon 97205 pls", "88 Alder St Apt 4, Portland, OR 97205"),
        ("change 10457 to 12 Elm Street Oakland CA 94601", "12 Elm Street, Oakland, CA 94601"),
        ("5 W 21st St Unit 3B New York NY 10010", "5 W 21st St Unit 3B, New York, NY 10010"),
        ("1500 Broadway New York, New York 10036", "1500 Broadway, New York, NY 10036"),
        ("14 Pine Road Boise, ID, 83702", "14 Pine Road, Boise, ID 83702"),
        ("700 Park Ave NE\nSt. Paul\nMN 55101-1234", "700 Park Ave NE, St. Paul, MN 55101"),
        ("1 Court Street Brooklyn NY 11201", "1 Court Street, Brooklyn, NY 11201"),
        ("4 Salt Lane Charleston West Virginia 25301", "4 Salt Lane, Charleston, WV 25301"),
    ],
)
def test_an_address_is_read_with_commas_and_without(written: str, read: str) -> None:
    assert str(parse_address(written)) == read


@pytest.mark.parametrize(
    "written",
    [
        "10457, my zip is 94107",
        "where is order 10457 on its way to 94107",
        "12 Kestrel Portland OR 97205",
        "88 Alder Street Portland",
        "I ordered 2 lamps on the way to work, order 10412",
    ],
)
def test_what_is_no_address_or_could_be_split_in_two_ways_is_not_guessed_at(written: str) -> None:
    assert parse_address(written) is None


def test_the_zip_of_an_address_that_cannot_be_split_is_no_order_number() -> None:
    assert postcode_meant("12 Kestrel Portland oregon 97205") == "97205"
    assert postcode_meant("10457") is None
    assert postcode_meant("FD-10457, 94107") is None


@pytest.mark.parametrize(
    "written",
    [
        "5 minutes ago i said order 10412",
        "2 days ago you asked for the order number: 10412",
        "10 times now, the number is 10412",
        "3 of you asked me, it's #10412",
        "2 weeks i wait for FD 10412!",
    ],
)
def test_an_order_number_at_the_end_of_a_sentence_is_no_zip(written: str) -> None:
    assert postcode_meant(written) is None


def test_an_address_is_read_from_its_lines() -> None:
    said = ["one moment", "88 Alder Street, Apt 3B", "how long will it take?", "Portland OR", "97205"]
    lines = lines_of_address(said)
    assert lines == ["88 Alder Street, Apt 3B", "Portland OR", "97205"]
    assert str(parse_address("\n".join(lines))) == "88 Alder Street, Apt 3B, Portland, OR 97205"


def test_a_street_that_is_written_again_begins_the_address_anew() -> None:
    assert lines_of_address(["88 Aldr Road", "Portland", "89 Alder Street", "Portland"]) == [
        "89 Alder Street",
        "Portland",
    ]


def test_many_lines_after_a_street_are_no_address_any_more() -> None:
    assert lines_of_address(["88 Alder Street", *["Portland"] * 5]) == []


def test_small_words_in_between_are_no_lines_of_an_address() -> None:
    said = ["ok", "88 Alder Street", "ok", "Portland OR", "thanks!", "yes please", "sorry", "97205", "no"]
    assert lines_of_address(said) == ["88 Alder Street", "Portland OR", "97205"]


def test_the_zip_in_a_line_of_its_own_is_no_order_number_after_a_street() -> None:
    assert postcode_meant("97205", ["88 Alder Street", "Portland OR"]) == "97205"
    assert postcode_meant("Portland, OR 97205") == "97205"
    assert postcode_meant("sorry, order 10412", ["88 Alder Street"]) is None
    assert postcode_meant("10412", ["one moment"]) is None
