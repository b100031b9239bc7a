"""The owner's number, which some intents want before they are done."""

from __future__ import annotations

import hmac
from collections.abc import Callable

TRIES = 3
"""Wrong ones in a row; then none is taken for a while."""

LOCKED_SECONDS = 300.0
"""A thousand numbers of three digits then take more than a day to try."""


class Pin:
    """Compares numbers, digits only, and counts the wrong ones. ``now`` is a steady clock."""

    def __init__(self, number: str, now: Callable[[], float]) -> None:
        self._number = number
        self._now = now
        self._wrong = 0
        self._locked_until = 0.0

    @property
    def length(self) -> int:
        """How many digits it has."""
        return len(self._number)

    @property
    def is_locked(self) -> bool:
        """Whether too many wrong ones were said lately."""
        return self._now() < self._locked_until

    def accepts(self, digits: str) -> bool:
        """Compare; while locked, nothing is right."""
        if self.is_locked:
            return False
        if hmac.compare_digest(digits.encode(), self._number.encode()):
            self._wrong = 0
            return True
        self._wrong += 1
        if self._wrong == TRIES:
            self._wrong, self._locked_until = 0, self._now() + LOCKED_SECONDS
        return False
