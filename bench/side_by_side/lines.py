"""What the customers say: questions, small talk and orders, mixed, and hardly ever twice in the same words."""

import random

Conversation = list[str]

OPENERS = ("", "", "", "hi, ", "hello, ", "hey, ", "quick question: ", "ok so ", "sorry, ", "one thing: ", "hi there, ")
CLOSERS = ("", "", "", " please", " thanks", " pls", ", thank you", " :)", ", just curious", " if you can tell me")

QUESTIONS = (
    "how long does delivery take",
    "do you ship to Canada",
    "what does express shipping cost",
    "can I pay with PayPal",
    "do you gift wrap",
    "how do I change my password",
    "is the linen shirt true to size",
    "how should I wash the merino cardigan",
    "what is your return policy",
    "how long does a refund take",
    "do you have a store I can visit",
    "can I use two discount codes at once",
    "is your packaging recyclable",
    "how do I delete my account",
    "do you sell gift cards",
)
SMALL_TALK = ("good morning", "are you a robot", "what can you do", "thank you so much", "you are very kind")
ASKS_FOR_ORDER = ("where is my order FD-10412", "any news on order 10412", "has 10412 left yet", "track FD-10412")
LEAVES_TASK = ("never mind", "forget it", "stop, that was all", "let's leave it")


def conversations(seed: int) -> list[Conversation]:
    """Three customers with ten messages each; another `seed`, other words."""
    chance = random.Random(seed)
    return [_curious(chance), _waiting_for_parcel(chance), _interrupted(chance)]


def _curious(chance: random.Random) -> Conversation:
    asked = [_varied(chance, question) for question in chance.sample(QUESTIONS, 7)]
    return [chance.choice(SMALL_TALK), *asked[:4], _varied(chance, "thanks"), *asked[4:], "bye"]


def _waiting_for_parcel(chance: random.Random) -> Conversation:
    return [
        "hello",
        _varied(chance, chance.choice(ASKS_FOR_ORDER)),
        "it is maya.lindqvist@example.com",
        _varied(chance, chance.choice(QUESTIONS)),
        _varied(chance, "and when will it be here"),
        _varied(chance, chance.choice(SMALL_TALK)),
        _varied(chance, chance.choice(QUESTIONS)),
        _varied(chance, chance.choice(ASKS_FOR_ORDER)),
        _varied(chance, "great, thank you"),
        "goodbye",
    ]


def _interrupted(chance: random.Random) -> Conversation:
    return [
        _varied(chance, "I want to return something"),
        _varied(chance, chance.choice(QUESTIONS)),
        "10412",
        "94107",
        _varied(chance, chance.choice(QUESTIONS)),
        chance.choice(LEAVES_TASK),
        _varied(chance, chance.choice(QUESTIONS)),
        chance.choice(SMALL_TALK),
        _varied(chance, chance.choice(ASKS_FOR_ORDER)),
        chance.choice(LEAVES_TASK),
    ]


def _varied(chance: random.Random, words: str) -> str:
    return chance.choice(OPENERS) + words + chance.choice(CLOSERS)
