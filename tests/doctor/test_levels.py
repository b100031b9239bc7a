"""What samples of a microphone tell about it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.audio.frames import SAMPLE_RATE, Samples
from assistant.doctor.findings import Verdict
from assistant.doctor.levels import judge_samples, tone_gain_db
from tests.audio.tones import tone

SECONDS = 2.0


def noise(amplitude: float) -> Samples:
    random = np.random.default_rng(1).normal(0, amplitude, round(SECONDS * SAMPLE_RATE))
    return np.clip(random, -32768, 32767).astype(np.int16)


CASES = {
    "a room": (noise(20), Verdict.GOOD, "It hears the room, at -65 dBFS."),
    "zeros": (np.zeros(32_000, np.int16), Verdict.FAILED, "It gives nothing but zeros."),
    "one number": (np.full(32_000, 7, np.int16), Verdict.FAILED, "It always gives the same"),
    "very quiet": (noise(1), Verdict.WARNING, "It is very quiet: "),
    "cut off": (noise(30_000), Verdict.FAILED, "It is cut off at the top: "),
    "loud": (noise(4_000), Verdict.WARNING, "It is loud where it stands: -18 dBFS."),
}  # fmt: skip


@pytest.mark.parametrize(("samples", "verdict", "told"), CASES.values(), ids=CASES)
def test_samples_are_judged(samples: Samples, verdict: Verdict, told: str) -> None:
    finding = judge_samples("microphone", samples, SECONDS)
    assert finding.verdict == verdict
    assert finding.message.startswith(told)
    assert bool(finding.hint) == (verdict is not Verdict.GOOD)


@pytest.mark.parametrize("rate", [8_000, 11_025, 17_500, 44_100])
def test_a_wrong_clock_is_told(rate: int) -> None:
    finding = judge_samples("microphone", noise(20), 32_000 / rate)
    assert finding.verdict == Verdict.FAILED
    assert finding.message == f"It gives {rate} samples a second instead of 16000."


@given(st.integers(0, 30), st.integers(1, 32_767))
def test_a_knock_is_not_cut_off(knocks: int, amplitude: int) -> None:
    samples = noise(20)
    samples[:knocks] = 32_767
    assert "cut off" not in judge_samples("microphone", samples, SECONDS).message
    # Whatever a microphone gives, something is told of it.
    assert judge_samples("microphone", noise(amplitude), SECONDS).message


def test_a_tone_is_told_from_another() -> None:
    room = noise(20)
    heard = np.concatenate([tone(880, 1.0, SAMPLE_RATE), np.zeros(SAMPLE_RATE, np.int16)])
    assert tone_gain_db(room, room + heard, 880.0) > 30
    assert tone_gain_db(room, room + heard, 1_300.0) < 10
