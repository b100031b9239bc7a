"""Hears one sentence after the other, each as ``assistant hear --no-wake`` does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from assistant import clock
from assistant.audio.frames import SAMPLE_RATE, Samples
from assistant.audio.resampling import ChunkBuffer
from assistant.cli.talk import WHOLE_RECORDING
from assistant.config import EndpointingSettings, Settings
from assistant.dialogue.understanding import Understanding
from assistant.engines import spoken_grammar
from assistant.events import Understood
from assistant.local import hear_recording
from assistant.pipelines import build_pipeline
from assistant.ports import Grammar, Recognizer
from assistant.turn import Match, Transcript
from assistant.values import SlotValue


class ClipSource:
    """Samples as a source of chunks, the last one filled up with zeros."""

    is_device = False

    def __init__(self, name: str, samples: Samples) -> None:
        self.name = name
        self._chunks = ChunkBuffer(SAMPLE_RATE)
        self._chunks.feed(samples[:, None].astype(np.float32) / np.float32(32768), last=True)

    def read(self) -> Samples | None:
        """Give the next chunk."""
        chunk = self._chunks.take()
        return self._chunks.take_rest() if chunk is None else chunk

    def close(self) -> None:
        """Nothing is open."""


@dataclass(frozen=True)
class Hearing:
    """What was heard, whatever the confidence; no ``matches``: no sentence of the grammar."""

    transcript: Transcript
    matches: tuple[Match, ...]
    cpu_seconds: float
    audio_seconds: float


class Listener:
    """A recognizer that listens for everything that can be said, and what its words mean.

    Time stands still in it, so that "in an hour" always means the same.
    """

    def __init__(
        self, understanding: Understanding, recognizer: Recognizer, settings: Settings
    ) -> None:
        now = clock.now()
        self._understanding = replace(
            understanding, act_confidence=0.0, ask_confidence=0.0, now=_always(now)
        )
        self.grammar: Grammar = spoken_grammar(understanding)
        whole = EndpointingSettings(**settings.endpointing.model_dump() | WHOLE_RECORDING)
        self._pipeline = build_pipeline(settings, recognizer, wake=False, endpointing=whole)
        self.unknown = tuple(self._pipeline.use(self.grammar))

    def hear(self, samples: Samples) -> Hearing:
        """Put one sentence through the pipeline."""
        source = ClipSource("clip", samples)
        [(record, transcript)] = hear_recording(self._pipeline, source, wake=False)
        transcript = transcript or Transcript("", 0.0)
        took = record.timings_seconds
        return Hearing(transcript, self._matches(transcript), took["cpu"], took["audio"])

    def meaning(self, text: str) -> tuple[Match, ...]:
        """What a text means; nothing, where it is no sentence."""
        return self._matches(Transcript(text, 1.0))

    def _matches(self, transcript: Transcript) -> tuple[Match, ...]:
        event = self._understanding.understand(transcript)
        return event.matches if isinstance(event, Understood) else ()


def same(one: tuple[Match, ...], other: tuple[Match, ...]) -> bool:
    """Whether the same is done for both: the same intents with the same slots."""
    return _done(one) == _done(other)


def _done(matches: tuple[Match, ...]) -> list[tuple[str, dict[str, SlotValue]]]:
    return [(match.intent, match.values()) for match in matches]


def _always(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment
