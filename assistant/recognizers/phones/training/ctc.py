"""Connectionist temporal classification: how likely units are, whenever each of them was said.

A. Graves et al., "Connectionist temporal classification", ICML 2006, whose names are kept: the
units with blanks around each are passed through in time, forwards (alpha) and backwards (beta).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from assistant.recognizers.phones.network import BLANK, Floats

_TINY = 1e-30


def loss_and_gradient(
    posteriors: Floats, lengths: Sequence[int], units: Sequence[Sequence[int]]
) -> tuple[npt.NDArray[np.float64], Floats]:
    """Return of each utterance its loss in nats, and the gradient by the scores before softmax.

    ``posteriors`` is utterances x frames x units, as logarithms, the first ``lengths`` of the
    frames are of the utterance. One that has fewer frames than units loses nothing.
    """
    extended, count = _extended(units)
    chances = np.exp(np.take_along_axis(posteriors, extended[:, None, :], axis=2), dtype=np.float64)
    chances *= (np.arange(extended.shape[1]) < count[:, None])[:, None, :]
    chances = np.maximum(chances, _TINY) * (chances > 0)
    skips = np.zeros(extended.shape, dtype=bool)
    skips[:, 2:] = (extended[:, 2:] != BLANK) & (extended[:, 2:] != extended[:, :-2])
    ends = np.asarray(lengths)
    alpha, log_chance = _forwards(chances, skips, ends, count)
    beta = _backwards(chances, skips, ends, count)
    through = alpha * beta
    total = through.sum(axis=2, keepdims=True)
    through /= np.maximum(total, _TINY)
    said = np.zeros(posteriors.shape, dtype=np.float32)
    for number, row in enumerate(extended):
        one_hot = np.eye(posteriors.shape[2], dtype=np.float32)[row]
        said[number] = through[number].astype(np.float32) @ one_hot
    gradient = np.exp(posteriors) - said
    within = np.arange(posteriors.shape[1]) < ends[:, None]
    possible = np.isfinite(log_chance)
    gradient *= (within & possible[:, None])[:, :, None]
    return np.where(possible, -log_chance, 0.0), gradient


def _extended(
    units: Sequence[Sequence[int]],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The units of each utterance with blanks between and around, and how many those are."""
    count = np.array([2 * len(one) + 1 for one in units])
    extended = np.full((len(units), int(count.max())), BLANK, dtype=np.int64)
    for row, one in zip(extended, units, strict=True):
        row[1 : 2 * len(one) : 2] = one
    return extended, count


def _forwards(
    chances: npt.NDArray[np.float64],
    skips: npt.NDArray[np.bool_],
    ends: npt.NDArray[np.int64],
    count: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Shares of the ways to each place at each time, and the logarithm of all whole ways."""
    rows, frames, places = chances.shape
    alpha = np.zeros((rows, frames, places))
    scale = np.zeros((rows, frames))
    state = np.zeros((rows, places))
    state[:, :2] = 1.0
    for time in range(frames):
        if time:
            state = _stayed_or_come(state, skips)
        state = state * chances[:, time]
        scale[:, time] = state.sum(axis=1)
        state = state / np.maximum(scale[:, time], _TINY)[:, None]
        alpha[:, time] = state
    last = np.arange(rows), ends - 1
    whole = alpha[(*last, count - 1)] + np.where(count > 1, alpha[(*last, count - 2)], 0.0)
    within = np.arange(frames) < ends[:, None]
    with np.errstate(divide="ignore"):
        logs = np.where(within, np.log(scale), 0.0).sum(axis=1) + np.log(whole)
    return alpha, logs


def _backwards(
    chances: npt.NDArray[np.float64],
    skips: npt.NDArray[np.bool_],
    ends: npt.NDArray[np.int64],
    count: npt.NDArray[np.int64],
) -> npt.NDArray[np.float64]:
    """Shares of the ways from each place, at each time, to the end of its utterance."""
    rows, frames, places = chances.shape
    beta = np.zeros((rows, frames, places))
    every = np.arange(rows)
    final = np.zeros((rows, places))
    final[every, count - 1] = 1.0
    final[every[count > 1], count[count > 1] - 2] = 1.0
    # Backwards is forwards with everything mirrored; a skip leads to where it came from.
    mirrored = np.zeros_like(skips)
    mirrored[:, :-2] = skips[:, 2:]
    state = np.zeros((rows, places))
    for time in range(frames - 1, -1, -1):
        if time < frames - 1:
            following = state * chances[:, time + 1]
            state = following.copy()
            state[:, :-1] += following[:, 1:]
            state[:, :-2] += following[:, 2:] * mirrored[:, :-2]
        state = np.where((ends - 1 == time)[:, None], final, state)
        total = state.sum(axis=1, keepdims=True)
        state = state / np.where(total > 0, total, 1.0)
        beta[:, time] = state
    return beta


def _stayed_or_come(
    state: npt.NDArray[np.float64], skips: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float64]:
    moved = state.copy()
    moved[:, 1:] += state[:, :-1]
    moved[:, 2:] += state[:, :-2] * skips[:, 2:]
    return moved
