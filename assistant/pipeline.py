"""One listening pipeline: chunks in, events out.

``feed`` is a plain synchronous call for the one audio thread of a source; nothing in here knows the
time, so a recording runs as fast as the machine and gives the same events each time. Modes change
by themselves at a wake word and at the end of a command, else by a call from the same thread.
"""

from __future__ import annotations

import time
from collections import deque
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from assistant.audio.endpointing import Endpoint, Endpointer
from assistant.audio.frames import (
    CHUNK_SECONDS,
    level_dbfs,
    seconds_to_samples,
)
from assistant.events import (
    ChunkHeard,
    Event,
    NothingHeard,
    PartialTranscript,
    SpeechEnded,
    SpeechStarted,
    StopHeard,
    Transcribed,
    WakeDetected,
)
from assistant.recognizers.grammar import PrefixStatus, prefix_status, with_prefix, without_prefix
from assistant.turn import Transcript, Wake

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.audio.frames import Samples
    from assistant.config import AudioSettings, EndpointingSettings
    from assistant.ports import Grammar, Recognizer, VoiceActivity, WakeWord
    from assistant.wake.gate import WakeGate

# A command in one breath with the wake word is cut from the stream this long before the detection,
# which comes 0.05 to 0.35 s after the word's end: nothing of the command is lost, and what is left
# of the wake word is heard by the grammar's optional prefix.
ONE_BREATH_SECONDS = 1.2


class Mode(StrEnum):
    """What the microphone is listened to for."""

    WAKE = "wake"
    COMMAND = "command"
    STOP = "stop"


