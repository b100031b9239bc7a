"""What samples of a microphone tell about it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.audio.frames import SAMPLE_RATE, Samples
from assistant.doctor.findings import Finding, Verdict
from assistant.doctor.levels import Heard, judge_samples, tone_gain_db
from tests.audio.tones import tone

SECONDS = 2.0


def noise(amplitude: float) -> Samples:
    random = np.random.default_rng(1).normal(0, amplitude, round(SECONDS * SAMPLE_RATE))
    return np.clip(random, -32768, 32767).astype(np.int16)


def judged(samples: Samples, rate: float = SAMPLE_RATE, sure_rate: float | None = None) -> Finding:
    """Judge samples that came at this rate; nothing was lost, nothing had piled up."""
    heard = Heard(samples, len(samples) / rate, rate if sure_rate is None else sure_rate)
    return judge_samples("microphone", heard)


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
    finding = judged(samples)
    assert finding.verdict == verdict
    assert finding.message.startswith(told)
    assert bool(finding.hint) == (verdict is not Verdict.GOOD)


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 48_000])
def test_a_wrong_rate_is_told(rate: int) -> None:
    # Opening the device takes some of the time that the least rate is reckoned from.
    finding = judged(noise(20), rate, 0.9 * rate)
    assert finding.verdict == Verdict.FAILED
    assert finding.message == f"It gives {rate} samples a second instead of 16000."
    assert "Its rate is wrong" in finding.hint


@given(st.integers(9_000, 14_000))
def test_of_too_few_samples_the_busy_machine_is_told(rate: int) -> None:
    finding = judged(noise(20), rate)
    assert finding.verdict == Verdict.WARNING
    assert finding.message == f"It gives {rate} samples a second instead of 16000."
    assert finding.hint.startswith("The machine is too busy")


@given(st.integers(1_000, 15_000))
def test_what_is_in_the_samples_is_told_however_few_there_are(rate: int) -> None:
    assert judged(np.zeros(16_000, np.int16), rate).message == "It gives nothing but zeros."
    assert judged(noise(30_000), rate).message.startswith("It is cut off at the top: ")


def test_what_had_piled_up_is_no_wrong_rate() -> None:
    """After a moment without the processor, more samples come than there was time for."""
    assert judged(noise(20), 24_000, 15_000).verdict == Verdict.GOOD


def test_a_microphone_that_ends_gives_nothing() -> None:
    assert judge_samples("microphone", Heard(noise(0)[:0], 2.0, 0.0)).verdict == Verdict.FAILED


@given(st.integers(0, 30), st.integers(1, 32_767))
def test_a_knock_is_not_cut_off(knocks: int, amplitude: int) -> None:
    samples = noise(20)
    samples[:knocks] = 32_767
    assert "cut off" not in judged(samples).message
    # Whatever a microphone gives, something is told of it.
    assert judged(noise(amplitude)).message


def test_a_tone_is_told_from_another() -> None:
    room = noise(20)
    heard = np.concatenate([tone(880, 1.0, SAMPLE_RATE), np.zeros(SAMPLE_RATE, np.int16)])
    assert tone_gain_db(room, room + heard, 880.0) > 30
    assert tone_gain_db(room, room + heard, 1_300.0) < 10
