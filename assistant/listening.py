"""An audio thread: reads a source, runs the pipeline on it, and hands events out.

Events go one way (``emit``), commands the other (``tell``); with other audio threads it shares the
floor, and nothing else.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from assistant.audio.frames import CHUNK_SECONDS, SILENCE_DBFS
from assistant.errors import AssistantError, DeviceError, RecordingError
from assistant.events import ChunkHeard, Event, NothingHeard, PartFailed, PartWorks, Ready
from assistant.pipeline import Mode

if TYPE_CHECKING:
    from assistant.audio.frames import Samples
    from assistant.pipeline import Pipeline
    from assistant.ports import AudioSource, Emit

RETRY_SECONDS = 2.0
"""Between two looks for a microphone that is gone. To look costs about 20 ms of CPU time."""

ZEROS_SECONDS = 60.0
"""Nothing but zeros for so long is told: the noise of a microphone that hears is never that."""

Command = Callable[["Pipeline"], object]


class Listener:
    """One source and its pipeline in a thread of their own.

    ``emit`` and ``ended`` are called from that thread; ``ended`` once, with the error that ended
    it or None at the end of the source. ``open_source`` is called there too, so that the device
    belongs to the thread that reads it. ``heard`` gets every event there, each chunk's level, too.

    A device that is lost is told (PartFailed), and looked for until it is back (PartWorks); the
    first time one cannot be opened ends the thread, unless it is ``patient``.

    While ``mute`` holds, a device is closed, so that no other program sees it in use, and what
    comes from a stream is dropped unheard.
    """

    def __init__(
        self,
        open_source: Callable[[], AudioSource],
        pipeline: Pipeline,
        emit: Emit,
        ended: Callable[[BaseException | None], None],
        heard: Emit = lambda _: None,
        *,
        patient: bool = False,
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        self._open_source = open_source
        self._pipeline = pipeline
        self._emit = emit
        self._ended = ended
        self._heard = heard
        self._commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self._source: AudioSource | None = None
        self._stopping = threading.Event()
        self._muted = threading.Event()
        self._patient = patient
        self._retry_seconds = retry_seconds
        self._part = part_of(pipeline.microphone)
        self._fault = ""
        self._is_lost = False
        self._zeros = 0
        name = f"audio {pipeline.microphone}".rstrip()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self.chunks = 0
        self.tries = 0  # to find a microphone that was lost: with the chunks, signs of life
        self.level_dbfs = SILENCE_DBFS
        self.wants_levels = False
        self._over = False

    @property
    def overruns(self) -> int:
        """How often sound was lost because nobody took it in time; a recording waits."""
        return getattr(self._source, "overflows", 0)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def tell(self, command: Command) -> None:
        """Have ``command`` called with the pipeline before the next chunk."""
        self._commands.put(command)

    def mute(self, muted: bool) -> None:
        """Hear nothing from now on, or hear again. A chunk that is being read is not heard."""
        self._muted.set() if muted else self._muted.clear()
        self.tell(_look_up)

    def stop(self, seconds: float = 2.0) -> bool:
        """End the thread; False when it has not ended in time."""
        self._stopping.set()
        self.tell(_look_up)
        if self._source is not None:
            self._source.close()
        if self._thread.is_alive():
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        error: BaseException | None = None
        try:
            while not self._over and not self._stopping.is_set():
                # Also while it is muted: whether it is a device only the source can tell.
                try:
                    self._source = self._open_source()
                    self._listen(self._source)
                except DeviceError as problem:
                    if not self._may_come_back(problem):
                        raise
                    self._lose(problem)
                self._wait_while_muted()
        except AssistantError as problem:
            error = problem
        except Exception as problem:  # noqa: BLE001 - handed on, and ends the daemon
            error = problem
        finally:
            if self._source is not None:
                self._source.close()
            self._pipeline.wait_for_wake()  # nothing more is heard: the floor is another's
        if not self._stopping.is_set():
            self._ended(error)

    def _may_come_back(self, problem: DeviceError) -> bool:
        return not isinstance(problem, RecordingError) and (self._patient or self.chunks > 0)

    def _lose(self, problem: DeviceError) -> None:
        """Tell that the microphone is gone, and wait until it is time to look for it again."""
        if self._stopping.is_set():
            return
        self._shut_command()
        self._pipeline.wait_for_wake()
        self.level_dbfs = SILENCE_DBFS
        name = self._pipeline.microphone
        self._tell_fault(
            f"The microphone '{name}' is not heard. {problem}" if name else f"{problem}"
        )
        self._is_lost = True
        self._zeros = 0
        self.tries += 1
        with contextlib.suppress(queue.Empty):
            self._commands.get(timeout=self._retry_seconds)(self._pipeline)
        self._shut_command()

    def _tell_fault(self, message: str) -> None:
        if message != self._fault:
            self._fault = message
            self._emit(PartFailed(self._part, message))

    def _note_sound(self, source: AudioSource, chunk: Samples) -> None:
        """Tell of a device that gives nothing but zeros, and of one that is back."""
        self._zeros = 0 if chunk.any() or not source.is_device else self._zeros + 1
        if self._zeros * CHUNK_SECONDS >= ZEROS_SECONDS:
            self._tell_fault(
                f"The microphone '{source.name}' gives nothing but zeros. Is it switched off, or "
                "muted in the mixer (alsamixer)? 'assistant doctor' looks."
            )
        elif self._fault and (self._is_lost or not self._zeros):
            self._fault = ""
            self._emit(PartWorks(self._part))
        self._is_lost = False

    def _wait_while_muted(self) -> None:
        while self._muted.is_set() and not self._over and not self._stopping.is_set():
            self._commands.get()(self._pipeline)
            self._shut_command()

    def _listen(self, source: AudioSource) -> None:
        """Listen until the end of the source; or, to a device, until it is muted."""
        was_muted = False
        while not self._stopping.is_set():
            muted = self._muted.is_set()
            if muted and not was_muted:
                self._shut_command()
                self._pipeline.wait_for_wake()  # keeps nothing of what was heard before
                self.level_dbfs = SILENCE_DBFS
                if source.is_device:
                    source.close()
                    return
            was_muted = muted
            chunk = source.read()
            if chunk is None:
                self._over = True
                if not self._muted.is_set():
                    self._hand_out(self._pipeline.finish())
                return
            while not self._commands.empty():
                self._commands.get()(self._pipeline)
            if self._muted.is_set():
                self._shut_command()
                continue
            self._note_sound(source, chunk)
            self._hand_out(self._pipeline.feed(chunk))
            self.chunks += 1
            if self.chunks == 1:
                self._emit(Ready(source.name, self._pipeline.microphone))

    def _shut_command(self) -> None:
        """End a command that cannot be heard any more."""
        if self._pipeline.mode is Mode.COMMAND:
            self._pipeline.wait_for_wake()
            self._emit(NothingHeard())

    def _hand_out(self, events: Iterable[Event]) -> None:
        for event in events:
            self._heard(event)
            if isinstance(event, ChunkHeard):
                self.level_dbfs = event.level_dbfs
                # They come 12 times a second: the loop is woken only when somebody looks.
                if not self.wants_levels:
                    continue
            self._emit(event)


def _look_up(_pipeline: Pipeline) -> None:
    """Wake a thread that waits for a command; it then looks whether to go on."""


def part_of(microphone: str) -> str:
    """Name a microphone among the parts that can fail."""
    return f"microphone {microphone}".rstrip()
