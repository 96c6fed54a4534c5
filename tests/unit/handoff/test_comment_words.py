"""Words right after a low rating: only what surely speaks of the service is its comment, all else is for the bot."""

import pytest

from handoff.comment_words import reads_as_comment


@pytest.mark.parametrize(
    "words",
    [
        "It took ages.",
        "Two days for one answer, and Ana never said why.",
        "The agent was rude to me",
        "she didn't listen at all",
        "nobody explained anything",
        "very slow replies",
        "Waited an hour in the chat and then got a one-line reply",
        "the bot was useless",
        "terrible customer service",
        "One star is generous",
        "Ana was kind but it took forever",
        "My question wasn't answered",
    ],
)
def test_what_was_wrong_with_the_service_is_a_comment(words: str) -> None:
    assert reads_as_comment(words)


@pytest.mark.parametrize(
    "words",
    [
        "My order never arrived",
        "Someone used my card on your site",
        "The agent charged me twice",
        "Nobody answered and it's still broken",
        "Ana was rude and my blanket has holes",
        "the service was bad, I need a refund",
        "I was told it would be delivered yesterday",
        "your agent never sent the label",
        "waiting for the blue blanket",
        "Your staff threatened me",
        "the answer was wrong, please look at it once more",
        "the agent said somebody would call me",
        "The lamp flickers.",
        "it smells odd",
        "that was not what I meant",
        "useless",
        "Ana ha sido muy amable",
        "the service was slow " * 8,
        "bad service, is there somebody else?",
        "the agent mixed up order 10412",
        "I did not order this, says the agent",
    ],
)
def test_whatever_else_it_may_be_is_for_the_bot(words: str) -> None:
    assert not reads_as_comment(words)
