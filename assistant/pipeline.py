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
from assistant.audio.frames import CHUNK_SECONDS, level_dbfs, seconds_to_samples
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
    WakeRefused,
)
from assistant.hearing import Hearing
from assistant.recognizers.grammar import PrefixStatus
from assistant.turn import Transcript, Wake
from assistant.wakewords import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from assistant.audio.frames import Samples
    from assistant.config import AudioSettings, EndpointingSettings
    from assistant.hearing import Grammars
    from assistant.ports import (
        Grammar,
        Recognizer,
        SpeakerVerifier,
        UnknownWord,
        VoiceActivity,
        WakeWord,
    )
    from assistant.wake.decision import WakeDecision
    from assistant.wakewords import WordSettings

# A command in one breath with the wake word is cut from the stream this long before the detection,
# which comes 0.05 to 0.35 s after the word's end: nothing of the command is lost, and what is left
# of the wake word is heard by the grammar's optional prefix.
ONE_BREATH_SECONDS = 1.2

# After a detection so much more is scored, for the eye only: the score goes on rising for some
# chunks, and how high it gets tells a false alarm from a word.
SCORED_AFTER_CHUNKS = 6

# The sound in which the owner's voice is looked for: the longest wake word, and the delay of its
# detection. What was said before it may be somebody else's.
VOICE_SECONDS = 1.2

# Silence after which the recognizer hears all of the command so far once more, and which is left
# at its end: less than ``final_silence_seconds``, so that the answer is ready by then. Three of
# Silero's steps.
PAUSE_SECONDS = 0.096

# A partial transcript lags behind the sound: it is believed once it has been the same for so long.
STABLE_SECONDS = 0.2


class Mode(StrEnum):
    """What the microphone is listened to for."""

    WAKE = "wake"
    COMMAND = "command"
    STOP = "stop"


