"""Listening for one phrase amid anything: speech, silence, noise.

Whatever else may be said is a free loop of phones, and since scores are relative to the best unit
of each frame, its score is 0. So the phrase's own score tells how much worse it fits than any
phones would; by the phone, so that long phrases have the same threshold as short ones.
"""

from __future__ import annotations

import itertools
import math
from collections import deque
from collections.abc import Sequence
from copy import copy

import numpy as np
import numpy.typing as npt

from assistant.recognizers.phones.hypothesis import Scores, Weights
from assistant.recognizers.phones.lexicon import BLANK, in_units
from assistant.recognizers.pronunciation import Phones

# Blanks for so long before and after the phrase count towards it: 120 ms. People who command say it
# alone. In speech that flows there is a phone in every second frame (12 to 15 a second), so that
# "stop" in "nonstop" and "stopping" is paid for on one side at least.
QUIET_FRAMES = 3


class KeyPhrase:
    """Says when a phrase was spoken, ``quiet_frames`` later.

    ``pronunciations`` are those of each of its words; a phrase with a word that has none is never
    heard. ``threshold`` is the least score by the phone, in nats: 0 is a perfect fit.
    """

    def __init__(
        self,
        pronunciations: Sequence[Sequence[Phones]],
        inventory: Sequence[str],
        weights: Weights,
        threshold: float,
        *,
        quiet_frames: int = QUIET_FRAMES,
    ) -> None:
        self._weights = weights
        self._threshold = threshold
        self._quiet_frames = quiet_frames
        spoken = itertools.product(*(filter(None, ways) for ways in pronunciations))
        ways = [in_units([*itertools.chain(*way)], inventory) for way in spoken]
        ways = [way for way in ways if way]
        # The ways' phones stand one after the other, so the phone before each is its neighbour.
        self._unit = np.array([unit for way in ways for unit in way], dtype=np.intp)
        self._length = np.array([len(way) for way in ways], dtype=np.intp)
        self._last = np.cumsum(self._length) - 1
        self._first = self._last + 1 - self._length
        self.start()

    def start(self) -> None:
        """Begin a stream; what was before it counts as quiet."""
        self._in_phone = np.full(len(self._unit), -math.inf)
        self._score = self._in_phone
        self._quiet: deque[float] = deque(maxlen=self._quiet_frames)
        self._ended: deque[Scores] = deque(maxlen=self._quiet_frames + 1)

    def copy(self) -> KeyPhrase:
        """Return one that goes on from here by itself."""
        other = copy(self)
        vars(other).update(_quiet=self._quiet.copy(), _ended=self._ended.copy())
        return other

    def feed(self, log_posteriors: npt.NDArray[np.floating]) -> bool:
        """Take the next frames, any number of them; true when the phrase was said in them."""
        scores = [self._step(frame) for frame in self._weights.relative(log_posteriors)]
        return max(scores, default=-math.inf) >= self._threshold

    def _step(self, frame: Scores) -> float:
        """Go on by a frame; returns the score of the phrase ending ``quiet_frames`` before."""
        entry = np.empty_like(self._score)
        entry[1:] = self._score[:-1]
        entry[self._first] = sum(self._quiet)
        in_blank = self._score + frame[BLANK]
        self._in_phone = frame[self._unit] + np.maximum(self._in_phone, entry)
        self._score = np.maximum(self._in_phone, in_blank)
        self._quiet.append(float(frame[BLANK]))
        self._ended.append(self._in_phone[self._last])
        if len(self._ended) <= self._quiet_frames:
            return -math.inf
        by_phone = (self._ended[0] + sum(self._quiet)) / self._length
        return float(by_phone.max(initial=-math.inf))
