"""The gate: open while somebody may be speaking."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.audio.frames import CHUNK_SAMPLES, SAMPLE_RATE, Samples
from assistant.measuring.noise import hum, pink
from assistant.wake.activity import ActivityGate
from tests.recordings import chunks_of, silence


def opened(chunks: list[Samples]) -> list[bool]:
    gate = ActivityGate()
    return [gate.step(chunk) for chunk in chunks]


def in_chunks(signal: np.ndarray, peak: float) -> list[Samples]:
    samples = np.rint(signal * peak).astype(np.int16)
    return list(samples.reshape(-1, CHUNK_SAMPLES))


SECONDS = 16
LENGTH = SECONDS * SAMPLE_RATE
STEADY = {
    "white": np.random.default_rng(1).standard_normal(LENGTH) / 4,
    "pink": pink(LENGTH, np.random.default_rng(2)),
    "hum": hum(LENGTH, np.random.default_rng(3)),
}


def test_it_is_closed_in_silence() -> None:
    assert not any(opened(silence(4.0)))


@pytest.mark.parametrize("name", STEADY)
@pytest.mark.parametrize("peak", [100.0, 8_000.0])
def test_steady_noise_closes_it(name: str, peak: float) -> None:
    # A machine that starts may open it; it must not stay open.
    states = opened([*silence(1.0), *in_chunks(STEADY[name], peak)])
    assert np.mean(states[len(states) // 2 :]) < 0.1


@pytest.mark.parametrize("gain_db", [0, -20, -34])
@pytest.mark.parametrize("before_seconds", [0.0, 20.0])
def test_speech_opens_it(gain_db: int, before_seconds: float) -> None:
    spoken = [(chunk * 10.0 ** (gain_db / 20.0)).astype(np.int16) for chunk in chunks_of("stop")]
    assert any(opened([*silence(before_seconds), *spoken]))


def test_speech_in_steady_noise_opens_it() -> None:
    noise = in_chunks(STEADY["pink"], 1_000.0)
    spoken = chunks_of("what-time")
    mixed = [chunk + under for chunk, under in zip(spoken, noise, strict=False)]
    assert not any(opened(noise)[25:])
    assert any(opened([*noise, *mixed])[len(noise) :])


def test_it_closes_when_nobody_speaks_any_more() -> None:
    assert not opened([*chunks_of("what-time"), *silence(1.5)])[-1]


def test_it_tells_when_a_voice_pauses() -> None:
    gate = ActivityGate()
    paused = []
    for chunk in [*chunks_of("stop"), *silence(0.5)]:
        gate.step(chunk)
        paused.append(gate.paused)
    assert any(paused)
    assert not paused[0]
    assert not paused[-1]


def test_what_it_knew_of_the_room_can_be_forgotten() -> None:
    gate = ActivityGate()
    for chunk in chunks_of("what-time"):
        gate.step(chunk)
    gate.reset()
    assert not gate.open
    assert [gate.step(chunk) for chunk in chunks_of("stop")] == opened(chunks_of("stop"))
