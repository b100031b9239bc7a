"""The features for PocketSphinx's model: what they are, and what noise does to them."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.audio.frames import Samples
from assistant.recognizers.cepstra import Cepstra, Spectra
from tests.recordings import samples_of

NOTHING: Samples = np.empty(0, dtype=np.int16)


def tone(hertz: float) -> Samples:
    time = np.arange(16_000) / 16_000
    return np.rint(8_000.0 * np.sin(2 * np.pi * hertz * time)).astype(np.int16)


def hiss(seconds: float, amplitude: float) -> Samples:
    random = np.random.default_rng(1)
    return np.rint(amplitude * random.standard_normal(round(seconds * 16_000))).astype(np.int16)


def cepstra(samples: Samples, before: Samples = NOTHING, *, suppress: bool = True) -> Cepstra:
    return Spectra(samples, before).cepstra(suppress=suppress)


def distance(some: Cepstra, others: Cepstra) -> float:
    """Root mean square, each normalised as a whole."""
    normalised = (some - some.mean(axis=0)) - (others - others.mean(axis=0))
    return float(np.sqrt(np.mean(np.square(normalised))))


def test_thirteen_every_ten_milliseconds() -> None:
    spectra = Spectra(hiss(1.0, 1_000), NOTHING)
    assert len(spectra) == 1 + (16_000 - 410) // 160
    assert spectra.cepstra().shape == (len(spectra), 13)


@pytest.mark.parametrize("samples", [NOTHING, hiss(0.02, 1_000)], ids=["nothing", "too short"])
def test_less_than_a_frame_has_none(samples: Samples) -> None:
    assert cepstra(samples).shape == (0, 13)


def test_the_sound_before_is_no_part_of_it() -> None:
    assert len(cepstra(hiss(1.0, 1_000), hiss(2.0, 1_000))) == len(cepstra(hiss(1.0, 1_000)))


def test_digital_silence_has_finite_features() -> None:
    assert np.isfinite(cepstra(np.zeros(16_000, dtype=np.int16))).all()


def test_twice_as_loud_changes_the_first_only() -> None:
    quiet, loud = hiss(1.0, 1_000), 2 * hiss(1.0, 1_000)
    difference = cepstra(loud, suppress=False) - cepstra(quiet, suppress=False)
    assert difference[:, 0] == pytest.approx(5 * np.log(4.0), abs=0.01)  # the root of 25 filters
    assert difference[:, 1:] == pytest.approx(0.0, abs=0.01)


def test_a_warped_tone_is_one_of_another_pitch() -> None:
    warped = Spectra(tone(1_100), NOTHING).cepstra(1.1, suppress=False).mean(axis=0)
    plain = Spectra(tone(1_000), NOTHING).cepstra(suppress=False).mean(axis=0)
    other = Spectra(tone(1_100), NOTHING).cepstra(suppress=False).mean(axis=0)
    assert np.linalg.norm(warped - plain) < 0.5 * np.linalg.norm(other - plain)


def test_steady_noise_is_taken_off_most_where_it_was_heard_before() -> None:
    noise = hiss(3.0, 300)
    speech = samples_of("what-time")[round(2.1 * 16_000) : round(3.7 * 16_000)]
    noisy = speech + noise[-len(speech) :]
    clean = cepstra(speech)
    untouched = distance(cepstra(noisy, suppress=False), clean)
    by_itself = distance(cepstra(noisy), clean)
    from_before = distance(cepstra(noisy, noise[:16_000]), clean)
    assert from_before < by_itself < untouched
