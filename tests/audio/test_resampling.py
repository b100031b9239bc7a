from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.audio.frames import CHUNK_SAMPLES, Samples
from assistant.audio.resampling import ChunkBuffer, Resampler, to_frames, to_samples
from tests.audio.tones import loudest_hertz, tone

ALL_SAMPLES = np.arange(-32768, 32768).astype(np.int16)


def all_chunks(buffer: ChunkBuffer) -> Samples:
    chunks = []
    while (chunk := buffer.take()) is not None:
        chunks.append(chunk)
    rest = buffer.take_rest()
    return np.concatenate([*chunks, *([] if rest is None else [rest])] or [np.zeros(0, np.int16)])


def test_every_sample_survives_the_way_through_float() -> None:
    assert np.array_equal(to_samples(to_frames(ALL_SAMPLES)[:, 0]), ALL_SAMPLES)


def test_what_is_too_loud_is_clipped_not_wrapped() -> None:
    assert to_samples(np.array([-1.5, 1.0, 1.5], np.float32)).tolist() == [-32768, 32767, 32767]


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 48_000, 96_000])
def test_a_tone_keeps_its_pitch_and_length_from_any_rate(rate: int) -> None:
    resampler = Resampler(rate, 16_000)
    sound = to_frames(tone(700, 1.0, rate))[:, 0]
    blocks = np.array_split(sound, 13)
    heard = np.concatenate(
        [resampler.feed(block, last=number == 12) for number, block in enumerate(blocks)]
    )
    assert abs(len(heard) - 16_000) <= 1
    assert loudest_hertz(heard, 16_000) == pytest.approx(700, abs=2)


def test_silence_stays_silent_at_another_rate() -> None:
    assert not Resampler(44_100, 16_000).feed(np.zeros(44_100, np.float32), last=True).any()


@given(st.lists(st.integers(0, 3000), max_size=8), st.integers(1, 4))
def test_chunks_hold_exactly_what_was_fed(lengths: list[int], channels: int) -> None:
    random = np.random.default_rng(0)
    buffer = ChunkBuffer(16_000)
    fed = []
    for length in lengths:
        mono = random.integers(-32768, 32768, length).astype(np.int16)
        fed.append(mono)
        buffer.feed(to_frames(np.repeat(mono, channels), channels))
    heard = all_chunks(buffer)
    everything = np.concatenate([*fed, np.zeros(0, np.int16)])
    assert len(heard) % CHUNK_SAMPLES == 0
    assert len(heard) - len(everything) < CHUNK_SAMPLES
    assert np.array_equal(heard[: len(everything)], everything)
    assert not heard[len(everything) :].any()
