"""When a command begins and when it is over.

Pure: time is the length of the chunks, so a recording gives the same answer at any speed.

A command may begin in the same breath as the wake word, which is detected a little after it was
spoken (0.05 to 0.35 s): speech that merely trails off after the detection is the wake word's own
end, so it counts only once it has lasted longer than that.
"""

from __future__ import annotations

from enum import Enum, auto

from assistant.audio.frames import CHUNK_SECONDS
from assistant.config import EndpointingSettings
from assistant.recognizers.grammar import PrefixStatus

# Speech has to fall well under the threshold that began it: a plain one flickers within words.
HYSTERESIS = 0.15

# Voice activity stays high for a chunk or two after the word, on top of the detection's own delay.
WAKE_TAIL_SECONDS = 0.32


class Endpoint(Enum):
    """What a chunk decided."""

    UNDECIDED = auto()
    STARTED = auto()
    ENDED = auto()
    TOO_LONG = auto()
    NOTHING = auto()


class Endpointer:
    """Follows one command. ``after_wake`` says that a wake word ended just before the first chunk.

    ``speech_began_seconds`` and ``speech_ended_seconds`` are positions on the clock of the chunks
    given so far; ``in_one_breath`` tells that the command ran on from the wake word.
    """

    def __init__(self, settings: EndpointingSettings, *, after_wake: bool) -> None:
        self._settings = settings
        self._now_seconds = 0.0
        self._run_seconds = 0.0
        self._in_tail = after_wake
        self._speaking = False
        self._started = False
        self.in_one_breath = False
        self.speech_began_seconds = 0.0
        self.speech_ended_seconds = 0.0

    @property
    def started(self) -> bool:
        """Whether a command has begun."""
        return self._started

    @property
    def silence_seconds(self) -> float:
        """How long nobody has spoken."""
        return self._now_seconds - self.speech_ended_seconds

    @property
    def only_wake_word(self) -> bool:
        """Whether all that was spoken may be no more than the end of the wake word."""
        spoken_seconds = self.speech_ended_seconds - self.speech_began_seconds
        return self.in_one_breath and spoken_seconds <= 2 * WAKE_TAIL_SECONDS

    def step(self, speech_probability: float, sentence: PrefixStatus) -> Endpoint:
        """Take one chunk's speech probability, and what the words so far amount to."""
        self._now_seconds += CHUNK_SECONDS
        threshold = self._settings.speech_threshold - (HYSTERESIS if self._speaking else 0.0)
        self._speaking = speech_probability >= threshold
        if self._speaking:
            self._run_seconds += CHUNK_SECONDS
            self.speech_ended_seconds = self._now_seconds
        else:
            self._run_seconds = 0.0
            self._in_tail = False
        if not self._started:
            return self._before_speech()
        if self.silence_seconds >= self._patience_seconds(sentence) - CHUNK_SECONDS / 2:
            return Endpoint.ENDED
        if self._now_seconds - self.speech_began_seconds >= self._settings.maximum_seconds:
            return Endpoint.TOO_LONG
        return Endpoint.UNDECIDED

    def _before_speech(self) -> Endpoint:
        needed = WAKE_TAIL_SECONDS if self._in_tail else 0.0
        if self._run_seconds >= max(needed, self._settings.start_seconds) - CHUNK_SECONDS / 2:
            self._started = True
            self.in_one_breath = self._in_tail
            self.speech_began_seconds = self._now_seconds - self._run_seconds
            return Endpoint.STARTED
        if self._now_seconds >= self._settings.nothing_seconds and not self._speaking:
            return Endpoint.NOTHING
        return Endpoint.UNDECIDED

    def _patience_seconds(self, sentence: PrefixStatus) -> float:
        """How long a silence ends the command: short once nothing can follow, long amid one."""
        match sentence:
            case PrefixStatus.COMPLETE_FINAL:
                return self._settings.final_silence_seconds
            case PrefixStatus.COMPLETE:
                return self._settings.end_silence_seconds
            case PrefixStatus.BEGINNING | PrefixStatus.OUTSIDE:
                return self._settings.unfinished_silence_seconds
