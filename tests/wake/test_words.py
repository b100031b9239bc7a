"""The models of wake words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.embedding.packaged import models_folder
from assistant.errors import EngineError
from assistant.wake.packaged import word_models
from assistant.wake.words import find_word, load_word, trained_words


def test_the_words_of_the_package_are_found_by_name() -> None:
    assert {"hey_jarvis", "alexa", "hey_mycroft", "hey_marvin"} <= set(word_models())
    assert find_word("Hey Jarvis") == find_word("hey_jarvis")


def test_a_word_tells_how_far_it_looks_back() -> None:
    word = load_word("alexa")
    assert word.length == 16
    assert 0.0 <= word.score(np.zeros((16, 96), dtype=np.float32)) < 0.5


def test_error_a_word_that_does_not_exist() -> None:
    with pytest.raises(EngineError) as caught:
        load_word("hey_computer")
    assert str(caught.value) == (
        "There is no wake word 'hey_computer'. Choose one of: "
        "alexa, hey_jarvis, hey_marvin, hey_mycroft, timer, weather; "
        "or train it: assistant wake train hey_computer."
    )


def test_error_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"^There is no wake word model .*word\.onnx"):
        load_word("word", tmp_path / "word.onnx")


def test_error_a_model_that_is_none(tmp_path: Path) -> None:
    broken = tmp_path / "word.onnx"
    broken.write_bytes(b"not a model")
    with pytest.raises(EngineError, match=r"^The wake word model .*word\.onnx cannot be loaded"):
        load_word("word", broken)


def test_error_a_model_of_another_kind() -> None:
    with pytest.raises(EngineError, match="is not one of openWakeWord's"):
        load_word("word", models_folder() / "melspectrogram.onnx")


def test_a_voice_beside_trained_words_is_none(tmp_path: Path) -> None:
    for name in ("computer.npz", "ann.voice.npz"):
        (tmp_path / name).touch()
    assert trained_words(tmp_path) == {"computer": tmp_path / "computer.npz"}
