"""What became of the sentences that recognizers heard, and which recognizer is the best for it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

CLEAN = "clean"
COMMANDS = "commands"
OTHER_SPEECH = "other speech"
NEAR_COMMANDS = "near commands"

# A recognizer slower than this falls behind while it is spoken to: the wake word, voice activity
# and the rest of the machine need time, too.
MAXIMUM_REAL_TIME_FACTOR = 0.7


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    count: int
    total: int

    @property
    def value(self) -> float:
        """The share, 0..1; 0 of nothing."""
        return self.count / self.total if self.total else 0.0

    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the share, 0..1; everything is possible of nothing."""
        if not self.total:
            return 0.0, 1.0
        z, share = 1.96, self.count / self.total
        centre = share + z**2 / (2 * self.total)
        spread = z * math.sqrt((share * (1 - share) + z**2 / (4 * self.total)) / self.total)
        scale = 1 + z**2 / self.total
        return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)

    def __str__(self) -> str:
        if not self.total:
            return "-"
        low, high = self.interval()
        return f"{percent(self.value)} ({percent(low)} to {percent(high)})"

    def plain(self) -> dict[str, Any]:
        """The share for JSON."""
        low, high = self.interval()
        share = self.value if self.total else None
        return {"count": self.count, "total": self.total, "share": share, "interval": [low, high]}


def percent(share: float) -> str:
    """A share 0..1 as people read it."""
    return f"{share * 100:.1f} %"


@dataclass(frozen=True)
class Result:
    """One sentence heard: ``accepted`` is acted on, ``right`` as it was meant.

    ``kind`` is what was said, ``condition`` with which noise, by which ``voices``.
    """

    kind: str
    condition: str
    voices: str
    text: str
    heard: str
    confidence: float
    accepted: bool
    right: bool
    cpu_seconds: float
    wall_seconds: float
    audio_seconds: float


@dataclass(frozen=True)
class Score:
    """One recognizer: what it made of the sentences, and what it took (memory in MB at most)."""

    engine: str
    results: tuple[Result, ...] = ()
    load_seconds: float = 0.0
    memory: float = 0.0
    words: int = 0
    unknown: tuple[str, ...] = ()
    error: str = ""
    setting: dict[str, str] = field(default_factory=dict)

    def of(self, voices: str) -> Score:
        """The same with one kind of voices only."""
        kept = tuple(one for one in self.results if one.voices == voices)
        return Score(
            self.engine, kept, self.load_seconds, self.memory, self.words, self.unknown, self.error
        )

    def accepted(self, condition: str = "") -> Share:
        """Commands understood rightly and acted on; in all conditions unless one is named."""
        found = [
            one for one in self.results if one.kind == COMMANDS and condition in {"", one.condition}
        ]
        return Share(sum(one.accepted and one.right for one in found), len(found))

    def false(self, kind: str) -> Share:
        """Speech of this kind that is acted on, and should not be."""
        found = [one for one in self.results if one.kind == kind]
        return Share(sum(one.accepted for one in found), len(found))

    @property
    def worth(self) -> float:
        """Commands understood, less other speech acted on: one mistake is as bad as the other."""
        return self.accepted().value - self.false(OTHER_SPEECH).value

    @property
    def cpu_a_second(self) -> float:
        """CPU seconds for a second of speech."""
        return self._a_second(sum(one.cpu_seconds for one in self.results))

    @property
    def real_time_factor(self) -> float:
        """Seconds by the clock for a second of speech."""
        return self._a_second(sum(one.wall_seconds for one in self.results))

    def _a_second(self, seconds: float) -> float:
        audio = sum(one.audio_seconds for one in self.results)
        return seconds / audio if audio else 0.0


@dataclass(frozen=True)
class Recommendation:
    """Which recognizer to use, and why, in a sentence."""

    engine: str
    sentence: str


def recommend(scores: Sequence[Score]) -> Recommendation | None:
    """Choose the best of those that keep up; of two that are as good, the cheaper one."""
    heard = [score for score in scores if score.results and not score.error]
    if not heard:
        return None
    fast = [one for one in heard if one.real_time_factor <= MAXIMUM_REAL_TIME_FACTOR]
    if not fast:
        best = min(heard, key=lambda one: one.real_time_factor)
        return Recommendation(
            best.engine,
            f"Use {best.engine}, the fastest; but none keeps up with speech on this machine: it "
            f"needs {best.real_time_factor:.2f} s for a second.",
        )
    best = max(fast, key=lambda one: one.worth)
    equal = [one for one in fast if one is best or _as_good(one, best)]
    chosen = min(equal, key=lambda one: one.cpu_a_second)
    return Recommendation(chosen.engine, _sentence(chosen, best, heard, fast))


def _as_good(score: Score, best: Score) -> bool:
    """Whether chance may be all that makes the difference: each share is within the other's 95 %.

    For what is acted on and should not be the same.
    """
    pairs = (
        (score.accepted(), best.accepted()),
        (score.false(OTHER_SPEECH), best.false(OTHER_SPEECH)),
    )
    return all(_within(one, other) and _within(other, one) for one, other in pairs)


def _within(one: Share, other: Share) -> bool:
    low, high = other.interval()
    return low <= one.value <= high


def _rounded(share: Share) -> str:
    return f"{share.value * 100:.0f} %"


def _sentence(chosen: Score, best: Score, heard: Sequence[Score], fast: Sequence[Score]) -> str:
    share = f"{_rounded(chosen.accepted())} of the commands"
    others = [one for one in heard if one.engine != chosen.engine]
    if not others:
        return f"Use {chosen.engine}, the only one found: it understands {share}."
    if chosen is not best:
        return (
            f"Use {chosen.engine}: it understands {share}, no fewer than {best.engine} "
            f"({_rounded(best.accepted())}) as far as so few sentences tell, and takes "
            f"{chosen.cpu_a_second:.2f} s of CPU for a second of speech, not "
            f"{best.cpu_a_second:.2f} s."
        )
    other = max(others, key=lambda one: one.worth)
    if other not in fast:
        return (
            f"Use {chosen.engine}: it understands {share}; {other.engine} "
            f"({_rounded(other.accepted())}) does not keep up with speech on this machine."
        )
    return (
        f"Use {chosen.engine}: it understands {share} and acts on "
        f"{_rounded(chosen.false(OTHER_SPEECH))} of other speech; with {other.engine} it is "
        f"{_rounded(other.accepted())} and {_rounded(other.false(OTHER_SPEECH))}."
    )