class Pipeline:
    """Wake word, endpointing and recognizer over one stream of chunks.

    ``wake_phrases`` are how the wake words are spoken ("hey jarvis"), heard and dropped when they
    begin a command.
    """

    def __init__(
        self,
        *,
        wake: WakeWord | None,
        gate: WakeGate,
        vad: VoiceActivity,
        recognizer: Recognizer,
        audio: AudioSettings,
        endpointing: EndpointingSettings,
        wake_phrases: Sequence[str],
    ) -> None:
        self._wake = wake
        self._gate = gate
        self._vad = vad
        self._recognizer = recognizer
        self._endpointing = endpointing
        self._wake_phrases = tuple(wake_phrases)
        self._before: deque[Samples] = deque(maxlen=round(audio.pre_roll_seconds / CHUNK_SECONDS))
        self._chunks = 0
        self._command: _Command | None = None
        self._grammar: Grammar | None = None
        self.mode = Mode.WAKE

    @property
    def position_seconds(self) -> float:
        """Length of the stream so far."""
        return self._chunks * CHUNK_SECONDS

    def use(self, grammar: Grammar) -> Sequence[str]:
        """Hear this grammar from now on; returns its words that the recognizer cannot hear."""
        self._grammar = with_prefix(grammar, self._wake_phrases)
        return self._recognizer.use(self._grammar)

    def begin(self) -> None:
        """Begin a new stream, at position 0, waiting for the wake word."""
        self._chunks = 0
        self._gate.open()
        self.wait_for_wake()

    def listen(self) -> None:
        """Open the microphone for a command now."""
        self._open(after_wake=False)

    def wait_for_wake(self) -> None:
        """Listen for the wake word; what was heard so far cannot be one."""
        self._command = None
        self._before.clear()
        if self._wake is not None:
            self._wake.reset()
        self.mode = Mode.WAKE

    def wait_for_stop(self) -> None:
        """Listen for "stop" only: the assistant itself is speaking."""
        self._command = None
        self._recognizer.start_stop_word()
        self.mode = Mode.STOP

    def feed(self, chunk: Samples) -> list[Event]:
        """Take the next chunk and return what happened in it, in order."""
        self._chunks += 1
        if self.mode is Mode.WAKE:
            return self._feed_wake(chunk)
        heard: Event = ChunkHeard(level_dbfs(chunk), 0.0)
        if self.mode is Mode.STOP:
            return [heard, StopHeard()] if self._recognizer.hears_stop(chunk) else [heard]
        return [heard, *self._feed_command(chunk)]

    def finish(self) -> list[Event]:
        """End the stream: a command under way ends here."""
        command = self._command
        if command is None:
            return []
        if command.endpointer.started:
            return self._end(command, cut_off=False)
        self._close()
        return [NothingHeard()]

    def _feed_wake(self, chunk: Samples) -> list[Event]:
        self._before.append(chunk)
        scores = self._wake.scores(chunk) if self._wake is not None else {}
        best = max(scores.values(), default=0.0)
        events: list[Event] = [ChunkHeard(level_dbfs(chunk), best)]
        detection = self._gate.step(scores)
        if detection is not None:
            name, score = detection
            events.append(WakeDetected(Wake(name, score, self.position_seconds)))
            self._open(after_wake=True)
        return events

    def _open(self, *, after_wake: bool) -> None:
        self._command = _Command(
            Endpointer(self._endpointing, after_wake=after_wake),
            [np.concatenate(tuple(self._before))] if after_wake and self._before else [],
        )
        self._before.clear()
        self._vad.reset()
        for chunk in self._command.chunks[-1:]:
            self._vad.probability(chunk[-seconds_to_samples(CHUNK_SECONDS) :])
        self.mode = Mode.COMMAND

    def _feed_command(self, chunk: Samples) -> list[Event]:
        command = self._command
        if command is None:
            raise RuntimeError("no command is being heard")
        command.chunks.append(chunk)
        events: list[Event] = []
        if command.endpointer.started:
            events += self._hear(command, chunk)
        decision = command.endpointer.step(self._vad.probability(chunk), command.sentence)
        if decision is Endpoint.STARTED:
            events.append(SpeechStarted(self.position_seconds))
            command.begin = self._begin_of(command)
            self._recognizer.start()
            events += self._hear(command, command.samples()[command.begin :])
        elif decision in {Endpoint.ENDED, Endpoint.TOO_LONG}:
            events += self._end(command, cut_off=decision is Endpoint.TOO_LONG)
        elif decision is Endpoint.NOTHING:
            events.append(NothingHeard())
            self._close()
        return events

    def _hear(self, command: _Command, samples: Samples) -> list[Event]:
        """Feed the recognizer; an event when the partial transcript has changed."""
        text = without_prefix(self._recognizer.feed(samples), self._wake_phrases)
        if text == command.text:
            return []
        command.text = text
        if self._grammar is not None:
            command.sentence = prefix_status(self._grammar, text.split())
        return [PartialTranscript(text)]

    def _begin_of(self, command: _Command) -> int:
        """Where the command begins, in samples from the start of what was kept."""
        kept = len(command.chunks[0]) if command.after_wake else 0
        endpointer = command.endpointer
        if endpointer.in_one_breath:
            return max(0, kept - seconds_to_samples(ONE_BREATH_SECONDS))
        onset = endpointer.speech_began_seconds - self._endpointing.margin_seconds
        return max(0, kept + seconds_to_samples(onset))

    def _end(self, command: _Command, *, cut_off: bool) -> list[Event]:
        silence = command.endpointer.silence_seconds
        ended = SpeechEnded(self.position_seconds, silence, cut_off)
        extra = max(0, seconds_to_samples(silence - self._endpointing.margin_seconds))
        samples = command.samples()
        began = time.perf_counter()
        heard = self._recognizer.finish(samples[command.begin : len(samples) - extra])
        seconds = time.perf_counter() - began
        text = without_prefix(heard.text, self._wake_phrases)
        if not text and command.endpointer.only_wake_word:
            # The wake word trailed off longer than usual: the command is still to come.
            self._open(after_wake=False)
            return []
        self._close()
        transcript = Transcript(text, heard.confidence if text else 0.0, heard.alternatives)
        return [ended, Transcribed(transcript, seconds)]

    def _close(self) -> None:
        self.wait_for_wake()
        self._gate.close()


class _Command:
    """A command being heard: its chunks, with what was kept from before the wake word first."""

    def __init__(self, endpointer: Endpointer, kept: list[Samples]) -> None:
        self.endpointer = endpointer
        self.after_wake = bool(kept)
        self.chunks = kept
        self.begin = 0
        self.text = ""
        self.sentence = PrefixStatus.OUTSIDE

    def samples(self) -> Samples:
        """Everything kept so far, in one array."""
        return np.concatenate(self.chunks)
