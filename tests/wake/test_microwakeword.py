"""The second engine, beside what is tested of both in test_contract."""

from __future__ import annotations

import json
from pathlib import Path

import pymicro_wakeword
import pytest

from assistant.errors import EngineError
from assistant.wake.microwakeword import MicroWakeWord

PACKAGED = Path(pymicro_wakeword.__file__).parent / "models"


def test_a_word_knows_the_threshold_of_its_makers() -> None:
    assert MicroWakeWord({"hey_jarvis": None}).cutoff("hey_jarvis") == 0.97


def test_a_model_of_ones_own_is_given_by_its_json_file() -> None:
    assert MicroWakeWord({"lexi": PACKAGED / "alexa.json"}).cutoff("lexi") == 0.9


def test_error_a_word_that_it_does_not_have() -> None:
    with pytest.raises(EngineError) as caught:
        MicroWakeWord({"hey_marvin": None})
    assert str(caught.value) == (
        "microWakeWord has no wake word 'hey_marvin'. "
        "Choose one of: alexa, hey_jarvis, hey_mycroft, okay_nabu."
    )


@pytest.mark.parametrize("text", ["", "no json", "[]", "{}", '{"model": "a.tflite", "micro": {}}'])
def test_error_a_file_that_describes_no_model(tmp_path: Path, text: str) -> None:
    path = tmp_path / "word.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EngineError, match=r"word\.json does not describe a microWakeWord model"):
        MicroWakeWord({"word": path})


@pytest.mark.parametrize("content", [None, b"", b"junk" * 100])
def test_error_a_network_that_is_none(tmp_path: Path, content: bytes | None) -> None:
    config = json.loads((PACKAGED / "alexa.json").read_text(encoding="utf-8"))
    path = tmp_path / "word.json"
    path.write_text(json.dumps(config | {"model": "word.tflite"}), encoding="utf-8")
    if content is not None:
        (tmp_path / "word.tflite").write_bytes(content)
    with pytest.raises(EngineError, match=r"word\.tflite is missing or broken"):
        MicroWakeWord({"word": path})


def test_error_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"word\.json cannot be read \(No such file"):
        MicroWakeWord({"word": tmp_path / "word.json"})
