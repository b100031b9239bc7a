"""The floor: which microphone is listened to for a command, one at a time, and the recognizers.

Whoever has the floor may use ``Hearing``, and nobody else. It is taken by a wake word, or given by
the dialogue; the audio threads ask for it by the names of their microphones.

A word that is said between two microphones is heard by both, at times that tell little of which is
nearer. So the first one gets the floor at once, and loses it to one with a higher score while the
word's other detections still come in.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.wakewords import DEFAULT

if TYPE_CHECKING:
    from assistant.hearing import Grammars, Hearing
    from assistant.ports import StopListener, UnknownWord
    from assistant.turn import Wake

# A word is detected 0.05 to 0.35 s after its end, and two devices hand out their chunks up to a
# chunk (0.08 s) apart.
SAME_WORD_SECONDS = 0.5
"""A word that is heard elsewhere so soon after is the same call."""

Told = Callable[["Sequence[UnknownWord]"], None]


@dataclass(frozen=True, slots=True)
class _Claim:
    """The wake word that was last given the floor, and when."""

    wake: Wake
    time_seconds: float


class Floor:
    """Gives the floor to one microphone at a time. Used by all audio threads, and the loop.

    ``clock`` tells seconds. No call but those of whoever has the floor waits for a recognizer.
    """

    def __init__(self, hearing: Hearing, clock: Callable[[], float] = time.monotonic) -> None:
        self._hearing = hearing
        self._clock = clock
        self._deciding = threading.Lock()  # what follows; held for a moment only
        self._holder: str | None = None
        self._settled = False
        self._last: _Claim | None = None
        self._next: Callable[[], None] | None = None
        self._recognizing = threading.Lock()  # held while the recognizers are used

    # --- who has it -------------------------------------------------------------------------------

    def claim(self, wake: Wake) -> Wake | None:
        """Take the floor for a wake word, if it is free or the word was heard better than before.

        Returns the wake word that is dropped, if there is one: this one, or the one that had the
        floor. A word that is itself a command leaves the floor free.
        """
        with self._deciding:
            now, last = self._clock(), self._last
            same = (
                last is not None
                and last.wake.name == wake.name
                and last.wake.microphone != wake.microphone
                and now - last.time_seconds < SAME_WORD_SECONDS
            )
            taken = self._holder not in {None, wake.microphone}
            better = same and last is not None and wake.score > last.wake.score
            if (taken and (self._settled or not better)) or (same and not taken):
                return wake
            self._last = _Claim(wake, now)
            self._give(None if wake.command else wake.microphone)
            return last.wake if taken and last is not None else None

    def take(self, microphone: str) -> None:
        """Take the floor from whoever has it: the dialogue wants this microphone to be heard."""
        with self._deciding:
            self._give(microphone)

    def settle(self, microphone: str) -> bool:
        """Keep the floor even from a better one, as the command is over; False when it is lost."""
        with self._deciding:
            self._settled = self._holder == microphone
            return self._settled

    def leave(self, microphone: str) -> None:
        """Give up the floor, if this one has it."""
        with self._deciding:
            if self._holder == microphone:
                self._give(None)

    def free(self) -> None:
        """Take the floor from whoever has it: the dialogue wants no command."""
        with self._deciding:
            self._give(None)

    def _give(self, microphone: str | None) -> None:
        self._holder = microphone
        self._settled = False

    # --- what it is good for ----------------------------------------------------------------------

    @contextmanager
    def recognizing(self, microphone: str) -> Iterator[Hearing | None]:
        """Use the recognizers; None where this microphone does not have the floor."""
        with self._recognizing:
            with self._deciding:
                mine = self._holder == microphone
            yield self._hearing if mine else None

    def use(self, grammars: Mapping[str, Grammars]) -> Sequence[UnknownWord]:
        """Hear these from now on, by domain; returns the words that nobody can hear."""
        with self._recognizing:
            return self._hearing.use(grammars)

    def listen_for_stop(self, domain: str) -> StopListener | None:
        """Make a listener for what cuts a reply short; it takes no floor."""
        return self._hearing.listen_for_stop(domain)

    def use_next(self, grammars: Mapping[str, Grammars], told: Told) -> None:
        """Hear these as soon as the floor is free; ``told`` is then given what ``use`` returns."""
        with self._deciding:
            self._next = lambda: told(self._hearing.use(grammars))

    def keep_ready(self) -> None:
        """Get the recognizers ready for the next wake word, unless somebody uses them.

        Called by each microphone that waits for the wake word.
        """
        if not self._recognizing.acquire(blocking=False):
            return
        try:
            with self._deciding:
                if self._holder is not None:
                    return
                take, self._next = self._next, None
            self._hearing.switch(DEFAULT)
            if take is not None:
                take()
        finally:
            self._recognizing.release()
