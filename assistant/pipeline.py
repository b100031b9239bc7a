"""One listening pipeline: chunks in, events out. Each microphone has one.

``feed`` is a plain synchronous call for the one audio thread of a source; nothing in here knows the
time, so a recording runs as fast as the machine and gives the same events each time. Modes change
by themselves at a wake word and at the end of a command, else by a call from the same thread. The
recognizers are all microphones', and used by the one that has the floor (``floor``).
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
    WakeDropped,
    WakeRefused,
)
from assistant.recognizers.grammar import PrefixStatus
from assistant.spokencommand import PAUSE_SECONDS, SpokenCommand
from assistant.turn import Transcript, Wake
from assistant.wakewords import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assistant.audio.frames import Samples
    from assistant.config import AudioSettings, EndpointingSettings
    from assistant.floor import Floor
    from assistant.hearing import Grammars, Hearing
    from assistant.ports import (
        Grammar,
        SpeakerVerifier,
        StopListener,
        UnknownWord,
        VoiceActivity,
        WakeWord,
    )
    from assistant.wake.decision import WakeDecision
    from assistant.wakewords import WordSettings

# After a detection so much more is scored, for the eye only: the score goes on rising for some
# chunks, and how high it gets tells a false alarm from a word.
SCORED_AFTER_CHUNKS = 6

# The sound in which the owner's voice is looked for: the longest wake word, and the delay of its
# detection. What was said before it may be somebody else's.
VOICE_SECONDS = 1.2

# How loud the room is without the word: anybody who speaks pauses that often.
ROOM_SECONDS = 3.0

# A partial transcript lags behind the sound: it is believed once it has been the same for so long.
STABLE_SECONDS = 0.2


class Mode(StrEnum):
    """What the microphone is listened to for."""

    WAKE = "wake"
    COMMAND = "command"
    STOP = "stop"


class Pipeline:
    """Wake words, endpointing and recognizers over one stream of chunks.

    One of ``words`` opens the microphone for a domain, or is itself a command. How it is spoken
    ("hey jarvis") is heard, and dropped, when it begins a command. A word in whose sound the
    ``verifier`` scores below ``voice_threshold`` is refused. ``microphone`` is the name by which it
    asks for the ``floor``. Where the stream is ``echo_cancelled``, the wake word need not be surer
    than usual while the assistant speaks.
    """

    def __init__(
        self,
        *,
        wake: WakeWord | None,
        decision: WakeDecision,
        vad: VoiceActivity,
        floor: Floor,
        audio: AudioSettings,
        endpointing: EndpointingSettings,
        words: Sequence[WordSettings],
        verifier: SpeakerVerifier | None = None,
        voice_threshold: float = 0.0,
        microphone: str = "",
        echo_cancelled: bool = False,
    ) -> None:
        self.microphone = microphone
        self._echo_cancelled = echo_cancelled
        self._wake = wake
        self._decision = decision
        self._vad = vad
        self._words = {word.name: word for word in words}
        self.floor = floor
        self._endpointing = endpointing
        self._verifier = verifier
        self._voice_threshold = voice_threshold
        kept_seconds = max(audio.pre_roll_seconds, VOICE_SECONDS if verifier else 0.0)
        self._before: deque[Samples] = deque(maxlen=round(kept_seconds / CHUNK_SECONDS))
        self._levels: deque[float] = deque(maxlen=round(ROOM_SECONDS / CHUNK_SECONDS))
        self._chunks = 0
        self._scored_after = 0
        self._command: SpokenCommand | None = None
        self._stop: StopListener | None = None
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
        return self.floor.use({DEFAULT: (grammar, answers), **(others or {})})

    def begin(self) -> None:
        """Begin a new stream, at position 0, waiting for the wake word."""
        self._chunks = 0
        self._levels.clear()
        self._decision.open()
        self.wait_for_wake()

    def listen(self, domain: str = DEFAULT, seconds: float | None = None) -> None:
        """Open the microphone for a command now, unless another one has the floor.

        Only for so many ``seconds``, as nobody has called: nobody may say anything.
        """
        if self.floor.offer(self.microphone):
            self._open(domain, seconds=seconds)

    def stay_woken(self, domain: str = DEFAULT) -> None:
        """Go on with the command after a wake word; open the microphone if something shut it."""
        if self.mode is not Mode.COMMAND:
            self.listen(domain)

    def stand_by(self) -> None:
        """Wait for the wake word, as another microphone has the turn, if it still has.

        What was heard so far is not forgotten: it may be the word that opened that one, and be
        heard better here. If so, this one is open already, and the floor is its own.
        """
        if self.mode is Mode.STOP:
            self._stop = None
            self.mode = Mode.WAKE

    def listen_for_answer(self, domain: str = DEFAULT, grammar: Grammar | None = None) -> None:
        """Open the microphone now for an answer to a question, or a command, as ``listen`` does.

        With a ``grammar`` only what is in it is heard.
        """
        if self.floor.offer(self.microphone):
            self._open(domain, answers=True, instead=grammar)

    def wait_for_wake(self) -> None:
        """Listen for the wake word; what was heard so far cannot be one."""
        self._shut()
        self._scored_after = 0
        self._before.clear()
        if self._wake is not None:
            self._wake.reset()
        self.mode = Mode.WAKE

    def wait_for_stop(self, domain: str = DEFAULT) -> None:
        """Listen for "stop", in the language of the domain, and for a sure wake word.

        The assistant itself speaks.
        """
        self._shut()
        self._before.clear()
        self._stop = self.floor.listen_for_stop(domain)
        self.mode = Mode.STOP

    def feed(self, chunk: Samples) -> Iterator[Event]:
        """Take the next chunk; yields what happens in it, as it happens.

        The chunk has been heard once the iterator has ended: the end of speech is told before the
        recognizer has its last word, which takes a moment.
        """
        self._chunks += 1
        if self.mode is Mode.WAKE:
            self.floor.keep_ready()
            yield from self._feed_wake(chunk)
            return
        if self.mode is Mode.STOP:
            yield from self._feed_stop(chunk)
            return
        yield self._chunk_heard(chunk, self._scores_after(chunk))
        self._decision.elapse(CHUNK_SECONDS)
        with self.floor.recognizing(self.microphone) as hearing:
            if hearing is None or self._command is None:  # another microphone is listened to
                self.wait_for_wake()
            else:
                yield from self._feed_command(self._command, hearing, chunk)

    def finish(self) -> Iterator[Event]:
        """End the stream: a command under way ends here."""
        with self.floor.recognizing(self.microphone) as hearing:
            if hearing is not None and self._command is not None:
                if self._command.endpointer.started:
                    yield from self._end(self._command, hearing, cut_off=False)
                if self._command is not None:
                    yield NothingHeard()
        self.wait_for_wake()

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

    def _chunk_heard(self, chunk: Samples, scores: Mapping[str, float]) -> ChunkHeard:
        self._levels.append(level_dbfs(chunk))
        highest = max(scores.values(), default=0.0)
        return ChunkHeard(self._levels[-1], highest, scores, self.microphone)

    def _feed_stop(self, chunk: Samples) -> Iterator[Event]:
        yield from self._feed_wake(chunk, speaking=not self._echo_cancelled)
        if self._stop is not None and self._stop.hears(chunk):
            yield StopHeard(self.microphone)

    def _take_word(self, name: str, score: float) -> Iterator[Event]:
        """Open the microphone for what the word opens; or it was all there is to say."""
        word = self._words[name]
        wake = Wake(
            name,
            score,
            self.position_seconds,
            word.domain,
            word.command,
            self.microphone,
            self._snr_db(),
        )
        if self._verifier is not None:
            sound = np.concatenate(self._before)[-seconds_to_samples(VOICE_SECONDS) :]
            voice_score = self._verifier.score(sound)
            if voice_score < self._voice_threshold:
                yield WakeRefused(wake, voice_score)
                return
        dropped = self.floor.claim(wake)
        if dropped is not None:
            yield WakeDropped(dropped)
        if dropped is wake:
            return
        if word.command:
            self.wait_for_wake()
            yield WakeDetected(wake)
            yield Transcribed(Transcript(word.command, 1.0), 0.0)
            return
        self._open(word.domain, after_wake=True)
        self._scored_after = SCORED_AFTER_CHUNKS
        yield WakeDetected(wake)

    def _snr_db(self) -> float:
        """How far the word that has just ended stands out of the sound of the room."""
        levels = list(self._levels)
        of_word = levels[-round(VOICE_SECONDS / CHUNK_SECONDS) :]
        return max(of_word) - min(levels)

    def _open(
        self,
        domain: str,
        *,
        answers: bool = False,
        instead: Grammar | None = None,
        after_wake: bool = False,
        seconds: float | None = None,
    ) -> None:
        """Open the microphone for a command, of which some may have been said already."""
        with self.floor.recognizing(self.microphone) as hearing:
            if hearing is not None:
                hearing.switch(domain, answers=answers, instead=instead)
        self._begin_command(after_wake=after_wake, seconds=seconds)

    def _begin_command(self, *, after_wake: bool, seconds: float | None = None) -> None:
        kept = np.concatenate(self._before) if after_wake else None
        self._shut(leave=False)
        self._before.clear()
        step_seconds = self._vad.step_seconds
        patience = self._endpointing
        if seconds is not None:
            patience = patience.model_copy(update={"nothing_seconds": seconds})
        endpointer = Endpointer(patience, step_seconds, after_wake=after_wake)
        self._command = SpokenCommand(endpointer, kept)
        self._vad.reset()
        if kept is not None:  # it needs to hear that somebody was speaking; whole steps leave none
            self._vad.probabilities(kept[-seconds_to_samples(2 * step_seconds) :])
        self.mode = Mode.COMMAND

    def _shut(self, *, leave: bool = True) -> None:
        """Listen for nothing more of what was listened for."""
        self._command = None
        self._stop = None
        if leave:
            self.floor.leave(self.microphone)

    def _feed_command(
        self, command: SpokenCommand, hearing: Hearing, chunk: Samples
    ) -> Iterator[Event]:
        command.chunks.append(chunk)
        if command.endpointer.hear(self._vad.probabilities(chunk)):
            yield SpeechStarted(self.position_seconds)
            command.begin = command.begin_samples(self._endpointing.margin_seconds)
            samples = command.samples()
            hearing.recognizer.start(samples[: command.begin])
            yield from self._hear(command, hearing, samples[command.begin :])
        elif command.endpointer.started:
            yield from self._hear(command, hearing, chunk)
        if command.endpointer.started:
            self._hear_pause(command, hearing)
        decision = command.endpointer.decide(command.sentence, command.confidence)
        if decision in {Endpoint.ENDED, Endpoint.TOO_LONG}:
            yield from self._end(command, hearing, cut_off=decision is Endpoint.TOO_LONG)
        elif decision is Endpoint.NOTHING:
            self.wait_for_wake()
            yield NothingHeard()

    def _hear(self, command: SpokenCommand, hearing: Hearing, samples: Samples) -> Iterator[Event]:
        """Feed the recognizer; an event when the partial transcript has changed."""
        text = hearing.without_wake_word(hearing.recognizer.feed(samples))
        if text != command.text:
            command.text = text
            command.changed_seconds = self.position_seconds
            yield PartialTranscript(text)

    def _hear_pause(self, command: SpokenCommand, hearing: Hearing) -> None:
        """In each pause, hear once more all of the command so far: it may have been all of it."""
        endpointer = command.endpointer
        if not endpointer.silent_for(PAUSE_SECONDS):
            command.sentence = PrefixStatus.BEGINNING
            return
        if endpointer.speech_ended_seconds != command.paused_seconds:
            command.paused_seconds = endpointer.speech_ended_seconds
            command.heard = hearing.recognizer.prepare(command.utterance())
        heard = command.heard
        if heard is None:
            same_seconds = self.position_seconds - command.changed_seconds
            heard = Transcript(command.text, 1.0 if same_seconds >= STABLE_SECONDS else 0.0)
        command.confidence = heard.confidence
        command.sentence = hearing.status(hearing.without_wake_word(heard.text))

    def _end(self, command: SpokenCommand, hearing: Hearing, *, cut_off: bool) -> Iterator[Event]:
        if not self.floor.settle(self.microphone):
            return
        silence = command.endpointer.silence_seconds
        if not command.endpointer.only_wake_word:
            yield SpeechEnded(self.position_seconds, silence, cut_off)
        began = time.perf_counter()
        heard = hearing.recognizer.finish(command.utterance())
        seconds = time.perf_counter() - began
        text, *others = map(hearing.without_wake_word, (heard.text, *heard.alternatives))
        if command.endpointer.only_wake_word:
            if not text:
                # The wake word trailed off longer than usual: the command is still to come.
                self._begin_command(after_wake=False)
                return
            yield SpeechEnded(self.position_seconds, silence, cut_off)
        self.wait_for_wake()
        transcript = Transcript(text, heard.confidence if text else 0.0, tuple(others))
        yield Transcribed(transcript, seconds)
