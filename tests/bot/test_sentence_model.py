# ruff: noqa: S311 (chance repeats by seed)
"""The sentence model learns, keeps, mends and doubts."""

import random
from pathlib import Path

import numpy as np
import pytest
from minilm_reference import Reference

from bot import sentence_head, sentence_model
from bot.encoder import Encoder, load_encoder
from bot.evaluate import Guess, figures, full_name, with_typo
from bot.example_files import Example, hold_out
from bot.faq import Answers
from bot.lexicon import LETTER_WEIGHT, WORD_WEIGHT, Lexicon
from bot.requests import requests_in
from bot.sentence_model import SentenceModel, StaleModel
from bot.spelling import Speller

TALK = {
    "track_order": [
        "where is my parcel",
        "track my order",
        "has my package shipped yet",
        "when will my order arrive",
        "my delivery is late, where is it",
        "any news about my shipment",
    ],
    "cancel_order": [
        "cancel my order",
        "I want to cancel what I bought",
        "please stop my order before it ships",
        "I don't want this order any more",
        "undo my purchase",
        "call off the order I placed",
    ],
    "faq/warranty": [
        "is there a warranty",
        "how long is the guarantee",
        "what does the guarantee cover",
        "do chairs come with a warranty",
        "how many years of warranty do I get",
        "is my lamp still under guarantee",
    ],
    "faq/gift_cards": [
        "do you sell gift cards",
        "can I buy a voucher",
        "how do I use a gift card",
        "where can I see the balance of my gift card",
        "can I give somebody a voucher",
        "do gift cards expire",
    ],
    "out_of_scope": [
        "what's the weather like",
        "who won the game last night",
        "tell me a recipe for soup",
        "what is the capital of France",
        "write me a poem",
        "how do I fix my car",
    ],
}
EXAMPLES = [(text, label) for label, texts in TALK.items() for text in texts]


@pytest.fixture(scope="module")
def model() -> SentenceModel:
    return SentenceModel.train(*zip(*EXAMPLES, strict=False))


def test_the_small_encoder_agrees_with_full_precision() -> None:
    texts = [text for text, _ in EXAMPLES] + ["Ünïcödé 日本語 🙂", "a " * 400, "x"]
    reference = Reference()
    exact = np.array([reference.layers(text) for text in texts])
    small = load_encoder().embed_all_deep(texts).reshape(exact.shape)

    assert np.allclose(np.linalg.norm(small, axis=2), 1, atol=1e-5)
    agreement = (exact * small).sum(axis=2)
    assert agreement.min() > 0.97
    assert (agreement.mean(axis=0) > 0.985).all()


def test_a_text_has_one_embedding_however_it_is_asked() -> None:
    encoder: Encoder = load_encoder()
    assert np.array_equal(
        encoder.embed_all(["where is it", "a much longer sentence about a parcel"])[0], encoder.embed("where is it")
    )


def test_an_embedding_is_computed_once_for_all_who_ask() -> None:
    encoder = load_encoder()
    computed = encoder._remembered.cache_info().misses
    for _ in range(3):
        encoder.embed("how many times is this computed")
        encoder.embed_deep("how many times is this computed")
    assert encoder._remembered.cache_info().misses == computed + 1


def test_broken_unicode_is_still_a_text() -> None:
    assert load_encoder().embed("where is it \ud83d").shape == (384,)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("has my parcel been shipped", "track_order"),
        ("wheres my packgae", "track_order"),
        ("pls cancle my order", "cancel_order"),
        ("gaurantee how long", "faq/warranty"),
        ("i want to get a gift card for my sister", "faq/gift_cards"),
        ("who was the first president", "out_of_scope"),
    ],
)
def test_unseen_words_are_understood(model: SentenceModel, text: str, label: str) -> None:
    assert model.read(text).ranking[0][0] == label


