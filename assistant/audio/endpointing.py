"""When a command begins and when it is over.

Pure: time is the length of the steps of voice activity, so a recording gives the same answer at any
speed.

A command may begin in the same breath as the wake word, which is detected a little after it was
spoken (0.05 to 0.35 s): speech that merely trails off after the detection is the wake word's own
end, so it counts only once it has lasted longer than that.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, auto

from assistant.config import EndpointingSettings
from assistant.recognizers.grammar import PrefixStatus

# Speech has to fall well under the threshold that began it: a plain one flickers within words.
HYSTERESIS = 0.15

# Voice activity stays high for a moment after the word, on top of the detection's own delay.
WAKE_TAIL_SECONDS = 0.32


# In a pause within a command its beginning is now and then mistaken for another, whole command: of
# 102 on the half 'dev' of scripts/benchmarks/spoken none with the first confidence. Below the
# second one a sentence would not be believed anyway (``recognizer.ask_confidence``).
SURE_CONFIDENCE = 0.5
UNSURE_CONFIDENCE = 0.15


class Endpoint(Enum):
    """What has been decided."""

    UNDECIDED = auto()
    ENDED = auto()
    TOO_LONG = auto()
    NOTHING = auto()


class Endpointer:
    """Follows one command. ``after_wake`` says that a wake word ended just before the first step.

    ``speech_began_seconds`` and ``speech_ended_seconds`` are positions on the clock of the steps
    given so far, each ``step_seconds`` long; ``in_one_breath`` tells that the command ran on from
    the wake word.
    """

    def __init__(
        self, settings: EndpointingSettings, step_seconds: float, *, after_wake: bool
    ) -> None:
        self._settings = settings
        self._step_seconds = step_seconds
        self._now_seconds = 0.0
        self._run_seconds = 0.0
        self._in_tail = after_wake
        self._speaking = False
        self.started = False
        self.in_one_breath = False
        self.speech_began_seconds = 0.0
        self.speech_ended_seconds = 0.0

    @property
    def silence_seconds(self) -> float:
        """How long nobody has spoken."""
        return self._now_seconds - self.speech_ended_seconds

    @property
    def only_wake_word(self) -> bool:
        """Whether all that was spoken may be no more than the end of the wake word."""
        spoken_seconds = self.speech_ended_seconds - self.speech_began_seconds
        return self.in_one_breath and spoken_seconds <= 2 * WAKE_TAIL_SECONDS

    def silent_for(self, seconds: float) -> bool:
        """Whether nobody has spoken for so long."""
        return self._lasts(self.silence_seconds, seconds)

    def hear(self, speech_probabilities: Iterable[float]) -> bool:
        """Take the next steps; true when the command began in them."""
        had_started = self.started
        for probability in speech_probabilities:
            self._step(probability)
        return self.started and not had_started

    def decide(self, sentence: PrefixStatus, confidence: float) -> Endpoint:
        """Say whether it is over, by what the words so far amount to, and how sure they are."""
        if not self.started:
            nobody = self._now_seconds >= self._settings.nothing_seconds and not self._speaking
            return Endpoint.NOTHING if nobody else Endpoint.UNDECIDED
        if self.silent_for(self.patience_seconds(sentence, confidence)):
            return Endpoint.ENDED
        if self._now_seconds - self.speech_began_seconds >= self._settings.maximum_seconds:
            return Endpoint.TOO_LONG
        return Endpoint.UNDECIDED

    def patience_seconds(self, sentence: PrefixStatus, confidence: float) -> float:
        """How long a silence ends the command: short once nothing can follow, long amid one."""
        settings = self._settings
        match sentence:
            case PrefixStatus.COMPLETE_FINAL if confidence >= SURE_CONFIDENCE:
                return settings.final_silence_seconds
            case PrefixStatus.COMPLETE_FINAL | PrefixStatus.COMPLETE:
                sure = confidence >= UNSURE_CONFIDENCE
                return settings.end_silence_seconds if sure else settings.unfinished_silence_seconds
            case PrefixStatus.BEGINNING:
                return settings.unfinished_silence_seconds
            case PrefixStatus.OUTSIDE:
                return settings.end_silence_seconds

    def _step(self, probability: float) -> None:
        self._now_seconds += self._step_seconds
        threshold = self._settings.speech_threshold - (HYSTERESIS if self._speaking else 0.0)
        self._speaking = probability >= threshold
        if self._speaking:
            self._run_seconds += self._step_seconds
            self.speech_ended_seconds = self._now_seconds
        else:
            self._run_seconds = 0.0
            self._in_tail = False
        needed = WAKE_TAIL_SECONDS if self._in_tail else 0.0
        needed = max(needed, self._settings.start_seconds)
        if not self.started and self._lasts(self._run_seconds, needed):
            self.started = True
            self.in_one_breath = self._in_tail
            self.speech_began_seconds = self._now_seconds - self._run_seconds

    def _lasts(self, seconds: float, needed_seconds: float) -> bool:
        """Whether so long is as long as needed, to the nearest step."""
        return seconds >= needed_seconds - self._step_seconds / 2
