"""What was not understood, as it is kept for the owner: ``assistant missed``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Missed:
    """A sentence that was not understood, how often, and when last.

    ``meant`` is the sentence that was meant, where the owner told: by a "yes" to "did you mean
    …?", or by "no, I meant …".
    """

    id: int
    text: str
    meant: str
    times: int
    last: datetime
