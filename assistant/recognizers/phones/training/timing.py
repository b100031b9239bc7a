"""When each phone of a sentence is said, frame by frame.

It is found where the sentence is heard in silence, as a synthesizer says it, by the likeliest path
through its phones. Wherever it is said then, faster and in noise, its phones are at the same times
of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from assistant.audio.frames import SAMPLE_RATE, Samples
from assistant.measuring.noise import Signal
from assistant.recognizers.phones.features import FRAME_SECONDS, MidFrames
from assistant.recognizers.phones.network import BLANK, FRAMEWISE, Floats, PhoneNetwork
from assistant.recognizers.phones.training.examples import Labels, Spoken, heard
from assistant.recognizers.phones.training.places import Placed
from assistant.wake.training.augmentation import to_16_bits

QUIET_SECONDS = 0.3
"""Of silence before and after a sentence whose phones are looked for."""
PEAK = 10_000.0
REACH = 3
"""So many frames from where CTC tells a phone it may still be said."""


@dataclass(frozen=True, slots=True)
class Timing:
    """The unit of each frame of a sound, the first of which begins ``before`` its first sample."""

    labels: Labels
    before: float = 0.0

    def elsewhere(self, placed: Placed, frames: int) -> Labels:
        """The units of so many frames of where it was placed; silence before and after it."""
        seconds = (np.arange(frames) + 0.5) * FRAME_SECONDS - placed.begin
        number = np.floor((seconds * placed.speed + self.before) / FRAME_SECONDS).astype(np.intp)
        within = (number >= 0) & (number < len(self.labels))
        labels = np.full(frames, BLANK, dtype=np.int16)
        labels[within] = self.labels[number[within]]
        return labels


class Timer:
    """Finds when phones are said, by a network that has learnt to tell them frame by frame."""

    def __init__(self, network: PhoneNetwork, stream: MidFrames) -> None:
        self._network = network
        self._stream = stream

    def of_said(self, said: Signal, words: Spoken) -> Timing | None:
        """Of what a synthesizer says; None where it is too fast to tell."""
        return self._timing(in_silence(said), words, QUIET_SECONDS)

    def of_recording(self, samples: Samples, words: Spoken) -> Timing | None:
        """Of a recording, wherever that was made."""
        return self._timing(samples, words, 0.0)

    def _timing(self, samples: Samples, words: Spoken, before: float) -> Timing | None:
        frames = heard(samples, self._stream).astype(np.float32)
        labels = likeliest(self._network.posteriors(frames)[:, FRAMEWISE], words)
        return None if labels is None else Timing(labels, before)


def in_silence(said: Signal) -> Samples:
    """The sound, and ``QUIET_SECONDS`` before and after it."""
    quiet = int(QUIET_SECONDS * SAMPLE_RATE)
    loudest = max(1e-9, float(np.max(np.abs(said), initial=0.0)))
    return to_16_bits(np.pad(said * (PEAK / loudest), (quiet, quiet)))


def likeliest(scores: Floats, words: Spoken) -> Labels | None:
    """The likeliest unit of each frame, if these words were said, with blanks around any of them.

    ``scores`` are frames x units, as logarithms. None where there are too few frames.
    """
    units = [BLANK]
    for word in words:
        units += [*word, BLANK]
    states = np.array(units)
    optional = states == BLANK
    skips = np.zeros(len(states), dtype=bool)
    skips[2:] = optional[1:-1]
    emitted = scores[:, states].astype(np.float64)
    best = np.full(len(states), -math.inf)
    best[:2] = 0.0
    come = np.zeros(emitted.shape, dtype=np.int8)
    for frame, emission in enumerate(emitted):
        if frame:
            one = np.concatenate(([-math.inf], best[:-1]))
            two = np.concatenate(([-math.inf, -math.inf], best[:-2]))[: len(states)]
            two[~skips] = -math.inf
            ways = np.stack((best, one, two))
            come[frame] = ways.argmax(axis=0)
            best = ways.max(axis=0)
        best = best + emission
    state = len(states) - 1 - int(best[-1] < best[-2:][0])
    if not len(scores) or best[state] == -math.inf:
        return None
    labels = np.empty(len(scores), dtype=np.int16)
    for frame in range(len(scores) - 1, -1, -1):
        labels[frame] = states[state]
        state -= int(come[frame, state])
    return labels


def spread(labels: Labels) -> Labels:
    """Give blanks that are near a phone to the nearest one: CTC tells each in a frame or two."""
    told = np.flatnonzero(labels != BLANK)
    if not len(told):
        return labels
    frames = np.arange(len(labels))
    after = np.searchsorted(told, frames).clip(0, len(told) - 1)
    before = (after - 1).clip(0)
    nearest = np.where(
        np.abs(told[before] - frames) <= np.abs(told[after] - frames), told[before], told[after]
    )
    near = np.abs(nearest - frames) <= REACH
    return np.where(near, labels[nearest], BLANK).astype(np.int16)
