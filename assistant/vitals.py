"""What the core counts of itself since its start: calls, turns, and ends that nobody asked for."""

from __future__ import annotations

import contextlib
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from assistant.errors import StateError
from assistant.events import Event, TurnEnded, WakeDetected

if TYPE_CHECKING:
    from assistant.state import StateStore

log = logging.getLogger(__name__)

RUNNING, RESTARTS = "vitals.running", "vitals.restarts"
"""Settings in the state: whether it runs, and how often it was found not to have ended itself."""


class Vitals:
    """Numbers and times only, nothing of what was said; ``now`` is the time of day."""

    def __init__(self, store: StateStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._calls: Counter[str] = Counter()
        self._turns: Counter[str] = Counter()
        self._last_word, self._last_at = "", ""
        self._restarts = 0

    def begin(self) -> None:
        """Note that it runs. Where that was noted already, it failed, or the power did."""
        with _told():
            self._restarts = int(self._store.setting(RESTARTS, 0))
            if self._store.setting(RUNNING) is True:
                self._restarts += 1
                self._store.set_setting(RESTARTS, self._restarts)
            self._store.set_setting(RUNNING, True)

    def end(self) -> None:
        """Note that it ends because it was told to."""
        with _told():
            self._store.set_setting(RUNNING, False)

    def note(self, event: Event) -> None:
        """Count an event."""
        if isinstance(event, WakeDetected):
            self._calls[event.wake.name] += 1
            self._last_word = event.wake.name
            self._last_at = self._now().isoformat(timespec="seconds")
        elif isinstance(event, TurnEnded):
            self._turns[event.record.outcome.value] += 1

    def status(self) -> dict[str, Any]:
        """Tell all of it."""
        return {
            "last_wake_word": self._last_word,
            "last_wake_at": self._last_at,
            "calls": dict(self._calls),
            "turns": dict(self._turns),
            "restarts": self._restarts,
        }


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """A number that cannot be kept, on a disk that is full, keeps nobody from listening."""
    try:
        yield
    except StateError as error:
        log.warning("The number of restarts is not kept. %s", error)
