import pytest

from bot.escalation.wording import (
    asks_exception,
    largest_sum,
    needs_care,
    problem_kinds,
    threatens_dispute,
    wants_no_person,
)


@pytest.mark.parametrize(
    "words",
    [
        "I'm 84 and I really don't understand these websites",
        "it's for my husband’s funeral on Thursday",
        "I'm blind and use a screen reader",
        "without it I can't pay my rent",
        "my mother has dementia",
    ],
)
def test_who_needs_care_is_heard(words: str) -> None:
    assert needs_care(words)


@pytest.mark.parametrize(
    "words",
    [
        "I'm 80 cm tall when seated",
        "I'm 72nd in line",
        "a gift for my mother",
        "the blind won't close",
        "I'm a size 12",
    ],
)
def test_ordinary_words_are_no_need_of_care(words: str) -> None:
    assert not needs_care(words)


@pytest.mark.parametrize(
    "words",
    [
        "I know it's past 30 days but could you still take it back",
        "couldn't you make an exception just this once",
        "could you waive the fee for a loyal customer?",
        "the code expired yesterday, any chance you could still honour it",
    ],
)
def test_an_exception_is_heard(words: str) -> None:
    assert asks_exception(words)


@pytest.mark.parametrize(
    "words",
    ["how many days do I have to return it", "does my code expire", "I know my order number", "is it too late?"],
)
def test_asking_for_the_rule_is_no_exception(words: str) -> None:
    assert not asks_exception(words)


def test_a_dispute_is_heard() -> None:
    assert threatens_dispute("I'll file a chargeback")
    assert threatens_dispute("then I'm calling my bank")
    assert not threatens_dispute("which bank cards do you take")


def test_kinds_of_problems_are_counted_once_each() -> None:
    words = "it arrived late, one mug is broken, cracked really, and the other thing isn't even mine"
    assert problem_kinds(words) == ["late", "broken", "wrong"]
    assert problem_kinds("what colours are there") == []


@pytest.mark.parametrize(
    ("words", "dollars"),
    [("I spent $1,450.00", 1450), ("25 dollars, or was it $30", 30), ("order 10412", 0), ("usd 900 gone", 900)],
)
def test_sums_are_read_as_dollars(words: str, dollars: float) -> None:
    assert largest_sum(words) == dollars


@pytest.mark.parametrize(
    "words",
    [
        "no I don't want a person",
        "I don’t need to talk to anyone",
        "no need for a human",
        "please do not ask for an agent",
        "I didn't ask for a person",
        "I'd rather not talk to anybody",
        "don't get me a human",
        "No person needed.",
    ],
)
def test_not_wanting_a_person_is_heard(words: str) -> None:
    assert wants_no_person(words)


@pytest.mark.parametrize(
    "words",
    [
        "no, I want a person",
        "not a bot, a person",
        "I want a human",
        "a person please",
        "why don't you get me a person",
        "why can i not speak to a person",
        "I did not get to talk to anyone yet",
        "it does not want to connect me to a person",
        "I could not get through to a person on the phone",
        "Do I not need to speak to a person for this?",
        "I am not getting to speak to somebody",
        "I don't need a person for this?",
        "No human has answered me for three days",
        "I don't want an agent, I want a manager",
        "I don't want someone who reads from a script",
        "I don't want to wait for a person any longer",
    ],
)
def test_wanting_a_person_is_not_taken_for_the_opposite(words: str) -> None:
    assert not wants_no_person(words)
