"""Sentences spoken by the synthesizers that are installed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.audio.frames import SAMPLE_RATE
from assistant.errors import EngineError
from assistant.measuring.voices import QUIET_SECONDS, Voice, find_voices, speak
from tests.measuring.speech import say


@pytest.mark.engines
@pytest.mark.parametrize("voice", [Voice("espeak-ng", "en+m3"), Voice("flite", "rms")], ids=str)
def test_a_voice_speaks_between_two_moments_of_quiet(voice: Voice) -> None:
    samples = say("what time is it", voice).astype(np.float64)
    quiet = round(QUIET_SECONDS * SAMPLE_RATE)
    speech = samples[quiet:-quiet]
    assert 0.4 < len(speech) / SAMPLE_RATE < 3.0
    assert np.std(samples[:quiet]) < 0.02 * np.std(speech)
    assert np.std(samples[-quiet:]) < 0.02 * np.std(speech)


@pytest.mark.engines
def test_the_same_is_said_again() -> None:
    first, again = (say("stop the timer") for _ in range(2))
    assert np.array_equal(first, again)


@pytest.mark.engines
def test_english_has_voices_of_both_synthesizers_in_turn() -> None:
    engines = [voice.engine for voice in find_voices("en")]
    assert engines == ["espeak-ng", "flite"] * 4
    assert len(set(find_voices("en"))) == 8


@pytest.mark.engines
def test_no_two_of_them_sound_the_same() -> None:
    # espeak-ng takes a variant that a voice does not have, and speaks without it.
    said = {say("stop", voice).tobytes() for voice in find_voices("en")}
    assert len(said) == 8


@pytest.mark.engines
def test_other_languages_have_variants_of_one_voice() -> None:
    assert [str(voice) for voice in find_voices("de")] == [
        "espeak-ng de", "espeak-ng de+f3", "espeak-ng de+m3", "espeak-ng de+f2",
    ]  # fmt: skip


def test_error_without_a_synthesizer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError) as error:
        find_voices("en")
    assert str(error.value) == (
        "There is no synthesizer to speak the commands. Install one: sudo apt install espeak-ng "
        "flite; or give --recordings FOLDER."
    )


def test_error_when_flite_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match=r"flite cannot be started: No such file"):
        speak("stop", Voice("flite", "slt"), np.random.default_rng(1))


@pytest.mark.engines
def test_error_for_a_voice_that_says_nothing() -> None:
    with pytest.raises(EngineError, match=r"The voice espeak-ng en-us says nothing for '\.'"):
        speak(".", Voice("espeak-ng", "en-us"), np.random.default_rng(1))


def test_error_when_flite_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "flite"
    program.write_text("#!/bin/sh\nexit 3\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    with pytest.raises(EngineError, match=r"The voice flite slt did not speak: .* status 3"):
        speak("stop", Voice("flite", "slt"), np.random.default_rng(1))
