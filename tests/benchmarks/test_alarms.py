"""``scripts/bench alarms``, for some weeks: nothing is lost, rings twice, or is late."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.benchmarks import alarms
from scripts.benchmarks.alarmworld import World


@pytest.mark.parametrize("seed", range(3))
def test_whatever_the_clock_does_all_rings_once_and_in_time(tmp_path: Path, seed: int) -> None:
    figures = World(tmp_path, days=40, seed=seed).run()
    assert (figures.lost, figures.twice, figures.too_late) == (0, 0, 0)
    assert figures.latest_seconds < 0.2
    assert figures.rung > 100
    assert figures.rung_after > 0
    assert figures.cut_while_ringing > 0
    assert figures.disturbances.keys() == {"clock set", "other zone", "power cut"}


def test_the_report() -> None:
    report = alarms.measure(days=5)
    assert "| lost" in report.markdown()
    assert report.figures["days"] == 5
