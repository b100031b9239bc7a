"""One word as many examples: where it is in each of them, and what is made of it."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.audio.frames import CHUNK_SAMPLES, SAMPLE_RATE, Samples
from assistant.measuring.noise import clatter, coloured, loudest_frame
from assistant.wake.network import Floats
from assistant.wake.training.augmentation import Amount, equalised, reverberated, varied
from assistant.wake.training.ending import Spoken
from assistant.wake.training.examples import Example, Said, part_of, with_word, without_word
from assistant.wake.training.windows import LENGTH, embed_in_a_row, windows_of
from tests.wake.training.sounds import quiet, tone

UNCHANGED = Amount(speed=0.0, room_share=0.0, curve_share=0.0, noise_share=0.0)
WORD = Said(np.concatenate((quiet(1.5), tone(0.6), quiet(1.5))), Spoken(24_000, 33_600))


def loud_part(samples: Samples) -> tuple[int, int]:
    loud = np.flatnonzero(np.abs(samples) > 0.3 * np.abs(samples).max())
    return int(loud[0]), int(loud[-1])


@pytest.mark.parametrize("speed", [0.0, 0.12])
def test_the_place_of_the_word_is_known_at_any_speed(speed: float) -> None:
    for seed in range(8):
        random = np.random.default_rng(seed)
        amount = Amount(speed, room_share=0.0, curve_share=0.0, noise_share=0.0)
        example = with_word(WORD, amount, [tone(1.0, 4000.0)] if seed > 4 else [], random)
        assert example.word is not None
        begin, end = loud_part(example.samples)
        assert end == pytest.approx(example.word.end_samples, abs=300)
        if seed <= 4:
            assert begin == pytest.approx(example.word.begin_samples, abs=300)


def test_a_word_cut_close_gets_silence_around_it() -> None:
    close = Said(tone(0.6), Spoken(0, 9_600))
    example = with_word(close, UNCHANGED, [], np.random.default_rng(1))
    assert example.word is not None
    assert len(example.samples) - example.word.end_samples == 0.64 * SAMPLE_RATE
    assert np.abs(example.samples[: example.word.begin_samples]).max() < 200


def test_parts_are_the_beginning_or_the_end_of_the_word() -> None:
    rising = Said(np.arange(10_000.0), Spoken(0, 10_000))
    parts = [part_of(rising, np.random.default_rng(seed)) for seed in range(20)]
    assert all(3_000 <= len(part) <= 6_200 for part in parts)
    assert {part[0] == 0.0 for part in parts} == {True, False}
    assert all(part[0] == 0.0 or part[-1] == 9_999.0 for part in parts)


def test_noise_is_as_loud_as_told() -> None:
    amount = Amount(0.0, 0.0, 0.0, noise_share=1.0, noise_db=(6.0, 6.0))
    for seed in range(6):
        example = without_word(tone(0.6), amount, np.random.default_rng(seed))
        before = example.samples[:3_000].astype(float)
        assert loudest_frame(before) > 0.0
        assert np.abs(example.samples).max() <= 30_500


def test_a_room_keeps_the_sound_where_it_is_and_rings() -> None:
    click = np.zeros(16_000)
    click[4_000] = 1.0
    heard = reverberated(click, np.random.default_rng(2))
    assert np.argmax(np.abs(heard)) == 4_000
    assert np.abs(heard[:4_000]).max() < 1e-9
    assert np.sum(np.square(heard[4_200:])) > 0.01


def test_a_microphone_changes_the_spectrum_not_the_length() -> None:
    noise = np.random.default_rng(1).standard_normal(16_000)
    heard = equalised(noise, np.random.default_rng(2))
    assert len(heard) == len(noise)
    assert not np.allclose(heard, noise, atol=0.1)


def test_the_same_chance_makes_the_same_sound() -> None:
    one, other = (varied(tone(0.5), Amount(), np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(one, other)


@pytest.mark.parametrize("samples", [1_000, 40_000])
def test_noises_are_of_full_scale(samples: int) -> None:
    random = np.random.default_rng(1)
    for noise in (clatter(samples, random), coloured(samples, 5.0, random)):
        assert len(noise) == samples
        assert np.abs(noise).max() == pytest.approx(1.0)


# --- windows --------------------------------------------------------------------------------------


def numbered(samples: Samples) -> Floats:
    """An embedding that is the number of the chunk's last sample."""
    ends = samples.reshape(-1, CHUNK_SAMPLES)[:, -1]
    return np.repeat(ends[:, None], 96, axis=1).astype(np.float32)


def test_windows_end_just_after_the_word_or_before_most_of_it() -> None:
    samples = np.arange(30_000, dtype=np.int16)
    silent = Example(np.zeros(25 * CHUNK_SAMPLES, np.int16))
    row = embed_in_a_row([silent, Example(samples, Spoken(10_000, 20_000))], numbered)
    assert len(row.embeddings) == 25 + 30_000 // CHUNK_SAMPLES
    ends = row.embeddings[row.word_ends][:, 0]
    assert set(row.word_examples) == {1}
    assert 20_000 - 1 <= ends.min() <= ends.max() < 20_000 + 0.32 * SAMPLE_RATE
    assert len(ends) == 4
    others = row.embeddings[row.other_ends[row.other_examples == 1]][:, 0]
    assert others.max() < 13_500
    assert row.other_ends.min() == LENGTH - 1


def test_all_windows_are_seen_in_order() -> None:
    embeddings = np.arange(20 * 96, dtype=np.float32).reshape(20, 96)
    windows = windows_of(embeddings)
    assert windows.shape == (5, LENGTH, 96)
    assert np.array_equal(windows[2], embeddings[2:18])
