"""Reading slots of a match."""

from __future__ import annotations

import math

from assistant.errors import ActionError
from assistant.turn import Match


def number(match: Match, name: str) -> float | None:
    """Number in a slot; None when the slot is absent. Raises ActionError for anything else."""
    value = match.values().get(name)
    if value is None:
        return None
    if isinstance(value, str) or not math.isfinite(value):
        raise ActionError(
            f"the slot '{name}' of '{match.intent}' is not a number",
            f"Make it one where {match.template!r} stands, at {match.place}.",
        )
    return value


def text(match: Match, name: str) -> str:
    """Text of a slot; '' when the slot is absent."""
    return str(match.values().get(name, ""))
