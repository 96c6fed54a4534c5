"""What counts as asking for a person, told by labelled messages.

The held-out half was written first and is only ever counted; nothing was tuned on it.
"""

import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff.explicit_ask import COMMAND, Ask, asks_for_person, withdraws_ask

MESSAGES = Path(__file__).parent / "explicit_ask"


def messages(name: str) -> list[str]:
    return (MESSAGES / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def recognised(texts: list[str]) -> list[str]:
    return [text for text in texts if asks_for_person(text)]


ASKS = recognised(messages("tuning_asks"))
one_ask = st.sampled_from(ASKS)
decoration = st.sampled_from(["", " ", "   ", "\n", "!", "!!!", "…", "🙂", " 😡😡 ", "?", "??", " ...", "~", "*"])
neutral = st.sampled_from(
    ["I ordered on Monday.", "The parcel is blue.", "My order number is FD-10412.", "It says out for delivery."]
)


def test_the_labelled_messages_are_many_and_on_one_side_only() -> None:
    asks = messages("tuning_asks") + messages("held_out_asks")
    others = messages("tuning_others") + messages("held_out_others")
    assert len(asks) >= 400
    assert len(others) >= 400
    assert not {text.casefold() for text in asks} & {text.casefold() for text in others}


def test_the_tuned_half_is_understood() -> None:
    assert recognised(messages("tuning_others")) == []
    assert len(ASKS) >= 0.99 * len(messages("tuning_asks"))


def test_the_held_out_half_reaches_the_promised_figures() -> None:
    asks, others = messages("held_out_asks"), messages("held_out_others")
    right, wrong = len(recognised(asks)), len(recognised(others))
    assert right / len(asks) >= 0.95
    assert right / (right + wrong) >= 0.98


def test_odd_words_are_heard_more_often_than_not_and_nothing_is_heard_that_was_not_asked() -> None:
    assert recognised(messages("odd_tuning_others")) == recognised(messages("odd_held_out_others")) == []
    assert len(recognised(messages("odd_tuning_asks"))) >= 0.95 * len(messages("odd_tuning_asks"))
    assert len(recognised(messages("odd_held_out_asks"))) >= 0.75 * len(messages("odd_held_out_asks"))


@pytest.mark.parametrize("frame", ["{}", "the {}", "{} please", "can I get the {}"])
@pytest.mark.parametrize(
    "word",
    [
        "bedding",
        "betting",
        "accent",
        "magenta",
        "stone",
        "scones",
        "star",
        "hardcover",
        "collages",
        "sport",
        "ember",
        "consider",
        "handle",
        "effective",
        "execute",
        "latent",
        "beater",
        "peso",
        "Hoffman",
        "Pearson",
        "stan",
    ],
)
def test_a_word_that_is_near_an_ask_is_no_slip(word: str, frame: str) -> None:
    assert asks_for_person(frame.format(word)) is None


@pytest.mark.parametrize("text", ["speak to a manger", "a persn", "a supervisr please", "agnet", "represntative"])
def test_slips_of_the_same_words_are_still_forgiven(text: str) -> None:
    assert asks_for_person(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "agent",
        "human",
        "representative",
        "operator",
        "person??",
        "huamn",
        "tlak to a persn",
        "represenative",
        "H U M A N",
        "humannnn",
        "/human",
    ],
)
def test_one_word_is_enough_however_it_is_typed(text: str) -> None:
    assert asks_for_person(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "is this safe for human hair?",
        "the delivery agent left it at the door",
        "travel agent discount",
        "person-size blanket",
        "human resources jobs",
        "my real estate agent",
        "are you a human?",
        "do you have a customer service phone number",
    ],
)
def test_a_word_alone_does_not_make_an_ask(text: str) -> None:
    assert asks_for_person(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "no need for a human",
        "I don't want to talk to an agent",
        "never mind the agent, found it",
        "I already talked to an agent",
    ],
)
def test_customers_who_decline_are_not_pushed(text: str) -> None:
    assert asks_for_person(text) is None


@pytest.mark.parametrize(
    "text", ["I don't want a bot, I want a person", "i dont want a bot i want a person", "no bot. a person."]
)
def test_turning_down_the_bot_is_asking_for_a_person(text: str) -> None:
    assert asks_for_person(text) is not None


@pytest.mark.parametrize("text", ["/human", " /HUMAN ", "/human please", "/human@fern_bot"])
def test_the_command_is_an_ask(text: str) -> None:
    assert asks_for_person(text) == Ask("ask", COMMAND)


def test_the_ask_names_the_words_that_made_it() -> None:
    assert asks_for_person("My lamp is broken. Please let me TLAK to a persn about it") == Ask(
        "ask", "talk to a person"
    )


@pytest.mark.parametrize("text", messages("withdrawals"))
def test_withdrawing_in_the_queue(text: str) -> None:
    assert withdraws_ask(text)
    assert asks_for_person(text) is None


@pytest.mark.parametrize("text", messages("not_withdrawals"))
def test_anything_else_keeps_the_place_in_the_queue(text: str) -> None:
    assert not withdraws_ask(text)


def test_asking_is_never_withdrawing() -> None:
    assert [text for text in ASKS if withdraws_ask(text)] == []


@given(
    text=one_ask,
    before=decoration,
    after=decoration,
    case=st.sampled_from([str.upper, str.lower, str.title, str.swapcase]),
)
def test_case_and_decoration_change_nothing(text: str, before: str, after: str, case: object) -> None:
    assert callable(case)
    assert asks_for_person(before + case(text) + after) is not None


@given(text=one_ask, data=st.data(), extra=st.integers(min_value=2, max_value=6))
def test_one_drawn_out_letter_changes_nothing(text: str, data: st.DataObject, extra: int) -> None:
    at = data.draw(st.sampled_from([index for index, char in enumerate(text) if char in string.ascii_letters]))
    drawn_out = text[:at] + text[at] * extra + text[at:]
    assert asks_for_person(drawn_out) is not None


@given(text=one_ask, before=neutral, after=neutral)
def test_an_ask_between_other_sentences_is_still_an_ask(text: str, before: str, after: str) -> None:
    assert asks_for_person(f"{before} {text}. {after}") is not None


@given(text=st.text(max_size=400))
def test_no_text_is_too_strange(text: str) -> None:
    assert asks_for_person(text) in (None, asks_for_person(text))
    assert withdraws_ask(text) in (True, False)


@settings(max_examples=25)
@given(
    words=st.lists(
        st.sampled_from(["a", "the", "real", "human", "to", "talk", "want", "no", ",", "dont", "xqzv", "hh"]),
        min_size=3,
        max_size=8,
    )
)
def test_a_long_message_of_our_own_words_is_read_to_its_end(words: list[str]) -> None:
    longest_allowed = " ".join(words * 200)
    ends_with_an_ask = f"{longest_allowed}. I would like to talk to a human."
    assert asks_for_person(ends_with_an_ask) is not None
