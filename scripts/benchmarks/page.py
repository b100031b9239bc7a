"""Writes docs/benchmarks.md, and draws docs/plots where matplotlib is installed.

What was not measured this time stays as it was, under the date when it was.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from assistant.measuring.drawing import can_draw, save
from scripts.benchmarks import coffee, machine
from scripts.benchmarks.tables import Report

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
SECTION = re.compile(r"^## [^\n]*: `([\w-]+)`$.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)


def write_page(reports: Sequence[Report], order: Sequence[str], data: Path, *, vosk: bool) -> Path:
    """Write the reports under a header that says on what, and with what, they were made.

    Sections of earlier reports stay, each in its place in the ``order``.
    """
    missing = [
        "a real Raspberry Pi: figures of CPU and time are of the processors told with them",
        *(() if vosk else ("a large Vosk model: they are a download, and none was given",)),
        "real rooms: recordings are mixed with noise here, and the voices of `turn` are synthetic",
    ]
    facts = [*machine.software(), f"Data: {_size(data)}"]
    head = (
        "# Benchmarks\n\n"
        "Written by `scripts/bench all --write`: run it again to change a figure, or with "
        "`--only NAME` to change one section. CPU is CPU time (of the process, or of the kernel's "
        "account of it), not time by the clock.\n\n"
    )
    body = head + _list(facts) + "\nNot measured:\n\n" + _list(missing)
    PAGE.parent.mkdir(exist_ok=True)
    drawn = can_draw()
    for plot in (plot for report in reports if drawn for plot in report.plots()):
        path = PAGE.parent / "plots" / f"{plot.name}.svg"
        path.parent.mkdir(exist_ok=True)
        save(plot.draw, path)
    sections = _sections() | {one.name: _dated(one.markdown(plots=drawn)) for one in reports}
    known = [sections[name] for name in order if name in sections]
    PAGE.write_text("\n".join([body, *known]), encoding="utf-8")
    return PAGE


def _sections() -> dict[str, str]:
    """The sections of the page as it is, by the name of their benchmark."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    return {found[1]: found[0].rstrip("\n") + "\n" for found in SECTION.finditer(text)}


def _dated(section: str) -> str:
    heading, rest = section.split("\n\n", 1)
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    return f"{heading}\n\nMeasured on {day}, {machine.processor()}. {rest}"


def _size(data: Path) -> str:
    """How much there is; the set is told by what it is, not by where it lies here."""
    commands, words = len(coffee.commands(data, "all")), len(coffee.single_words(data, "all"))
    return (
        f"{commands} of the about 620 clips of the public Picovoice speech-to-intent set, {words} "
        "single words of its wake-word set"
    )


def _list(lines: Sequence[str]) -> str:
    return "".join(f"- {line}\n" for line in lines)
