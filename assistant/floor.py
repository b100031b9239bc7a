"""The floor: which microphone is listened to for a command, one at a time, and the recognizers.

Whoever has the floor may use ``Hearing``, and nobody else. It is taken by a wake word, or given by
the dialogue; the audio threads ask for it by the names of their microphones.

A word that is said between two microphones is heard by both. Neither which of them is first nor
the score tells which is nearer (``scripts/bench microphones``). So the first one gets the floor at
once, and loses it to one where the word stands out more of the sound of the room, while the word's
other detections still come in.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

from assistant.wakewords import DEFAULT

if TYPE_CHECKING:
    from assistant.hearing import Grammars, Hearing
    from assistant.ports import StopListener, UnknownWord
    from assistant.turn import Wake

# The detections are hardly ever 0.4 s apart (``scripts/bench microphones``); a device or a sound
# server may hand out its chunks late.
SAME_WORD_SECONDS = 0.5
"""A word that is heard elsewhere so soon after is the same call."""

Told: TypeAlias = "Callable[[Sequence[UnknownWord]], None]"


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
        self._last: tuple[Wake, float] | None = None  # the word that got it last, and when
        self._next: Callable[[], None] | None = None
        self._recognizing = threading.Lock()  # held while the recognizers are used

    # --- who has it -------------------------------------------------------------------------------

    def claim(self, wake: Wake) -> Wake | None:
        """Take the floor for a wake word, if it is free or the word was heard better than before.

        Returns the wake word that is dropped, if there is one: this one, or the one that had the
        floor. A word that is itself a command leaves the floor free.
        """
        with self._deciding:
            now = self._clock()
            rival = self._rival(wake, now)
            if self._holder in {None, wake.microphone}:
                dropped = wake if rival is not None else None
            elif rival is None or self._settled or self._holder != rival.microphone:
                dropped = wake
            else:
                dropped = rival if wake.snr_db > rival.snr_db else wake
            if dropped is not wake:
                self._last = wake, now
                self._give(None if wake.command else wake.microphone)
            return dropped

    def _rival(self, wake: Wake, now: float) -> Wake | None:
        """Return what was heard of the same call before, at another microphone."""
        if self._last is None:
            return None
        last, time_seconds = self._last
        elsewhere = last.name == wake.name and last.microphone != wake.microphone
        return last if elsewhere and now - time_seconds < SAME_WORD_SECONDS else None

    def take(self, microphone: str) -> None:
        """Take the floor from whoever has it: the dialogue wants this microphone to be heard."""
        with self._deciding:
            self._give(microphone)

    def offer(self, microphone: str) -> bool:
        """Give the floor to a microphone if it is free; returns whether that one has it."""
        with self._deciding:
            if self._holder is None:
                self._give(microphone)
            return self._holder == microphone

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
