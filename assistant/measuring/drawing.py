"""Draws a plot into a file; matplotlib, which is optional, is loaded only then."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import EngineError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HOW_TO_INSTALL = "Install it with: pip install 'matplotlib>=3.9,<4'"
COLOURS = ("#0b5fa5", "#c2570c", "#5b7f1c", "#8a3ea8")  # told apart on white, also in grey
STYLE: dict[Any, Any] = {
    "font.size": 11,
    "axes.grid": True,
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


def save(draw: Callable[[Figure], None], path: Path) -> None:
    """Draw into a file, PNG or SVG by its name. Raises EngineError where that cannot be done."""
    if not can_draw():
        raise EngineError("Plots need matplotlib, which is not installed.", HOW_TO_INSTALL)
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
