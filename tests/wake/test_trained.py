"""The file of a trained word: what is written is read, and what is none is told in a sentence."""

from __future__ import annotations

import io
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.embedding.bundle import embedding_checksum
from assistant.errors import EngineError
from assistant.wake.network import Network
from assistant.wake.packaged import word_models
from assistant.wake.trained import About, TrainedWord, read_word, write_word
from assistant.wake.words import find_word, load_word


def word(hidden: int = 3) -> TrainedWord:
    random = np.random.default_rng(1)

    def some(*shape: int) -> Any:
        return random.standard_normal(shape).astype(np.float32)

    network = Network(
        16, some(96), some(96) ** 2 + 0.1, some(1536, hidden) / 40, some(hidden), some(hidden), 0.25
    )
    about = About(
        "computer",
        "computer",
        "2026-01-01T00:00:00+00:00",
        embedding_checksum(),
        20,
        2.0,
        0.5,
        [(1.0, 0.4)],
        [{"missed": 0.1}],
    )
    return TrainedWord(network, about)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "computer.npz"
    file.write_bytes(write_word(word()))
    return file


def test_what_is_written_is_read(path: Path) -> None:
    read = read_word(path, embedding_checksum())
    assert json.dumps(asdict(read.about)) == json.dumps(asdict(word().about))
    embeddings = np.random.default_rng(2).standard_normal((16, 96)).astype(np.float32)
    assert read.score(embeddings) == word().score(embeddings)
    assert 0.0 < read.score(embeddings) < 1.0
    assert read.length == 16


def test_a_trained_word_is_found_by_its_name(path: Path) -> None:
    assert find_word("Computer", path.parent) == path
    assert load_word("computer", None, path.parent).length == 16
    assert load_word("anything", path).length == 16
    assert find_word("alexa", path.parent) == word_models()["alexa"]


def test_the_owners_word_goes_before_one_of_the_package(path: Path) -> None:
    own = path.rename(path.with_name("alexa.npz"))
    assert find_word("alexa", path.parent) == own


def test_error_a_word_that_nobody_has_trained(path: Path) -> None:
    with pytest.raises(EngineError) as caught:
        find_word("jarvis", path.parent)
    assert str(caught.value) == (
        "There is no wake word 'jarvis'. Choose one of: alexa, computer, hey_jarvis, hey_marvin, "
        "hey_mycroft, timer, weather; or train it: assistant wake train jarvis."
    )


@pytest.mark.parametrize("content", [b"", b"not a word", b"PK\x03\x04 a broken archive"])
def test_error_no_archive(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(EngineError, match=r"computer\.npz is no trained wake word, or broken"):
        read_word(path, embedding_checksum())


def test_error_a_file_cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-500])
    with pytest.raises(EngineError, match="is no trained wake word, or broken"):
        read_word(path, embedding_checksum())


def test_error_another_archive_of_arrays(path: Path) -> None:
    np.savez(path, something=np.zeros(3))
    with pytest.raises(EngineError, match="is no trained wake word, or broken"):
        read_word(path, embedding_checksum())


def test_error_objects_are_not_unpickled(path: Path) -> None:
    np.savez(path, about=np.array([{"version": 1}], dtype=object))
    with pytest.raises(EngineError, match="is no trained wake word, or broken"):
        read_word(path, embedding_checksum())


def test_error_a_newer_file(path: Path) -> None:
    path.write_bytes(write_word(replace(word(), about=replace(word().about, version=2))))
    with pytest.raises(EngineError) as caught:
        read_word(path, embedding_checksum())
    assert str(caught.value) == (
        f"The wake word {path} is of format 2, and this assistant reads 1. Update the assistant."
    )


def test_error_other_features(path: Path) -> None:
    with pytest.raises(EngineError, match="was trained with another version of the speech embed"):
        read_word(path, "0123456789abcdef")


@pytest.mark.parametrize(
    ("name", "array", "reason"),
    [
        ("mean", np.zeros(95, np.float32), "mean have the wrong shape"),
        ("scale", np.zeros(96, np.float32), "scale is not positive"),
        ("hidden_weights", np.zeros((1535, 3), np.float32), "hidden_weights have the wrong shape"),
        ("hidden_weights", np.zeros(8, np.float32), "hidden_weights have the wrong shape"),
        ("hidden_bias", np.zeros(4, np.float32), "hidden_bias have the wrong shape"),
        ("output_weights", np.full(3, np.nan, np.float32), "output_weights are no numbers"),
        ("output_bias", np.zeros(1, np.int64), "output_bias are no numbers"),
    ],
)
def test_error_wrong_arrays(path: Path, name: str, array: Any, reason: str) -> None:
    with np.load(io.BytesIO(path.read_bytes())) as file:
        arrays = {one: file[one] for one in file} | {name: array}
    np.savez(path, **arrays)
    with pytest.raises(EngineError, match=rf"is broken \({reason}\)"):
        read_word(path, embedding_checksum())


def test_error_metadata_of_another_kind(path: Path) -> None:
    with np.load(io.BytesIO(path.read_bytes())) as file:
        arrays = {one: file[one] for one in file}
    arrays["about"] = np.frombuffer(json.dumps({"version": 1, "word": 3}).encode(), np.uint8)
    np.savez(path, **arrays)
    with pytest.raises(EngineError, match=r"The trained wake word .* is broken"):
        read_word(path, embedding_checksum())
