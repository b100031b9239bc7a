from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.lengths import UNITS, seconds_of

LENGTHS = {"90s": 90, "10m": 600, "1h30m": 5400, "2d": 172_800, " 1 H 5 S ": 3605, "0s": 0}


@pytest.mark.parametrize(("text", "seconds"), LENGTHS.items())
def test_a_length(text: str, seconds: int) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "10", "m", "ten minutes", "30m1h", "-5m", "1.5h", "5m5m", "٣m"]
)
def test_error_no_length(text: str) -> None:
    with pytest.raises(ValueError, match="is no length of time such as 90s, 10m or 1h30m"):
        seconds_of(text)


@given(st.fixed_dictionaries({}, optional={unit: st.integers(0, 10**9 - 1) for unit in UNITS}))
def test_what_is_written_is_read(parts: dict[str, int]) -> None:
    text = "".join(f"{parts[unit]}{unit}" for unit in UNITS if unit in parts)
    if not parts:
        return
    assert seconds_of(text) == sum(number * UNITS[unit] for unit, number in parts.items())
