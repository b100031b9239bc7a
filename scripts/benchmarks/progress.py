"""How far it is, on standard error, at a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import rich.progress
from rich.console import Console

Item = TypeVar("Item")


def track(items: Iterable[Item], what: str, total: int) -> Iterable[Item]:
    """Hand the items on and draw a bar meanwhile."""
    console = Console(stderr=True)
    return rich.progress.track(
        items, what, total=total, console=console, transient=True, disable=not console.is_terminal
    )
