"""What may be the word, looked at once more."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.audio.frames import Samples
from assistant.embedding.features import Floats, SpeechEmbedding
from assistant.measuring.noise import mix, pink
from assistant.wake.secondlook import SecondLook
from assistant.wake.suppression import FLOOR, suppress
from assistant.wake.words import load_word
from tests.recordings import chunks_of


def in_noise(name: str, decibels: float) -> Samples:
    random = np.random.default_rng(3)
    spoken = np.concatenate(chunks_of(name))
    return mix(spoken, pink(len(spoken), random), decibels, random)


def test_steady_noise_is_taken_away_and_what_is_louder_stays() -> None:
    noise = np.full((200, 32), 4.0, dtype=np.float32)  # log10 of power, plus 2
    heard = noise.copy()
    heard[100, 5] = 7.0
    clean = suppress(heard, heard)
    assert clean[100, 5] == pytest.approx(7.0, abs=0.001)
    assert clean[50] == pytest.approx(4.0 + np.log10(FLOOR), abs=0.001)


def test_nothing_is_looked_at_twice_while_no_score_is_worth_it(embedding: SpeechEmbedding) -> None:
    look = SecondLook(embedding, 28)
    assert look.scores({"word": [0.019]}, np.ones((8, 32), np.float32), {}) == {}
    assert not look.active


@pytest.mark.engines
def test_a_word_in_noise_is_surer_with_the_noise_away(embedding: SpeechEmbedding) -> None:
    word = load_word("hey_jarvis")
    samples = in_noise("what-time", 3.0)
    look = SecondLook(embedding, 28)
    seen: Floats = np.repeat(embedding.silence, 16, axis=0)
    both = []
    for at in range(0, len(samples) - 1279, 1280):
        frames = embedding.frames(samples[at : at + 1280])
        seen = np.concatenate((seen[1:], embedding.embed(frames)))
        first = [word.score(seen)]
        second = look.scores({"word": first}, frames, {"word": word})
        both.append((first[0], second["word"][0] if second else 0.0))
    assert max(second for _, second in both) > 0.5
    assert all(second == 0.0 for first, second in both if first < 0.02)