class Pipeline:
    """Wake words, endpointing and recognizers over one stream of chunks.

    A word opens the microphone for a domain, or is itself a command. How it is spoken ("hey
    jarvis") is heard, and dropped, when it begins a command. ``recognizers`` are those of domains
    that have one of their own, by the domain's name. A word in whose sound the ``verifier`` scores
    below ``voice_threshold`` is refused.
    """

    def __init__(
        self,
        *,
        wake: WakeWord | None,
        decision: WakeDecision,
        vad: VoiceActivity,
        recognizer: Recognizer,
        audio: AudioSettings,
        endpointing: EndpointingSettings,
        words: Sequence[WordSettings],
        recognizers: Mapping[str, Recognizer] | None = None,
        verifier: SpeakerVerifier | None = None,
        voice_threshold: float = 0.0,
    ) -> None:
        self._wake = wake
        self._decision = decision
        self._vad = vad
        self._words = {word.name: word for word in words}
        self._hearing = Hearing({DEFAULT: recognizer, **(recognizers or {})}, words)
        self._endpointing = endpointing
        self._verifier = verifier
        self._voice_threshold = voice_threshold
        kept_seconds = max(audio.pre_roll_seconds, VOICE_SECONDS if verifier else 0.0)
        self._before: deque[Samples] = deque(maxlen=round(kept_seconds / CHUNK_SECONDS))
        self._chunks = 0
        self._scored_after = 0
        self._command: _Command | None = None
        self._next: Callable[[], None] | None = None
        self.mode = Mode.WAKE

    @property
    def position_seconds(self) -> float:
        """Length of the stream so far."""
        return self._chunks * CHUNK_SECONDS

    @property
    def wake_thresholds(self) -> Mapping[str, float]:
        """The score that each wake word has to reach."""
        return self._decision.thresholds

    def use(
        self,
        grammar: Grammar,
        answers: Grammar | None = None,
        others: Mapping[str, Grammars] | None = None,
    ) -> Sequence[UnknownWord]:
        """Hear this grammar from now on, and after a question the sentences of ``answers``, too.

        ``others`` are the same for domains beside the default one. Returns the words of all
        commands that their recognizers cannot hear.
        """
        return self._hearing.use({DEFAULT: (grammar, answers), **(others or {})})

    def use_next(
        self,
        grammar: Grammar,
        told: Callable[[Sequence[UnknownWord]], None],
        answers: Grammar | None = None,
        others: Mapping[str, Grammars] | None = None,
    ) -> None:
        """Hear these grammars as soon as the wake word is waited for, as ``use`` does.

        ``told`` is then called with the words that the recognizers cannot hear.
        """
        self._next = lambda: told(self.use(grammar, answers, others))

    def begin(self) -> None:
        """Begin a new stream, at position 0, waiting for the wake word."""
        self._chunks = 0
        self._decision.open()
        self.wait_for_wake()

    def listen(self, domain: str = DEFAULT) -> None:
        """Open the microphone for a command now."""
        self._hearing.switch(domain)
        self._open(after_wake=False)

    def stay_woken(self, domain: str = DEFAULT) -> None:
        """Go on with the command after a wake word; open the microphone if something shut it."""
        if self.mode is not Mode.COMMAND:
            self.listen(domain)

    def listen_for_answer(self, domain: str = DEFAULT) -> None:
        """Open the microphone now for an answer to a question, or a command."""
        self._hearing.switch(domain, answers=True)
        self._open(after_wake=False)

    def wait_for_wake(self) -> None:
        """Listen for the wake word; what was heard so far cannot be one."""
        self._command = None
        self._scored_after = 0
        self._before.clear()
        if self._wake is not None:
            self._wake.reset()
        self.mode = Mode.WAKE

    def wait_for_stop(self, domain: str = DEFAULT) -> None:
        """Listen for "stop", in the language of the domain, and for a sure wake word.

        The assistant itself speaks.
        """
        self._command = None
        self._before.clear()
        self._hearing.switch(domain)
        self._hearing.recognizer.start_stop_word()
        self.mode = Mode.STOP

    def feed(self, chunk: Samples) -> Iterator[Event]:
        """Take the next chunk; yields what happens in it, as it happens.

        The chunk has been heard once the iterator has ended: the end of speech is told before the
        recognizer has its last word, which takes a moment.
        """
        self._chunks += 1
        if self.mode is Mode.WAKE:
            self._hearing.switch(DEFAULT)
            if self._next is not None:
                take, self._next = self._next, None
                take()
            yield from self._feed_wake(chunk)
            return
        if self.mode is Mode.STOP:
            yield from self._feed_stop(chunk)
            return
        yield self._chunk_heard(chunk, self._scores_after(chunk))
        self._decision.elapse(CHUNK_SECONDS)
        if self._command is not None:
            yield from self._feed_command(self._command, chunk)

    def finish(self) -> Iterator[Event]:
        """End the stream: a command under way ends here."""
        command = self._command
        if command is None:
            return
        if command.endpointer.started:
            yield from self._end(command, cut_off=False)
        else:
            self.wait_for_wake()
            yield NothingHeard()

    def _feed_wake(self, chunk: Samples, *, speaking: bool = False) -> Iterator[Event]:
        self._before.append(chunk)
        scores = self._wake.scores(chunk) if self._wake is not None else {}
        yield self._chunk_heard(chunk, scores)
        detection = self._decision.step(scores, speaking=speaking)
        if detection is not None:
            yield from self._take_word(*detection)

    def _scores_after(self, chunk: Samples) -> Mapping[str, float]:
        if self._wake is None or not self._scored_after:
            return {}
        self._scored_after -= 1
        return self._wake.scores(chunk)

    @staticmethod
    def _chunk_heard(chunk: Samples, scores: Mapping[str, float]) -> ChunkHeard:
        return ChunkHeard(level_dbfs(chunk), max(scores.values(), default=0.0), scores)

    def _feed_stop(self, chunk: Samples) -> Iterator[Event]:
        yield from self._feed_wake(chunk, speaking=True)
        if self.mode is Mode.STOP and self._hearing.recognizer.hears_stop(chunk):
            yield StopHeard()

    def _take_word(self, name: str, score: float) -> Iterator[Event]:
        """Open the microphone for what the word opens; or it was all there is to say."""
        word = self._words[name]
        wake = Wake(name, score, self.position_seconds, word.domain, word.command)
        if self._verifier is not None:
            sound = np.concatenate(self._before)[-seconds_to_samples(VOICE_SECONDS) :]
            voice_score = self._verifier.score(sound)
            if voice_score < self._voice_threshold:
                yield WakeRefused(wake, voice_score)
                return
        if word.command:
            self.wait_for_wake()
            yield WakeDetected(wake)
            yield Transcribed(Transcript(word.command, 1.0), 0.0)
            return
        self._hearing.switch(word.domain)
        self._open(after_wake=True)
        self._scored_after = SCORED_AFTER_CHUNKS
        yield WakeDetected(wake)

    def _open(self, *, after_wake: bool) -> None:
        kept = np.concatenate(self._before) if after_wake else None
        self._before.clear()
        step_seconds = self._vad.step_seconds
        endpointer = Endpointer(self._endpointing, step_seconds, after_wake=after_wake)
        self._command = _Command(endpointer, kept)
        self._vad.reset()
        if kept is not None:  # it needs to hear that somebody was speaking; whole steps leave none
            self._vad.probabilities(kept[-seconds_to_samples(2 * step_seconds) :])
        self.mode = Mode.COMMAND

    def _feed_command(self, command: _Command, chunk: Samples) -> Iterator[Event]:
        command.chunks.append(chunk)
        if command.endpointer.hear(self._vad.probabilities(chunk)):
            yield SpeechStarted(self.position_seconds)
            command.begin = self._begin_of(command)
            samples = command.samples()
            self._hearing.recognizer.start(samples[: command.begin])
            yield from self._hear(command, samples[command.begin :])
        elif command.endpointer.started:
            yield from self._hear(command, chunk)
        if command.endpointer.started:
            self._hear_pause(command)
        decision = command.endpointer.decide(command.sentence, command.confidence)
        if decision in {Endpoint.ENDED, Endpoint.TOO_LONG}:
            yield from self._end(command, cut_off=decision is Endpoint.TOO_LONG)
        elif decision is Endpoint.NOTHING:
            self.wait_for_wake()
            yield NothingHeard()

    def _hear(self, command: _Command, samples: Samples) -> Iterator[Event]:
        """Feed the recognizer; an event when the partial transcript has changed."""
        text = self._hearing.without_wake_word(self._hearing.recognizer.feed(samples))
        if text != command.text:
            command.text = text
            command.changed_seconds = self.position_seconds
            yield PartialTranscript(text)

    def _hear_pause(self, command: _Command) -> None:
        """In each pause, hear once more all of the command so far: it may have been all of it."""
        endpointer = command.endpointer
        if not endpointer.silent_for(PAUSE_SECONDS):
            command.sentence = PrefixStatus.BEGINNING
            return
        if endpointer.speech_ended_seconds != command.paused_seconds:
            command.paused_seconds = endpointer.speech_ended_seconds
            command.heard = self._hearing.recognizer.prepare(self._utterance(command))
        heard = command.heard
        if heard is None:
            same_seconds = self.position_seconds - command.changed_seconds
            heard = Transcript(command.text, 1.0 if same_seconds >= STABLE_SECONDS else 0.0)
        command.confidence = heard.confidence
        command.sentence = self._hearing.status(self._hearing.without_wake_word(heard.text))

    def _utterance(self, command: _Command) -> Samples:
        """The command so far, with a little of the silence around it."""
        end_seconds = command.endpointer.speech_ended_seconds + PAUSE_SECONDS
        end = command.kept_samples + seconds_to_samples(end_seconds)
        return command.samples()[command.begin : end]

    def _begin_of(self, command: _Command) -> int:
        """Where the command begins, in samples from the start of what was kept."""
        kept, endpointer = command.kept_samples, command.endpointer
        if endpointer.in_one_breath:
            return max(0, kept - seconds_to_samples(ONE_BREATH_SECONDS))
        onset = endpointer.speech_began_seconds - self._endpointing.margin_seconds
        return max(0, kept + seconds_to_samples(onset))

    def _end(self, command: _Command, *, cut_off: bool) -> Iterator[Event]:
        silence = command.endpointer.silence_seconds
        if not command.endpointer.only_wake_word:
            yield SpeechEnded(self.position_seconds, silence, cut_off)
        began = time.perf_counter()
        heard = self._hearing.recognizer.finish(self._utterance(command))
        seconds = time.perf_counter() - began
        text, *others = map(self._hearing.without_wake_word, (heard.text, *heard.alternatives))
        if command.endpointer.only_wake_word:
            if not text:
                # The wake word trailed off longer than usual: the command is still to come.
                self._open(after_wake=False)
                return
            yield SpeechEnded(self.position_seconds, silence, cut_off)
        self.wait_for_wake()
        transcript = Transcript(text, heard.confidence if text else 0.0, tuple(others))
        yield Transcribed(transcript, seconds)


class _Command:
    """A command being heard: its chunks, with what was kept from before the wake word first.

    ``text`` is the partial transcript, the same since ``changed_seconds`` of the stream; ``heard``
    is what was heard once more in the pause that began at ``paused_seconds`` of the endpointer,
    ``sentence`` and ``confidence`` what that amounts to.
    """

    def __init__(self, endpointer: Endpointer, kept: Samples | None) -> None:
        self.endpointer = endpointer
        self.kept_samples = 0 if kept is None else len(kept)
        self.chunks: list[Samples] = [] if kept is None else [kept]
        self.begin = 0
        self.text = ""
        self.changed_seconds = 0.0
        self.paused_seconds = 0.0
        self.heard: Transcript | None = None
        self.sentence = PrefixStatus.BEGINNING
        self.confidence = 0.0

    def samples(self) -> Samples:
        """Everything kept so far, in one array."""
        return np.concatenate(self.chunks)
