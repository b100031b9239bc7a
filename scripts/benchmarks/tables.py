"""What a benchmark found, printed as Markdown or as JSON; and shares with their interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from scripts.benchmarks.plots import Plot


@dataclass(frozen=True)
class Table:
    """Rows under a heading; the first column is text, the others are set to the right."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def markdown(self) -> str:
        """The table, its columns as wide as they need be."""
        lines = [self.columns, *self.rows]
        widths = [max(3, *(len(line[index]) for line in lines)) for index in range(len(lines[0]))]

        def row(cells: Sequence[str]) -> str:
            first, *others = zip(cells, widths, strict=True)
            padded = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
            return f"| {' | '.join(padded)} |"

        first, *others = widths
        rule = "|".join([f"{'':-<{first + 2}}", *(f"{'':-<{width + 1}}:" for width in others)])
        return "\n".join([row(self.columns), f"|{rule}|", *(row(cells) for cells in self.rows)])


Part: TypeAlias = str | Table | Plot


@dataclass(frozen=True)
class Report:
    """What one benchmark tells: paragraphs, tables, plots; ``figures`` the same for JSON."""

    name: str
    title: str
    parts: tuple[Part, ...]
    figures: dict[str, Any]

    def plots(self) -> list[Plot]:
        """What is drawn beside the page."""
        return [part for part in self.parts if isinstance(part, Plot)]

    def markdown(self, *, plots: bool = False) -> str:
        """The report as a section of a page; ``plots`` are there to refer to, or are not."""
        kept = [part for part in self.parts if plots or not isinstance(part, Plot)]
        parts = [part if isinstance(part, str) else part.markdown() for part in kept]
        return "\n\n".join([f"## {self.title}: `{self.name}`", *parts]) + "\n"


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    count: int
    total: int

    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the share, 0..1; everything is possible of nothing."""
        if not self.total:
            return 0.0, 1.0
        z, share = 1.96, self.count / self.total
        centre = share + z**2 / (2 * self.total)
        spread = z * math.sqrt((share * (1 - share) + z**2 / (4 * self.total)) / self.total)
        scale = 1 + z**2 / self.total
        return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)

    def __str__(self) -> str:
        if not self.total:
            return "-"
        low, high = self.interval()
        return f"{percent(self.count / self.total)} ({percent(low)} to {percent(high)})"

    def plain(self) -> dict[str, Any]:
        """The share for JSON."""
        low, high = self.interval()
        share = self.count / self.total if self.total else None
        return {"count": self.count, "total": self.total, "share": share, "interval": [low, high]}


def percent(share: float) -> str:
    """A share 0..1 as people read it."""
    return f"{share * 100:.1f} %"


def percentile(values: Sequence[float], rank: float) -> float:
    """The smallest value that ``rank`` per cent of them do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(rank / 100 * len(ordered)) - 1)]
