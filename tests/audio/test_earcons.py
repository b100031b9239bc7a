from __future__ import annotations

import itertools

import numpy as np
import pytest

from assistant.audio.speakers import load_earcon
from tests.scripts import load_script

NAMES = ("wake", "heard", "nothing_heard", "not_understood", "failed", "alarm", "announcement")
SHORT_NAMES = [name for name in NAMES if name not in {"alarm", "announcement"}]


@pytest.mark.parametrize("name", NAMES)
def test_is_what_its_script_makes(name: str) -> None:
    made = load_script("make-earcons").render(name)
    sound = load_earcon(name)
    assert sound.sample_rate == 22_050
    assert len(sound.samples) == len(made)
    # Another machine's sine may round the other way.
    assert np.abs(sound.samples.astype(int) - made.astype(int)).max() <= 1


@pytest.mark.parametrize("name", NAMES)
def test_is_soft_and_begins_and_ends_in_silence(name: str) -> None:
    samples = load_earcon(name).samples.astype(int)
    assert 20 * np.log10(np.abs(samples).max() / 32767) == pytest.approx(-12, abs=0.01)
    assert np.abs(samples[[0, -1]]).max() <= 1


@pytest.mark.parametrize("name", SHORT_NAMES)
def test_is_short(name: str) -> None:
    assert load_earcon(name).seconds < 0.4


def test_the_alarm_pauses_so_that_stop_can_be_heard() -> None:
    samples = load_earcon("alarm").samples
    assert not samples[-round(0.4 * 22_050) :].any()


def pitches(name: str) -> tuple[float, float]:
    """Centre of gravity of the spectrum (Hz) of the first and the last 60 ms that sound."""
    sound = load_earcon(name)
    loud = np.flatnonzero(np.abs(sound.samples.astype(int)) > 40)
    samples = sound.samples[loud[0] : loud[-1] + 1].astype(float)
    part = round(0.05 * sound.sample_rate)
    found = []
    for window in (samples[:part], samples[-part:]):
        power = np.abs(np.fft.rfft(window * np.hanning(len(window)))) ** 2
        hertz = np.fft.rfftfreq(len(window), 1 / sound.sample_rate)
        found.append(float(np.sum(hertz * power) / np.sum(power)))
    return found[0], found[1]


def strokes(name: str) -> int:
    """How often it begins to sound after 20 ms of silence."""
    sound = load_earcon(name)
    block = round(0.02 * sound.sample_rate)
    samples = np.append(sound.samples, np.zeros(-len(sound.samples) % block)).reshape(-1, block)
    loud = np.abs(samples).max(axis=1) > 40
    return int(loud[0]) + int(np.sum(loud[1:] & ~loud[:-1]))


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(NAMES, 2)))
def test_no_two_sound_alike(one: str, other: str) -> None:
    def features(name: str) -> tuple[float, ...]:
        begin, end = pitches(name)
        # Each in units of a difference that is plain to hear: a third, a stroke, 120 ms.
        third = np.log2(5 / 4)
        return (
            float(np.log2(begin) / third),
            float(np.log2(end) / third),
            strokes(name),
            load_earcon(name).seconds / 0.12,
        )

    difference = np.abs(np.subtract(features(one), features(other)))
    assert difference.max() > 1


def test_waking_rises_and_giving_up_falls() -> None:
    rising, falling = pitches("wake"), pitches("nothing_heard")
    assert rising[1] > 1.3 * rising[0]
    assert falling[1] < falling[0] / 1.3
