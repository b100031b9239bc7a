"""The audio threads of all microphones, as one; belongs to the loop.

What fails is told, and the others go on. One that gives no more sound has failed until it does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from assistant.dialogue.effects import Ears, Listen
from assistant.events import Event, PartFailed, PartWorks
from assistant.listening import Listener, part_of
from assistant.pipeline import Pipeline

if TYPE_CHECKING:
    from assistant.floor import Floor
    from assistant.ports import AudioSource, Emit, Grammar

LOOK_SECONDS = 10.0
"""How often to look whether sound comes in: a device takes a second or two to open."""

Open = Callable[[], "AudioSource"]


class Listeners:
    """A thread for each microphone, by its name: ``pipelines`` on what ``sources`` open.

    ``emit`` and ``ended`` are called by those threads, with the microphone's name. ``heard`` gets
    every event there, each chunk's level, too. ``follow_up_seconds`` is how long a microphone stays
    open that nobody called for. ``patient`` ones are waited for from the start.
    """

    def __init__(
        self,
        pipelines: Mapping[str, Pipeline],
        sources: Mapping[str, Open],
        floor: Floor,
        *,
        emit: Callable[[str, Event], None],
        ended: Callable[[str, BaseException | None], None],
        heard: Emit = lambda _: None,
        follow_up_seconds: float = 4.0,
        patient: bool = False,
    ) -> None:
        self._floor = floor
        self._emit = emit
        self._ended = ended
        self._heard = heard
        self._follow_up_seconds = follow_up_seconds
        self._patient = patient
        self._listeners = {
            name: self._listener(name, pipeline, sources[name])
            for name, pipeline in pipelines.items()
        }
        self._failed: set[str] = set()
        self._lost: set[str] = set()
        self._over: set[str] = set()
        self._looked: dict[str, int] = {}
        self._muted = False

    def _listener(self, name: str, pipeline: Pipeline, open_source: Open) -> Listener:
        def emit(event: Event) -> None:
            self._emit(name, event)

        def ended(error: BaseException | None) -> None:
            self._ended(name, error)

        return Listener(open_source, pipeline, emit, ended, self._heard, patient=self._patient)

    # --- what they do -----------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to listen."""
        for listener in self._listeners.values():
            listener.start()

    def stop(self) -> None:
        """End the threads."""
        for listener in self._listeners.values():
            listener.stop()

    def listen(self, wanted: Listen, grammar: Grammar | None = None) -> None:
        """Listen for this: for a command at one microphone, else at all of them.

        With a ``grammar`` an answer is one of its sentences.
        """
        domain = wanted.domain
        commands: dict[Ears, Callable[[Pipeline], None]] = {
            Ears.WAKE: Pipeline.wait_for_wake,
            Ears.COMMAND: lambda pipeline: pipeline.listen(domain),
            Ears.WOKEN: lambda pipeline: pipeline.stay_woken(domain),
            Ears.ANSWER: lambda pipeline: pipeline.listen_for_answer(domain, grammar),
            Ears.FOLLOW_UP: lambda pipeline: pipeline.listen(domain, self._follow_up_seconds),
            Ears.STOP: lambda pipeline: pipeline.wait_for_stop(domain),
        }
        chosen = self.one_that_works(wanted.microphone)
        # At once, and not when the threads come to it: then the last word of the dialogue holds.
        match wanted.ears:
            case Ears.WAKE | Ears.STOP:
                self._floor.free()
            case Ears.COMMAND | Ears.ANSWER | Ears.FOLLOW_UP:
                self._floor.take(chosen)
            case Ears.WOKEN:  # or another one has heard the word better meanwhile
                self._floor.offer(chosen)
        everywhere = wanted.ears in {Ears.WAKE, Ears.STOP}
        for name, listener in self._listeners.items():
            wants_it = everywhere or name == chosen
            listener.tell(commands[wanted.ears] if wants_it else Pipeline.stand_by)

    def mute(self, muted: bool) -> None:
        """Hear nothing at any microphone from now on, or hear again."""
        self._muted = muted
        self._looked.clear()  # silence was no failure until now
        for listener in self._listeners.values():
            listener.mute(muted)

    def want_levels(self, wanted: bool) -> None:
        """Hand out each chunk's level from now on, or no more."""
        for listener in self._listeners.values():
            listener.wants_levels = wanted

    # --- how they are -----------------------------------------------------------------------------

    @property
    def names(self) -> tuple[str, ...]:
        """The microphones, in the order of the file."""
        return tuple(self._listeners)

    @property
    def chunks(self) -> int:
        """How many chunks were heard, all microphones together."""
        return sum(listener.chunks for listener in self._listeners.values())

    @property
    def signs_of_life(self) -> int:
        """How much was heard, and how often a lost microphone was looked for, all together."""
        return self.chunks + sum(listener.tries for listener in self._listeners.values())

    @property
    def overruns(self) -> int:
        """How often sound was lost because nobody took it in time, all together."""
        return sum(listener.overruns for listener in self._listeners.values())

    def one_that_works(self, wanted: str = "") -> str:
        """Return the microphone of this name if it works, else the first one that does."""
        bad = self._failed | self._lost | self._over
        working = [one for one in self._listeners if one not in bad]
        return wanted if wanted in working else next(iter(working or self._listeners))

    def note_end(self, name: str, error: BaseException | None) -> bool:
        """Take it that a microphone has ended; returns whether others still listen."""
        self._over.add(name)
        if error is not None:
            self._failed.add(name)
        return len(self._over) < len(self._listeners)

    def note(self, name: str, event: PartFailed | PartWorks) -> None:
        """Take it that a microphone has told that it fails, or works again."""
        if isinstance(event, PartFailed):
            self._lost.add(name)
        else:
            self._lost.discard(name)

    @property
    def are_deaf(self) -> bool:
        """Whether no microphone hears."""
        return not self._muted and self._listeners.keys() <= self._failed | self._lost | self._over

    def look(self) -> Iterator[tuple[str, PartFailed | PartWorks]]:
        """Look which of several microphones have given no sound since the last look.

        Yields what has changed, each with the microphone's name.
        """
        for name, listener in self._listeners.items():
            if name in self._over | self._lost or len(self._listeners) == 1 or self._muted:
                self._looked.pop(name, None)  # it is told otherwise, or by the watchdog
                continue
            silent = self._looked.get(name) == listener.chunks
            self._looked[name] = listener.chunks
            if silent and name not in self._failed:
                self._failed.add(name)
                message = (
                    f"The microphone '{name}' gives no sound. "
                    "Is it still plugged in, and the sound server running?"
                )
                yield name, PartFailed(part_of(name), message)
            elif not silent and name in self._failed:
                self._failed.remove(name)
                yield name, PartWorks(part_of(name))

    def status(self) -> dict[str, dict[str, Any]]:
        """Tell by name how each of several microphones is; of one alone, nothing."""
        if len(self._listeners) == 1 and "" in self._listeners:
            return {}
        return {
            name: {
                "state": self._state_of(name),
                "level_dbfs": round(listener.level_dbfs, 1),
                "chunks_heard": listener.chunks,
                "overruns": listener.overruns,
            }
            for name, listener in self._listeners.items()
        }

    def _state_of(self, name: str) -> str:
        if name in self._failed | self._lost:
            return "failed"
        if name in self._over:
            return "ended"
        if self._muted:
            return "muted"
        return "listening" if self._listeners[name].chunks else "starting"
