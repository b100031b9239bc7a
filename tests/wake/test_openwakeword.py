"""The wake word's engine, on real models and recordings."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.errors import EngineError
from assistant.wake.openwakeword import OpenWakeWord, find_word, models_folder, word_models
from tests.recordings import chunks_of, silence


@pytest.fixture(scope="module")
def jarvis() -> OpenWakeWord:
    return OpenWakeWord({"hey_jarvis": find_word("hey_jarvis")})


def highest(engine: OpenWakeWord, name: str) -> float:
    engine.reset()
    return max(engine.scores(chunk)["hey_jarvis"] for chunk in chunks_of(name))


def test_the_words_of_the_package_are_found_by_name() -> None:
    assert {"hey_jarvis", "alexa", "hey_mycroft", "hey_marvin"} <= set(word_models())
    assert find_word("Hey Jarvis") == find_word("hey_jarvis")


def test_error_a_word_that_does_not_exist() -> None:
    with pytest.raises(EngineError) as caught:
        find_word("hey_computer")
    assert str(caught.value) == (
        "There is no wake word 'hey_computer'. Choose one of: "
        "alexa, hey_jarvis, hey_marvin, hey_mycroft, timer, weather."
    )


def test_error_a_model_that_is_none(tmp_path: Path) -> None:
    broken = tmp_path / "word.onnx"
    broken.write_bytes(b"not a model")
    with pytest.raises(EngineError, match=r"^The wake word model .*word\.onnx cannot be loaded"):
        OpenWakeWord({"word": broken})


def test_error_a_model_of_another_kind() -> None:
    other = models_folder() / "melspectrogram.onnx"
    with pytest.raises(EngineError, match="is not an openWakeWord model"):
        OpenWakeWord({"word": other})


@pytest.mark.engines
def test_it_hears_its_word(jarvis: OpenWakeWord) -> None:
    assert highest(jarvis, "what-time") > 0.9


@pytest.mark.engines
@pytest.mark.parametrize("name", ["silence", "no-wake-word", "command-without-wake-word"])
def test_it_hears_nothing_else(jarvis: OpenWakeWord, name: str) -> None:
    assert highest(jarvis, name) < 0.1


@pytest.mark.engines
def test_after_a_reset_the_word_is_forgotten(jarvis: OpenWakeWord) -> None:
    chunks = chunks_of("what-time")
    jarvis.reset()
    scores = [jarvis.scores(chunk)["hey_jarvis"] for chunk in chunks]
    jarvis.reset()
    after = [jarvis.scores(chunk)["hey_jarvis"] for chunk in silence(2.0)]
    assert max(scores) > 0.9
    assert max(after) < 0.1


@pytest.mark.engines
def test_two_words_at_once_score_as_one_alone(jarvis: OpenWakeWord) -> None:
    both = OpenWakeWord({name: find_word(name) for name in ("alexa", "hey_jarvis")})
    jarvis.reset()
    for chunk in chunks_of("what-time"):
        assert both.scores(chunk)["hey_jarvis"] == pytest.approx(
            jarvis.scores(chunk)["hey_jarvis"], abs=1e-5
        )


def test_a_chunk_of_another_length_is_a_bug(jarvis: OpenWakeWord) -> None:
    with pytest.raises(ValueError, match="a chunk has 1280 samples, not 640"):
        jarvis.scores(np.zeros(640, dtype=np.int16))
