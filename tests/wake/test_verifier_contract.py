"""What every speaker verifier does: the real one, and the one of the pipeline's tests."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.ports import SpeakerVerifier
from assistant.wake.verifier import Verifier
from tests.recordings import samples_of
from tests.wake.verifiers import ToldVerifier

RECORDINGS = ("timer-with-pause", "timer-five-minutes", "pasta-timer-one-breath", "stop")


@pytest.fixture(scope="module", params=["real", "told"])
def verifier(request: pytest.FixtureRequest) -> SpeakerVerifier:
    if request.param == "told":
        return ToldVerifier(0.7)
    return Verifier.enrol([samples_of(name) for name in RECORDINGS])


@pytest.mark.parametrize("name", [*RECORDINGS, "no-wake-word", "cancel-timer-espeak"])
def test_a_score_is_from_0_to_1_and_the_same_again(verifier: SpeakerVerifier, name: str) -> None:
    samples = samples_of(name)
    before = samples.copy()
    score = verifier.score(samples)
    assert 0.0 <= score <= 1.0
    assert verifier.score(samples) == score
    assert np.array_equal(samples, before)


def test_its_own_recording_scores_high(verifier: SpeakerVerifier) -> None:
    assert verifier.score(samples_of(RECORDINGS[0])) > 0.5


@pytest.mark.parametrize("length", [0, 1, 1_280, 16_000])
def test_silence_of_any_length_is_nobody_s(verifier: SpeakerVerifier, length: int) -> None:
    assert verifier.score(np.zeros(length, dtype=np.int16)) == 0.0
