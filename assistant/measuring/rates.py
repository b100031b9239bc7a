"""How often something happens that has been counted for some hours."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

LEFT_OUT = 0.025
"""On each side of the 95 % interval."""

BISECTIONS = 60
"""Each halves what is left: after so many it is less than a double tells."""


@dataclass(frozen=True)
class Rate:
    """So many in so many hours."""

    count: int
    hours: float

    @property
    def value(self) -> float:
        """How many in an hour; 0 of no time."""
        return self.count / self.hours if self.hours else 0.0

    def interval(self) -> tuple[float, float]:
        """The exact 95 % interval of a Poisson rate (Garwood 1936); all is possible in no time."""
        if not self.hours:
            return 0.0, math.inf
        count = self.count
        most = count + 6.0 * math.sqrt(count + 1.0) + 6.0
        low = _solve(lambda mean: 1.0 - _at_most(count - 1, mean) < LEFT_OUT, 0.0, float(count))
        high = _solve(lambda mean: _at_most(count, mean) > LEFT_OUT, float(count), most)
        return low / self.hours, high / self.hours

    def __str__(self) -> str:
        if not self.hours:
            return "-"
        low, high = self.interval()
        return f"{self.value:.2f} an hour ({low:.2f} to {high:.2f})"

    def plain(self) -> dict[str, Any]:
        """The rate for JSON."""
        known = self.hours > 0.0
        return {
            "count": self.count,
            "hours": self.hours,
            "per_hour": self.value if known else None,
            "interval": list(self.interval()) if known else None,
        }


def _at_most(count: int, mean: float) -> float:
    """The chance of ``count`` or fewer where ``mean`` are expected."""
    if mean <= 0.0:
        return 1.0
    logs = (k * math.log(mean) - mean - math.lgamma(k + 1) for k in range(count + 1))
    return math.fsum(map(math.exp, logs))


def _solve(too_low: Callable[[float], bool], low: float, high: float) -> float:
    """Find where ``too_low`` is true no more."""
    for _ in range(BISECTIONS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if too_low(middle) else (low, middle)
    return (low + high) / 2.0
