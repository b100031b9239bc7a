"""What a trained wake word is worth, told to a person, to a program, and drawn."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from assistant.wake.trained import TrainedWord
    from assistant.wake.training.judging import Trained

ABOUT_MEASURING = (
    "Each recording was judged by a network that had not learnt from it; the threshold was chosen "
    "by the same trials. In brackets the 95 % interval. An hour here is one of uninterrupted "
    "synthesised speech, most of it in noise, and harder than an hour at home."
)
ABOUT_SYNTHESISED = (
    "Tried with synthesised voices only: how well it hears you is not known. Some recordings of "
    "yours make it much better: assistant wake train NAME --replace"
)


def draw(trained: Trained, path: Path) -> Path | None:
    """Draw the trade-off into a file; None where nothing here can draw."""
    from assistant.measuring.drawing import can_draw, save
    from assistant.wake.training.drawing import draw_det

    if not can_draw():
        return None
    save(lambda figure: draw_det(figure, trained.det), path)
    return path


def plain(word: TrainedWord, kept: Path, plot: Path | None) -> dict[str, Any]:
    """All of it, for JSON."""
    about = word.about
    return {
        "word": about.word,
        "phrase": about.phrase,
        "file": str(kept),
        "plot": None if plot is None else str(plot),
        "recordings": about.recordings,
        "negative_hours": about.negative_hours,
        "room_hours": about.room_hours,
        **about.measured,
        "thresholds": [
            {"false_alarms_an_hour": rate, "threshold": round(threshold, 4)}
            for rate, threshold in about.thresholds
        ],
        "det": about.det,
    }


def tell(word: TrainedWord, trained: Trained, kept: Path, plot: Path | None) -> None:
    """Print it for a person."""
    from rich.console import Console
    from rich.table import Table

    from assistant.measuring.drawing import HOW_TO_INSTALL

    about, console = word.about, Console()
    hours = about.negative_hours + about.room_hours
    rate = trained.false_alarms / hours if hours else 0.0
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    table.add_row("missed, as recorded", str(trained.missed))
    table.add_row("missed, in noise of 10 dB", str(trained.missed_in_noise))
    table.add_row(
        "false alarms",
        f"{trained.false_alarms} in {hours:.1f} hours of speech ({rate:.1f} an hour)",
    )
    console.print(table)
    console.print("\nOther thresholds (wake.threshold; 0.5 is as trained):")
    others = Table(box=None, padding=(0, 2, 0, 0))
    for column in ("false alarms an hour", "threshold", "missed", "missed in noise"):
        others.add_column(column, justify="right")
    for alarms, threshold in about.thresholds:
        point = min(trained.det, key=lambda one: abs(one.threshold - threshold))
        shares = (f"{share:.0%}" for share in (point.missed, point.missed_in_noise))
        others.add_row(f"{alarms:g}", f"{threshold:.3f}", *shares)
    console.print(others)
    console.print(f"\n{ABOUT_MEASURING}", style="dim")
    if trained.tried == "synthesised":
        console.print(ABOUT_SYNTHESISED, style="yellow")
    if plot is not None:
        console.print(f"The trade-off is drawn in {plot}.", soft_wrap=True)
    else:
        console.print(f"The trade-off can be drawn with matplotlib. {HOW_TO_INSTALL}", style="dim")
    click.echo(f"\nKept in {kept}. In the configuration:\n\nwake:\n  word: {about.word}")
