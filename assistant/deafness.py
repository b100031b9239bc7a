"""Says aloud that nothing is heard any more, and that it is again."""

from __future__ import annotations

LOOKS = 3
"""So many looks in a row, every ``listeners.LOOK_SECONDS``: a sound server that is started again is
back within seconds, and nobody needs to know."""


class Deafness:
    """Counts looks at which no microphone heard."""

    def __init__(self) -> None:
        self._looks = 0

    def look(self, are_deaf: bool) -> str:
        """Take how it is now; returns the name of what to say, or nothing: each is said once."""
        before, self._looks = self._looks, self._looks + 1 if are_deaf else 0
        if self._looks == LOOKS:
            return "deaf"
        return "hears_again" if before >= LOOKS and not self._looks else ""
