"""Lengths of time as they are typed: 90s, 10m, 1h30m, 2d."""

from __future__ import annotations

import re

UNITS = {"d": 86_400, "h": 3600, "m": 60, "s": 1}


def seconds_of(text: str) -> int:
    """Read one, the longest unit first. Raises ValueError for anything else."""
    parts = "".join(rf"(?:(\d{{1,9}}){unit})?" for unit in UNITS)
    found = re.fullmatch(parts, text.strip().lower().replace(" ", ""), re.ASCII)
    if found is None or not any(found.groups()):
        raise ValueError(f"'{text}' is no length of time such as 90s, 10m or 1h30m")
    return sum(
        int(number) * seconds
        for number, seconds in zip(found.groups(), UNITS.values(), strict=True)
        if number
    )
