"""The phone network, streaming and whole."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.recognizers.phones.network import (
    CTC,
    DEVIATIONS,
    FRAMEWISE,
    OUTPUTS,
    Layer,
    PosteriorStream,
    between,
)
from tests.recognizers.phones.networks import SPANS, random_frames, random_network

NETWORK = random_network()


@given(st.lists(st.integers(0, 7), max_size=12))
def test_a_stream_is_the_whole_however_it_is_cut(lengths: list[int]) -> None:
    frames = random_frames(sum(lengths))
    whole = NETWORK.posteriors(frames)
    stream = PosteriorStream(NETWORK)
    at = 0
    parts = []
    for length in lengths:
        parts.append(stream.feed(frames[at : at + length]))
        at += length
    parts.append(stream.rest())
    assert np.concatenate(parts).shape == whole.shape == (len(frames), OUTPUTS)
    assert np.abs(np.concatenate(parts) - whole).max(initial=0.0) < 1e-4


@pytest.mark.parametrize("outputs", [CTC, FRAMEWISE])
def test_each_frame_is_a_distribution(outputs: slice) -> None:
    posteriors = NETWORK.posteriors(random_frames(20))[:, outputs]
    assert np.exp(posteriors).sum(axis=1) == pytest.approx(1.0, abs=1e-5)


def test_it_looks_ahead_as_far_as_it_says_and_no_farther() -> None:
    frames = random_frames(30)
    other = frames.copy()
    other[20] += 1.0
    changed = np.abs(NETWORK.posteriors(frames) - NETWORK.posteriors(other)).max(axis=1) > 0
    assert int(np.flatnonzero(changed)[0]) == 20 - NETWORK.ahead
    assert NETWORK.ahead == sum(span.after for span in SPANS)


def test_what_comes_after_the_end_is_only_tried() -> None:
    frames = random_frames(20)
    stream = PosteriorStream(NETWORK)
    first = stream.feed(frames[:12])
    tried = stream.rest()
    assert len(first) + len(tried) == 12
    going_on = np.concatenate((first, stream.feed(frames[12:]), stream.rest()))
    assert np.abs(going_on - NETWORK.posteriors(frames)).max() < 1e-4


def test_a_stream_begins_anew() -> None:
    stream = PosteriorStream(NETWORK)
    stream.feed(random_frames(9))
    stream.start()
    again = np.concatenate((stream.feed(random_frames(5)), stream.rest()))
    assert np.array_equal(again, NETWORK.posteriors(random_frames(5)))


def test_a_value_that_is_far_off_counts_as_one_that_is_not() -> None:
    frames = random_frames(5)
    frames[:, 3] = NETWORK.mean[3] + DEVIATIONS * NETWORK.deviation[3]
    farther = frames.copy()
    farther[:, 3] = 1e9
    assert np.array_equal(NETWORK.posteriors(frames), NETWORK.posteriors(farther))


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_a_network_between_two_is_between_them_in_every_layer(share: float) -> None:
    other = replace(NETWORK, output=Layer(NETWORK.output.weights + 1.0, NETWORK.output.bias - 4.0))
    found = between(NETWORK, other, share)
    assert found.output.weights == pytest.approx(NETWORK.output.weights + share, abs=1e-6)
    assert found.output.bias == pytest.approx(NETWORK.output.bias - 4.0 * share, abs=1e-6)
    first, same = found.layers[0], NETWORK.layers[0]
    assert np.array_equal(first.weights, same.weights)
    assert np.array_equal(first.bias, same.bias)
