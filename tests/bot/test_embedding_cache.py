"""What one training embedded, the next one reads from disk."""

import logging
from pathlib import Path

import numpy as np
import pytest

from bot import embedding_cache
from bot.embedding_cache import EmbeddingCache
from bot.encoder import DIMENSIONS, load_encoder


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RASA_CACHE_DIRECTORY", str(tmp_path / "cache"))
    return tmp_path / "cache"


def rows(*texts: str) -> dict[str, np.ndarray]:
    return {text: np.full(4, number, dtype=np.float32) for number, text in enumerate(texts)}


def test_what_was_written_is_found_again() -> None:
    EmbeddingCache("minilm").write(rows("where is it", "wo ist es 🙂", "broken \ud83d"))
    found = EmbeddingCache("minilm").read(["broken \ud83d", "wo ist es 🙂", "never seen"])

    assert found.keys() == {"broken \ud83d", "wo ist es 🙂"}
    assert found["broken \ud83d"].tolist() == [2.0] * 4


def test_another_encoder_finds_nothing() -> None:
    EmbeddingCache("minilm").write(rows("where is it"))
    assert EmbeddingCache("another").read(["where is it"]) == {}


def test_thousands_are_found_at_once() -> None:
    texts = [str(number) for number in range(2 * embedding_cache.BATCH + 1)]
    EmbeddingCache("minilm").write(rows(*texts))
    assert len(EmbeddingCache("minilm").read(texts)) == len(texts)


def test_what_was_not_asked_for_longest_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding_cache, "MOST", 2)
    cache = EmbeddingCache("minilm")
    for text in ("first", "second"):
        cache.write(rows(text))
    cache.read(["first"])
    cache.write(rows("third"))

    assert cache.read(["first", "second", "third"]).keys() == {"first", "third"}


def test_a_broken_cache_stops_nobody(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder.mkdir()
    (folder / embedding_cache.FILE).write_bytes(b"no database " * 100)
    cache = EmbeddingCache("minilm")

    with caplog.at_level(logging.WARNING):
        cache.write(rows("where is it"))
        assert cache.read(["where is it"]) == {}
    assert "can't be read" in caplog.text


def test_a_second_training_embeds_only_what_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder, embedded = load_encoder(), []
    encode = encoder._encode
    monkeypatch.setattr(encoder, "_encode", lambda text: (embedded.append(text), encode(text))[1])

    first = encoder.embed_all_deep(["where is it", "a refund", "where is it"])
    again = encoder.embed_all_deep(["a refund", "a new one"])

    assert embedded == ["a refund", "where is it", "a new one"]
    assert np.array_equal(first[1], again[0])
    assert np.array_equal(encoder.embed("a refund"), again[0][:DIMENSIONS])
