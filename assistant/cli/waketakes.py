"""How recording looks at a terminal: a countdown, a bar of the level, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from assistant.cli.live import LEVEL_RANGE_DB
from assistant.wake.training.takes import Moment, Verdict

if TYPE_CHECKING:
    from rich.console import RenderableType


class Takes:
    """What is shown of the take under way."""

    def __init__(self, phrase: str, count: int) -> None:
        self._phrase = phrase
        self._count = count
        self._moment = Moment(1, False, 0.0, -LEVEL_RANGE_DB)

    def show(self, what: Moment | Verdict) -> str:
        """Take what happened; returns a line that stays, '' where none does."""
        if isinstance(what, Moment):
            self._moment = what
            return ""
        if what.reason:
            return f"[yellow]{what.number}: it {what.reason}. Again, please.[/yellow]"
        return f"[green]{what.number} of {self._count}: good.[/green]"

    def __rich__(self) -> RenderableType:
        """Draw it."""
        now = self._moment
        row = Table.grid(padding=(0, 2))
        if now.recording:
            level = max(0.0, LEVEL_RANGE_DB + now.level_dbfs)
            bar = ProgressBar(total=LEVEL_RANGE_DB, completed=level, width=40)
            row.add_row(Text(f"say “{self._phrase}” now", style="bold"), bar)
        else:
            row.add_row(Text(f"{now.number} of {self._count} in {now.seconds_left:.0f} …"))
        return row
