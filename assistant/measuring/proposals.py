"""Which threshold to use, by what the owner says was the word and what was not."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.wake.calibration import LEAST_THRESHOLD
from assistant.wake.moments import Moment

HIGHEST = 0.99
LOWEST = LEAST_THRESHOLD
NEAR = 0.1
"""With less between the words and the rest, the next ones may fall on the other side."""


@dataclass(frozen=True)
class Proposal:
    """A threshold for a word, None where none is of use, and why, in a sentence."""

    word: str
    threshold: float | None
    sentence: str

    def configuration(self, *, several: bool = False) -> str:
        """What to put into the configuration; with ``several`` the word is among others."""
        if self.threshold is None:
            return ""
        if several:
            return f"wake:\n  words:\n    {self.word}:\n      threshold: {self.threshold:g}"
        return f"wake:\n  threshold: {self.threshold:g}"


def from_marks(moments: Iterable[Moment]) -> list[Proposal]:
    """Propose for each word the lowest threshold that would have avoided what is marked."""
    detections = [one for one in moments if one.detected]
    words = sorted({one.word for one in detections if one.marked})
    return [_from_marks(word, [one for one in detections if one.word == word]) for word in words]


def _from_marks(word: str, detections: Sequence[Moment]) -> Proposal:
    marked = [one.score for one in detections if one.marked]
    others = [one.score for one in detections if not one.marked]
    threshold = math.floor(max(marked) * 100.0 + 1.0 + 1e-9) / 100.0
    what = "the false alarm" if len(marked) == 1 else f"the {len(marked)} false alarms"
    if threshold > HIGHEST:
        return Proposal(
            word,
            None,
            f"No threshold would have avoided {what} of {word}: the score was {max(marked):.3f}.",
        )
    missed = sum(score < threshold for score in others)
    cost = f"missed {missed} of the {len(others)} others" if missed else "missed none of the others"
    if not others:
        cost = "nothing else was detected"
    return Proposal(
        word,
        threshold,
        f"A threshold of {threshold:.2f} would have avoided {what} of {word}, and {cost}.",
    )


def from_peaks(word: str, peaks: Sequence[float], times: int) -> Proposal:
    """Propose what is halfway between the ``times`` highest peaks, the words, and the rest."""
    in_order = sorted(peaks, reverse=True)
    said, rest = in_order[:times], in_order[times:]
    if not said:
        return Proposal(word, None, f"{word} was not heard: no score was worth telling.")
    lowest, highest = said[-1], max(rest, default=0.0)
    halfway = (lowest + highest) / 2.0
    threshold = round(min(HIGHEST, max(LOWEST, halfway)), 2)
    what = "halfway" if halfway >= LOWEST else "the lowest that is proposed"
    few = f", said only {_times(len(said))}," if len(said) < times else ""
    sentence = (
        f"{word}{few} scored {lowest:.2f} or more, everything else {highest:.2f} or less: "
        f"{threshold:.2f} is {what}."
    )
    if lowest - highest < NEAR:
        sentence += " They are hardly apart: say it nearer to the microphone, or choose another."
    return Proposal(word, threshold, sentence)


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
