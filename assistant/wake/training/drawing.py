"""The trade-off between false alarms and misses, as a plot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.measuring.drawing import COLOURS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from assistant.wake.training.curve import Point

LEAST_PERCENT = 10
"""Of words missed, so much is shown above the most, and where none is missed."""


def draw_det(figure: Figure, points: Sequence[Point], threshold: float = 0.5) -> None:
    """Draw the detection-error trade-off: misses, clean and in noise, by false alarms an hour."""
    axes = figure.subplots()
    rates = [point.false_alarms_an_hour for point in points]
    for name, colour, shares in (
        ("clean", COLOURS[0], [point.missed for point in points]),
        ("in noise of 10 dB", COLOURS[1], [point.missed_in_noise for point in points]),
    ):
        axes.step(rates, [share * 100 for share in shares], where="post", color=colour, label=name)
    # Where it is set: the first of the points, from many misses to few, that is not above it.
    chosen = next((one for one in points if one.threshold <= threshold), points[-1])
    axes.axvline(chosen.false_alarms_an_hour, color="#888888", linestyle=":", label="as trained")
    axes.set_xscale("symlog", linthresh=1.0)
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_xlim(left=0.0)
    # Without any false alarm everything may be missed, which would hide how little is with some. A
    # word that is never missed has a line along the axis, not half of one.
    most = max((one.missed_in_noise for one in points if one.false_alarms_an_hour), default=0.9)
    axes.set_ylim(-0.5, LEAST_PERCENT + 100 * most)
    axes.set_xlabel("false alarms in an hour of speech")
    axes.set_ylabel("% of words missed")
    figure.legend(loc="outside upper center", frameon=False, ncols=3)
