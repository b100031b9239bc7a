"""When each phone of a sentence is said."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.recognizers.phones.network import BLANK
from assistant.recognizers.phones.training.places import Placed
from assistant.recognizers.phones.training.timing import Timing, in_silence, likeliest, spread

NOWHERE = np.empty(0, dtype=np.int16)


def labelled(text: str) -> list[int]:
    """Letters are units, dots are blanks."""
    return [0 if letter == "." else ord(letter) - ord("a") + 1 for letter in text]


def possible(labels: tuple[int, ...], words: tuple[tuple[int, ...], ...]) -> bool:
    """Whether these are the words, each unit for a frame or more, with blanks around words."""
    runs = [unit for unit, _ in itertools.groupby(labels)]
    said: list[int] = []
    ends = set(itertools.accumulate(len(word) for word in words)) | {0}
    for unit in runs:
        if unit != BLANK:
            said.append(unit)
        elif len(said) not in ends:
            return False
    return said == [unit for word in words for unit in word]


@given(st.integers(0, 1000), st.integers(1, 6), st.sampled_from([((1, 2),), ((1,), (2,)), ((2,),)]))
def test_it_is_the_likeliest_of_all_ways(
    seed: int, frames: int, words: tuple[tuple[int, ...], ...]
) -> None:
    scores = np.random.default_rng(seed).normal(0.0, 1.0, (frames, 3)).astype(np.float32)
    found = likeliest(scores, words)
    ways = [way for way in itertools.product(range(3), repeat=frames) if possible(way, words)]

    def score(way: tuple[int, ...]) -> float:
        return float(sum(scores[frame, unit] for frame, unit in enumerate(way)))

    if not ways:
        assert found is None
    else:
        assert found is not None
        assert possible(tuple(found.tolist()), words)
        assert score(tuple(found.tolist())) == pytest.approx(max(map(score, ways)), abs=1e-4)


def test_no_frames_have_no_words() -> None:
    assert likeliest(np.empty((0, 3), dtype=np.float32), ((1,),)) is None


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("...a..b...", "aaaaabbbbb"),
        ("a", "a"),
        ("....", "...."),
        ("......a......", "...aaaaaaa..."),
        ("a.........b", "aaaa...bbbb"),
    ],
)
def test_blanks_are_of_the_phone_that_is_near(told: str, said: str) -> None:
    labels = np.array(labelled(told), dtype=np.int16)
    assert spread(labels).tolist() == labelled(said)


@pytest.mark.parametrize("speed", [0.8, 1.0, 1.25])
def test_elsewhere_it_is_said_at_the_same_times_of_it(speed: float) -> None:
    labels = np.array(labelled("..aaaaaaaaaabbbbb.."), dtype=np.int16)
    timing = Timing(labels, before=0.08)  # so the sound begins with the first phone
    heard = timing.elsewhere(Placed(NOWHERE, begin=0.4, speed=speed), 60)
    first, last = np.flatnonzero(heard == 1)[[0, -1]]
    assert first == 10
    assert last + 1 == pytest.approx(10 + 10 / speed, abs=1)
    assert np.count_nonzero(heard == 2) == pytest.approx(5 / speed, abs=1)
    assert not heard[:10].any()
    assert not heard[-10:].any()


def test_silence_around_a_sound_is_as_long_as_is_said() -> None:
    heard = in_silence(np.full(1_600, 0.25))
    assert len(heard) == 1_600 + 2 * 4_800
    assert np.flatnonzero(heard).tolist() == list(range(4_800, 6_400))
    assert math.isclose(int(heard.max()), 10_000, abs_tol=1)
    assert not in_silence(np.zeros(10)).any()
