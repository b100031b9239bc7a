"""A command being heard: its sound, and what that amounts to so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from assistant.audio.frames import seconds_to_samples
from assistant.recognizers.grammar import PrefixStatus

if TYPE_CHECKING:
    from assistant.audio.endpointing import Endpointer
    from assistant.audio.frames import Samples
    from assistant.turn import Transcript

# A command in one breath with the wake word is cut from the stream this long before the detection,
# which comes 0.05 to 0.35 s after the word's end: nothing of the command is lost, and what is left
# of the wake word is heard by the grammar's optional prefix.
ONE_BREATH_SECONDS = 1.2

# Silence after which the recognizer hears all of the command so far once more, and which is left
# at its end: less than ``final_silence_seconds``, so that the answer is ready by then. Three of
# Silero's steps.
PAUSE_SECONDS = 0.096


class SpokenCommand:
    """A command being heard: its chunks, with what was kept from before the wake word first.

    ``begin`` is where it begins, in samples from the start of what was kept. ``text`` is the
    partial transcript, the same since ``changed_seconds`` of the stream; ``heard`` is what was
    heard once more in the pause that began at ``paused_seconds`` of the endpointer, ``sentence``
    and ``confidence`` what that amounts to.
    """

    def __init__(self, endpointer: Endpointer, kept: Samples | None) -> None:
        self.endpointer = endpointer
        self._kept_samples = 0 if kept is None else len(kept)
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

    def utterance(self) -> Samples:
        """The command so far, with a little of the silence around it."""
        end_seconds = self.endpointer.speech_ended_seconds + PAUSE_SECONDS
        end = self._kept_samples + seconds_to_samples(end_seconds)
        return self.samples()[self.begin : end]

    def begin_samples(self, margin_seconds: float) -> int:
        """Where it begins, with a margin, in samples from the start of what was kept."""
        if self.endpointer.in_one_breath:
            return max(0, self._kept_samples - seconds_to_samples(ONE_BREATH_SECONDS))
        onset = self.endpointer.speech_began_seconds - margin_seconds
        return max(0, self._kept_samples + seconds_to_samples(onset))
