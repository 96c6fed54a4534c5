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
        "I am 78 years old",
        "I'm an 81-year-old widow",
        "I'm too old for this website",
        "how do I buy food for the kids now",
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
        "I'm a size 74",
        "I'm a 74 in trousers",
        "I'm waist 84",
        "can I buy food for my dog here",
        "is this toy too old for a 5 year old",
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
        "I know it has been 45 days, can I still send it back",
        "I know it was final sale but it doesn't fit",
        "I understand the return window is over, please",
        "my gift card expired, can you still take it",
        "I expect some compensation for this",
        "will I be compensated",
    ],
)
def test_an_exception_is_heard(words: str) -> None:
    assert asks_exception(words)


@pytest.mark.parametrize(
    "words",
    [
        "how many days do I have to return it",
        "does my code expire",
        "I know my order number",
        "is it too late?",
        "I know my order is late, can you tell me where it is?",
        "I know it takes 5 days, can you check where it is",
        "My card expired, can you still charge it",
        "do you sell a special case for the lamp",
        "does it come with free compensation",
    ],
)
def test_asking_for_the_rule_is_no_exception(words: str) -> None:
    assert not asks_exception(words)


@pytest.mark.parametrize(
    "words",
    [
        "I'll file a chargeback",
        "then I'm calling my bank",
        "I'll have my bank reverse it",
        "I will get PayPal to take it back",
        "my bank will reverse the charge",
        "I'll get my money back through PayPal",
        "I'm opening a claim with Klarna",
    ],
)
def test_a_dispute_is_heard(words: str) -> None:
    assert threatens_dispute(words)


@pytest.mark.parametrize(
    "words",
    [
        "which bank cards do you take",
        "When will I get my PayPal refund?",
        "How long does my bank take to show the refund?",
        "Will Klarna refund me?",
        "can I pay through PayPal",
        "did my refund go through PayPal",
        "why did Klarna cancel my payment",
    ],
)
def test_what_a_bank_does_with_a_payment_is_no_dispute(words: str) -> None:
    assert not threatens_dispute(words)


def test_kinds_of_problems_are_counted_once_each() -> None:
    words = "it arrived late, one mug is broken, cracked really, and the other thing isn't even mine"
    assert problem_kinds(words) == ["late", "broken", "wrong"]
    assert problem_kinds("what colours are there") == []


def test_an_everyday_wish_is_a_problem_only_beside_one_or_in_a_list() -> None:
    assert problem_kinds("can I cancel my order") == []
    assert problem_kinds("it's broken, I want my money back") == ["broken", "refund"]
    assert problem_kinds("cancel one, return the other and change my address") == ["return", "address", "cancel"]


def test_paying_twice_is_a_problem_and_a_double_bed_is_none() -> None:
    assert problem_kinds("you charged me twice") == problem_kinds("I paid for it twice") == ["charged"]
    assert problem_kinds("do you have it for a double bed") == problem_kinds("when will I be charged") == []


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
