"""What a benchmark found, printed as Markdown or as JSON; and shares with their interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from assistant.measuring.scores import Share, percent
from scripts.benchmarks.plots import Plot

__all__ = ["Part", "Report", "Share", "Table", "percent", "percentile"]


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


def percentile(values: Sequence[float], rank: float) -> float:
    """The smallest value that ``rank`` per cent of them do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(rank / 100 * len(ordered)) - 1)]
