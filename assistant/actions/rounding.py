"""Rounding for speech: as many digits as somebody can listen to."""

from __future__ import annotations

import math
from fractions import Fraction

SIGNIFICANT = 3
"""Digits of a number below 1 after its zeros."""


def rounded(value: Fraction, places: int) -> tuple[int | float, bool]:
    """Round to so many places after the point; returns the number, and whether that is exact.

    A number below 1 keeps SIGNIFICANT digits, however small it is.
    """
    if 0 < abs(value) < 1:
        places = max(places, SIGNIFICANT - 1 - math.floor(math.log10(abs(value))))
    near = round(value, places)
    return int(near) if near.denominator == 1 else float(near), near == value