def test_probabilities_add_up(model: SentenceModel) -> None:
    ranking = model.read("track my order please").ranking
    assert sum(probability for _, probability in ranking) == pytest.approx(1, abs=1e-4)
    assert [probability for _, probability in ranking] == sorted((p for _, p in ranking), reverse=True)


def test_gibberish_is_strange_and_examples_are_not(model: SentenceModel) -> None:
    assert model.read("zxqv blorp ggg 99").strange
    assert not any(model.read(text).doubtful for text, _ in EXAMPLES)


def test_a_model_reads_the_same_after_it_was_stored(model: SentenceModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    again = SentenceModel.load(tmp_path)

    for text in ("wheres my packgae", "gift card", "hm"):
        assert again.read(text) == model.read(text)


def test_a_model_of_another_encoder_is_refused(
    model: SentenceModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model.save(tmp_path)
    monkeypatch.setattr(sentence_model, "encoder_fingerprint", lambda: "another")
    with pytest.raises(StaleModel, match="train again"):
        SentenceModel.load(tmp_path)


def test_the_order_of_the_data_changes_nothing(model: SentenceModel) -> None:
    shuffled = random.Random(1).sample(EXAMPLES, len(EXAMPLES))
    assert SentenceModel.train(*zip(*shuffled, strict=False)).read("any news") == model.read("any news")


def test_more_examples_than_landmarks_are_summarised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentence_head, "LANDMARKS", 20)
    small = SentenceModel.train(*zip(*EXAMPLES, strict=False))

    assert len(small.head.landmarks) == 20
    right = [small.read(text).ranking[0][0] == label for text, label in EXAMPLES]
    assert sum(right) >= 0.9 * len(right)


def test_held_out_scores_are_those_of_a_model_that_never_saw_the_example() -> None:
    rng = np.random.default_rng(0)
    points = rng.normal(size=(12, 5))
    kernel, targets = np.exp(-((points[:, None] - points) ** 2).sum(-1)), rng.normal(size=(12, 2))
    _, held_out = sentence_head._ridge(kernel, np.arange(12), targets)

    rest = np.arange(12) != 3
    alphas, _ = sentence_head._ridge(kernel[np.ix_(rest, rest)], np.arange(11), targets[rest])
    assert held_out[3] == pytest.approx(kernel[3, rest] @ alphas, abs=1e-3)


def test_a_label_with_one_example_can_be_learnt() -> None:
    model = SentenceModel.train(["where is my parcel", "do you sell gift cards"], ["track_order", "faq/gift_cards"])
    assert model.read("gift cards").ranking[0][0] == "faq/gift_cards"


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("my refnud", "my refund"),
        ("delivry", "delivery"),
        ("Wher is it", "Where is it"),
        ("pls help u", "please help you"),
        ("Juniper FD-10412 maya@example.com", "Juniper FD-10412 maya@example.com"),
        ("qwrtzx", "qwrtzx"),
    ],
)
def test_typing_errors_are_mended_and_all_else_is_left(written: str, mended: str) -> None:
    assert Speller.learning(["where is my refund", "refund me", "juniper"]).mend(written).lower() == mended.lower()


def test_a_typing_error_in_the_examples_is_not_learnt() -> None:
    speller = Speller.learning(["a refund", "my refund please", "where is my refnud"])
    assert speller.mend("refnud") == "refund"


def test_a_lexicon_survives_storage() -> None:
    lexicon = Lexicon.learning(["where is my parcel", "my order"])
    again = Lexicon.from_json(lexicon.to_json())
    text = ["where is my unknown order order"]
    assert (again.features(text) != lexicon.features(text)).nnz == 0


def test_words_and_letters_are_weighed_apart() -> None:
    lexicon = Lexicon.learning(["in in order", "my order", "inn"])
    terms = lexicon.terms("in the inn, in order")
    row = lexicon.features(["in the inn, in order"]).toarray()[0]
    assert np.array_equal(row[terms.columns], terms.values)
    assert np.count_nonzero(row) == len(set(terms.columns)) == len(terms.columns)
    assert np.square(terms.values).sum() == pytest.approx(WORD_WEIGHT**2 + LETTER_WEIGHT**2)


