"""Quiet hours: from when to when, every day, and what they leave of what the assistant says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True)
class Quietness:
    """What is left now: ``gain`` of the volume, and no answers where there are ``only_earcons``."""

    gain: float = 1.0
    only_earcons: bool = False


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From ``begin`` until just before ``end``, over midnight where that is earlier.

    They are none where both are the same.
    """

    begin: time
    end: time
    quietness: Quietness

    def at(self, now: time) -> Quietness:
        """Return what is left at this time of the day."""
        if self.begin <= self.end:
            is_quiet = self.begin <= now < self.end
        else:
            is_quiet = now >= self.begin or now < self.end
        return self.quietness if is_quiet else Quietness()
