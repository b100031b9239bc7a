"""Writes docs/benchmarks.md, and draws docs/plots where matplotlib is installed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from assistant.measuring.drawing import can_draw, save
from scripts.benchmarks import coffee, machine
from scripts.benchmarks.tables import Report

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"


def write_page(reports: Sequence[Report], data: Path, *, vosk: bool) -> Path:
    """Write the reports under a header that says on what, and with what, they were made."""
    date = datetime.now(UTC).strftime("%Y-%m-%d")
    missing = [
        "a real Raspberry Pi: figures of CPU and time are of the machine above, not of a Pi",
        *(() if vosk else ("Vosk: its models are a download, and none was given",)),
        "wake-word misses, and real rooms: the voices of `turn` are synthetic",
    ]
    facts = [*machine.describe(), f"Data: {_size(data)}", f"Date: {date}"]
    head = (
        "# Benchmarks\n\n"
        "Written by `scripts/bench all --write`: run it again to change a figure. CPU is CPU time "
        "(of the process, or of the kernel's account of it), not time by the clock.\n\n"
    )
    body = head + _list(facts) + "\nNot measured:\n\n" + _list(missing)
    PAGE.parent.mkdir(exist_ok=True)
    drawn = can_draw()
    for plot in (plot for report in reports if drawn for plot in report.plots()):
        path = PAGE.parent / "plots" / f"{plot.name}.svg"
        path.parent.mkdir(exist_ok=True)
        save(plot.draw, path)
    sections = (report.markdown(plots=drawn) for report in reports)
    PAGE.write_text("\n".join([body, *sections]), encoding="utf-8")
    return PAGE


def _size(data: Path) -> str:
    """How much there is; the set is told by what it is, not by where it lies here."""
    commands, words = len(coffee.commands(data, "all")), len(coffee.single_words(data, "all"))
    return (
        f"{commands} of the about 620 clips of the public Picovoice speech-to-intent set, {words} "
        "single words of its wake-word set"
    )


def _list(lines: Sequence[str]) -> str:
    return "".join(f"- {line}\n" for line in lines)
