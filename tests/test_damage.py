"""The damage that scripts/bench does to sentences."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.benchmarks.damage import ALIKE, Mishearing, dropped, mishearing, swapped

WORDS = st.lists(st.sampled_from("abc"), max_size=6).map(tuple)
SEEDS = st.integers(0, 100)


@given(WORDS, SEEDS)
def test_one_word_is_dropped(words: tuple[str, ...], seed: int) -> None:
    left = dropped(words, random.Random(seed))  # noqa: S311
    if left is None:
        assert len(words) < 2
    else:
        assert left in [words[:n] + words[n + 1 :] for n in range(len(words))]


@given(WORDS, SEEDS)
def test_two_neighbours_are_swapped(words: tuple[str, ...], seed: int) -> None:
    found = swapped(words, random.Random(seed))  # noqa: S311
    if found is None:
        assert len(set(words)) < 2
    else:
        places = [n for n, word in enumerate(words) if found[n] != word]
        assert len(places) == 2
        assert places[1] == places[0] + 1
        assert sorted(found) == sorted(words)


def test_a_word_is_misheard_as_one_that_sounds_alike() -> None:
    # A letter is a phone here.
    mishear = Mishearing(
        {"light": "lat", "like": "lak", "lit": "lit", "lamp": "lamp", "lyte": "lat"}
    )
    assert mishear.alike("light") == ["lyte", "like", "lit"]
    found = mishear(("the", "light"), random.Random(1))  # noqa: S311
    assert found is not None
    assert found[0] == "the"
    assert found[1] in mishear.alike("light")
    assert mishear(("the",), random.Random(1)) is None  # noqa: S311


@pytest.mark.engines
def test_words_are_misheard_as_common_ones() -> None:
    alike = mishearing().alike("kitchen")
    assert len(alike) == ALIKE
    assert "kitchens" in alike
