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
