"""``scripts/bench phones``: how its shares are counted."""

from __future__ import annotations

from scripts.benchmarks.phones import CONDITIONS, shares


def test_shares_are_by_condition_and_their_mean_is_of_the_noises() -> None:
    right = [True, True]  # both clips, clean
    right += [True, False] * 3 + [False, False] * (len(CONDITIONS) - 4)
    assert shares(right) == [
        "100.0 %", "50.0 %", "50.0 %", "50.0 %", "0.0 %", "0.0 %", "0.0 %", "0.0 %", "21.4 %",
    ]  # fmt: skip
