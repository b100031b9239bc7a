"""The plots of the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.measuring.drawing import COLOURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from scripts.benchmarks.calibration import Bin, Point

LOWEST = 0.001  # of false acceptance: zero has no place on a logarithmic axis


@dataclass(frozen=True)
class Plot:
    """A plot for the page: the name of its file, what it shows, and what draws it."""

    name: str
    caption: str
    draw: Callable[[Figure], None]

    def markdown(self) -> str:
        """The reference from the page."""
        return f"![{self.caption}](plots/{self.name}.svg)"


def draw_roc(figure: Figure, curves: Mapping[str, Sequence[Point]]) -> None:
    """True against false acceptance: a colour for each noise, dashed for near commands."""
    axes = figure.subplots()
    noises = list(dict.fromkeys(name.partition(",")[0] for name in curves))
    for name, points in curves.items():
        colour = COLOURS[noises.index(name.partition(",")[0])]
        false = [max(LOWEST, point.false_acceptance) for point in points]
        true = [point.true_acceptance for point in points]
        axes.plot(
            false,
            true,
            color=colour,
            linestyle="--" if "near" in name else "-",
            drawstyle="steps-post",
            label=name,
        )
    axes.set_xscale("log")
    axes.set_xlim(LOWEST, 1.0)
    axes.set_ylim(0.0, 1.02)
    axes.set_xticks([0.001, 0.01, 0.1, 1.0], ["≤ 0.1 %", "1 %", "10 %", "100 %"])
    _percent_axis(axes)
    axes.set_xlabel("no command, and accepted (clips in brackets)")
    axes.set_ylabel("command, right and accepted")
    axes.legend(loc="lower right", frameon=False, fontsize=9)


def draw_reliability(figure: Figure, bins: Sequence[Bin]) -> None:
    """Share right against confidence; a bin's area is its weight."""
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="#888888", linewidth=1, label="as sure as it should be")
    confidences, right = [one.confidence for one in bins], [one.right for one in bins]
    axes.plot(confidences, right, color=COLOURS[0], linewidth=1)
    areas = [20 + 900 * one.weight for one in bins]
    axes.scatter(confidences, right, areas, color=COLOURS[0], alpha=0.6, label="sentences")
    for number, (one, area) in enumerate(zip(bins, areas, strict=True)):
        # Above and below in turn: the last bins are narrow, and near each other.
        away = (6 + area**0.5 / 2) * (1 if number % 2 else -1)
        axes.annotate(
            str(one.count),
            (one.confidence, one.right),
            (0, away),
            textcoords="offset points",
            ha="center",
            va="center",
        )
    axes.set_xlim(-0.03, 1.06)
    axes.set_ylim(-0.07, 1.13)
    _percent_axis(axes)
    axes.set_xlabel("mean confidence (number: sentences; area: weight)")
    axes.set_ylabel("right")
    axes.legend(loc="upper left", frameon=False)


def _percent_axis(axes: Axes) -> None:
    shares = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    axes.set_yticks(shares, [f"{share * 100:.0f} %" for share in shares])
