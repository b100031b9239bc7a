"""Where a word is in its recording, and which recordings are of no use."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.audio.frames import SAMPLE_RATE, Samples
from assistant.wake.training.ending import UnusableError, find_word
from tests.wake.training.sounds import quiet, recording, tone


def seconds_of(samples: Samples) -> tuple[float, float]:
    word = find_word(samples)
    return word.begin_samples / SAMPLE_RATE, word.end_samples / SAMPLE_RATE


@pytest.mark.parametrize("before", [0.0, 0.3, 2.0])
@pytest.mark.parametrize("after", [0.0, 1.0, 2.0])
def test_a_word_is_found_between_silences(before: float, after: float) -> None:
    found = seconds_of(recording(quiet(before), tone(0.6), quiet(max(after, 0.3))))
    assert found == pytest.approx((before, before + 0.6), abs=0.06)


def test_a_click_is_no_word() -> None:
    click = tone(0.02, 30_000.0)
    samples = recording(quiet(0.3), click, quiet(0.7), tone(0.6), quiet(0.7), click, quiet(0.3))
    assert seconds_of(samples) == pytest.approx((1.02, 1.62), abs=0.06)


def test_a_phrase_of_two_words_is_one() -> None:
    samples = recording(quiet(0.5), tone(0.3), quiet(0.2), tone(0.4), quiet(0.5))
    assert seconds_of(samples) == pytest.approx((0.5, 1.4), abs=0.06)


def test_of_two_sounds_the_greater_is_the_word() -> None:
    samples = recording(quiet(0.3), tone(0.2, 800.0), quiet(0.8), tone(0.6), quiet(0.5))
    assert seconds_of(samples) == pytest.approx((1.3, 1.9), abs=0.06)


@pytest.mark.parametrize(
    ("samples", "reason"),
    [
        (recording(tone(0.05)), "is shorter than 0.1 s"),
        (recording(quiet(3.0)), "is too quiet (its loudest sound is at -64 dBFS)"),
        (recording(tone(3.0)), "has no word that stands out from what is around it"),
        (recording(quiet(1.0), tone(0.12), quiet(1.0)), "has no word, only 0.12 s of sound"),
        (
            recording(quiet(1.0), tone(2.6), quiet(1.0)),
            "has 2.6 s of speech, and a word has at most 2 s",
        ),
        (
            recording(quiet(1.0), tone(0.6, 60_000.0), quiet(1.0)),
            "is too loud (44% of the word is clipped)",
        ),
    ],
)
def test_error_of_no_use(samples: Samples, reason: str) -> None:
    with pytest.raises(UnusableError) as caught:
        find_word(samples)
    assert str(caught.value) == reason


def test_one_sample_at_full_scale_is_a_peak() -> None:
    samples = recording(quiet(1.0), tone(0.6), quiet(1.0))
    samples[20_000] = 32_767
    assert np.abs(samples).max() == 32_767
    assert seconds_of(samples) == pytest.approx((1.0, 1.6), abs=0.06)