def test_a_text_of_unknown_words_has_no_terms() -> None:
    lexicon = Lexicon.learning(["where is my parcel"])
    assert len(lexicon.terms("日本語").columns) == 0
    assert lexicon.features(["日本語", "my"]).getnnz(axis=1).tolist()[0] == 0


def test_two_requests_are_told_apart(model: SentenceModel) -> None:
    found = requests_in("Where is my parcel? Also do you sell gift cards, and thanks", model)
    assert [request.label for request in found] == ["track_order", "faq/gift_cards"]


def test_nothing_more_is_read_when_there_can_be_one_request_at_most(
    model: SentenceModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    reading = SentenceModel.read
    monkeypatch.setattr(SentenceModel, "read", lambda self, text: (read.append(text), reading(self, text))[1])

    assert requests_in("what's the weather like? where is my parcel", model) == []
    assert read == ["what's the weather like"]


@pytest.mark.parametrize("text", ["where is my parcel", "where is my parcel. I mean, track my order please", "Hi. So."])
def test_one_request_is_one_request(model: SentenceModel, text: str) -> None:
    assert requests_in(text, model) == []


def test_the_words_of_an_answer_speak_for_it() -> None:
    answers = Answers({"utter_faq/warranty": [{"text": "Lamps last. We repair a wobbly table free of charge."}]})
    labels = [("faq/gift_cards", 0.3), ("faq/warranty", 0.2)]
    assert answers.rank("my table is wobbly, do you repair that", "faq", labels)[0][0] == "faq/warranty"


def test_an_answer_without_words_is_no_closer_than_any_other() -> None:
    answers = Answers({"utter_faq/warranty": [{"text": ""}], "utter_faq/gift_cards": [{"text": "Two years."}]})
    labels = [("faq/unwritten", 0.3), ("faq/warranty", 0.3)]
    assert [sure for _, sure in answers.rank("how long is the guarantee", "faq", labels)] == [0.5, 0.5]
    assert Answers({}).rank("hello", "faq", labels)[0][1] == 0.5


def test_every_fifth_example_is_held_out() -> None:
    known, unseen = hold_out([Example(str(n), "greet") for n in range(10)])
    assert [example.text for example in unseen] == ["4", "9"]
    assert len(known) == 8


def test_a_typo_changes_one_word() -> None:
    for seed in range(50):
        text = with_typo("where is my parcel", random.Random(seed))
        assert sum(a != b for a, b in zip(text.split(), ["where", "is", "my", "parcel"], strict=False)) <= 1
    assert with_typo("ok no", random.Random(0)) == "ok no"


def test_figures_keep_scope_apart() -> None:
    guesses = [
        Guess(Example("a", "greet"), "greet", "greet", 1.0),
        Guess(Example("b", "greet"), "nlu_fallback", "greet", 2.0),
        Guess(Example("c", "out_of_scope"), "nlu_fallback", "greet", 3.0),
    ]
    report = figures(guesses, [])
    slips = figures(guesses, guesses[:2])
    assert (report["accuracy"], report["false_rejection"], report["out_of_scope_caught"]) == (0.5, 0.5, 1.0)
    assert report["accuracy_with_typo"] is None
    assert report["accuracy_undoubted"] == 1.0
    assert (slips["accuracy_with_typo"], slips["accuracy_with_typo_undoubted"]) == (0.5, 1.0)


def test_an_answer_is_part_of_what_was_understood() -> None:
    parsed = {"response_selector": {"faq": {"response": {"intent_response_key": "faq/warranty"}}}}
    assert full_name(parsed, {"name": "faq"}) == "faq/warranty"
    assert full_name(parsed, {"name": "greet"}) == "greet"
