"""Notices that the clock was set, for what is to happen after so much real time.

A Raspberry Pi has no clock of its own: it starts in the past and steps forward by hours when the
time service answers. What was begun since the start then keeps its real time.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

CLOCK_STEP_SECONDS = 0.1
"""A smaller change of the clock is told once it has come to so much: adjtime slews it slowly."""


class ClockSteps:
    """How far the clock was set, for each thing that was begun since the start, by its id."""

    def __init__(self) -> None:
        # How far the clock was from a steady one; nan until that is known.
        self._offsets: dict[int, float] = {}

    def begin(self, one: int) -> None:
        """Watch the clock for this; to be followed by ``steps`` at once."""
        self._offsets[one] = math.nan

    def forget(self, one: int) -> None:
        """Watch the clock for this no more."""
        self._offsets.pop(one, None)

    def steps(self, now: float, steady_seconds: float) -> Iterator[tuple[int, float]]:
        """Tell for each by how many seconds the clock was set since it was asked last.

        ``steady_seconds`` is a clock that nobody sets and that counts through a suspend
        (CLOCK_BOOTTIME). A step is told again unless the caller takes the next one.
        """
        offset = now - steady_seconds
        for one, known in list(self._offsets.items()):
            step = offset - known
            if abs(step) < CLOCK_STEP_SECONDS:
                continue
            if not math.isnan(known):
                yield one, step
            if one in self._offsets:
                self._offsets[one] = offset
