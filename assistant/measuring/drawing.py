"""Draws a plot into a file; matplotlib, which is optional, is loaded only then."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import EngineError
from assistant.measuring.scores import NEAR_COMMANDS, OTHER_SPEECH

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from assistant.measuring.scores import Score
    from assistant.wake.moments import Moment

HOW_TO_INSTALL = "Install it with: pip install 'matplotlib>=3.9,<4'"
COLOURS = ("#0b5fa5", "#c2570c", "#5b7f1c", "#8a3ea8")  # told apart on white, also in grey
ENDINGS = (".png", ".svg")
STYLE: dict[Any, Any] = {
    "font.size": 11,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#d8d8d8",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.facecolor": "white",
    "svg.fonttype": "none",  # text stays text: small files, and it can be searched
    "svg.hashsalt": "assistant",  # the same plot is the same file
}


def can_draw() -> bool:
    """Whether plots can be drawn here."""
    return importlib.util.find_spec("matplotlib") is not None


def check_plot(path: Path) -> None:
    """Raise EngineError where a plot could not be drawn into this file."""
    if path.suffix not in ENDINGS:
        raise EngineError(f"{path} is no name for a plot.", "Use a name that ends in .png or .svg.")
    if not path.absolute().parent.is_dir():
        raise EngineError(f"There is no folder {path.parent}.", "Make it, or name another file.")
    if not can_draw():
        raise EngineError("Plots need matplotlib, which is not installed.", HOW_TO_INSTALL)


def save(draw: Callable[[Figure], None], path: Path) -> None:
    """Draw into a file, PNG or SVG by its name. Raises EngineError where that cannot be done."""
    check_plot(path)
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(7.2, 4.4), layout="constrained")
        draw(figure)
        date = {"Date": None} if path.suffix == ".svg" else {}
        try:
            figure.savefig(path, dpi=110, metadata=date)
        except OSError as error:
            raise EngineError(f"{path} cannot be written: {error.strerror}.") from error


def draw_scores(figure: Figure, scores: Sequence[Score]) -> None:
    """A bar for each recognizer in each noise, and for speech that it should not act on."""
    axes = figure.subplots()
    heard = [score for score in scores if not score.error]
    conditions = list(dict.fromkeys(one.condition for score in heard for one in score.results))
    kinds = (OTHER_SPEECH, NEAR_COMMANDS)
    names = [
        *(f"commands,\n{name}" for name in conditions),
        *(f"{kind},\nacted on" for kind in kinds),
    ]
    width = 0.8 / max(1, len(heard))
    for number, score in enumerate(heard):
        shares = [*map(score.accepted, conditions), *map(score.false, kinds)]
        places = [index + width * (number - (len(heard) - 1) / 2) for index in range(len(shares))]
        values = [share.value * 100 for share in shares]
        below = [max(0.0, share.value - share.interval()[0]) * 100 for share in shares]
        above = [max(0.0, share.interval()[1] - share.value) * 100 for share in shares]
        axes.bar(
            places,
            values,
            width * 0.9,
            color=COLOURS[number % len(COLOURS)],
            label=score.engine,
            yerr=[below, above],
            error_kw={"ecolor": "#444444", "capsize": 3, "linewidth": 1},
        )
    axes.set_xticks(range(len(names)), names)
    axes.set_ylim(0, 100)
    axes.set_ylabel("% of sentences (line: 95 % interval)")
    figure.legend(loc="outside upper center", frameon=False, ncols=2)


def draw_day(
    figure: Figure,
    title: str,
    minutes: Sequence[tuple[float, float]],
    moments: Sequence[tuple[float, Moment]],
) -> None:
    """The highest score of each minute of a day, its detections, and what was nearly one.

    Each with its time in hours since midnight.
    """
    blue, orange, green, _ = COLOURS
    axes = figure.subplots()
    hours, scores = [hour for hour, _ in minutes], [score for _, score in minutes]
    highest = "highest score of a minute"
    axes.vlines(hours, 0.0, scores, color=blue, linewidth=1.0, alpha=0.6, label=highest)
    kinds = {
        "near miss": ("o", "#888888", [one for one in moments if not one[1].detected]),
        "detection": (
            "^",
            green,
            [one for one in moments if one[1].detected and not one[1].marked],
        ),
        "marked as a false alarm": ("X", orange, [one for one in moments if one[1].marked]),
    }
    for label, (marker, colour, found) in kinds.items():
        if found:
            hours, scores = [hour for hour, _ in found], [one.score for _, one in found]
            axes.scatter(hours, scores, 36, marker=marker, color=colour, label=label, zorder=3)
    for threshold in sorted({one.threshold for _, one in moments}):
        axes.axhline(threshold, color="#444444", linewidth=1.0, linestyle="--")
        axes.text(0.1, threshold, f"threshold {threshold:.3g}", va="bottom", fontsize=9)
    axes.set_xlim(0.0, 24.0)
    axes.set_ylim(0.0, 1.05)
    axes.set_xticks(range(0, 25, 3), [f"{hour}:00" for hour in range(0, 25, 3)])
    axes.set_ylabel("wake score")
    axes.set_title(title)
    figure.legend(loc="outside lower center", frameon=False, ncols=4)
