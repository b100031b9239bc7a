"""Hears clips, in several processes: what each recognizer made of each, one by one.

To try a variant, make other ``Ears`` and compare what ``hear_all`` returns, on the half 'dev'::

    variant = partial(PocketSphinxRecognizer, ...)
    ears = Ears("variant", variant, partial(coffee.understanding, data))
    heard = hear_all(ears, coffee.commands(data, "dev"), data, jobs=2)
"""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any

from assistant.cli.talk import WHOLE_RECORDING
from assistant.config import EndpointingSettings, Settings
from assistant.dialogue.understanding import Understanding
from assistant.engines import build_pipeline, spoken_grammar
from assistant.events import Understood
from assistant.local import hear_recording
from assistant.ports import Grammar, Recognizer
from assistant.turn import Match
from scripts.benchmarks import coffee
from scripts.benchmarks.coffee import Clip, ClipSource
from scripts.benchmarks.progress import track


@dataclass(frozen=True)
class Ears:
    """A recognizer, and what it listens for. Both are made where they are used: in each process."""

    name: str
    make_recognizer: Callable[[], Recognizer]
    make_understanding: Callable[[], Understanding]


@dataclass(frozen=True)
class Heard:
    """What became of a clip.

    ``said`` tells that the words were a sentence of the grammar, whatever the confidence; ``right``
    that it was the one that was meant. ``intent`` and ``slots`` are what was understood.
    """

    clip: Clip
    text: str
    confidence: float
    alternatives: tuple[str, ...]
    said: bool
    right: bool
    intent: str | None
    slots: dict[str, Any]
    cpu_seconds: float
    audio_seconds: float

    def accepted(self, threshold: float) -> bool:
        """Whether it is acted on when so much confidence is asked for."""
        return self.said and self.confidence >= threshold

    def plain(self) -> dict[str, Any]:
        """As a line of JSON; the clip is told by its name, wherever it lies."""
        fields = asdict(self)
        fields["clip"] = self.clip.path.stem
        label = self.clip.label
        meant = {"intent": label.intent, "slots": dict(label.slots)} if label else None
        of_clip = {"kind": self.clip.kind, "decibels": self.clip.decibels, "kept": self.clip.kept}
        return of_clip | {"meant": meant} | fields


class Listener:
    """A pipeline that listens, and what its words mean; loaded once in each process."""

    def __init__(self, ears: Ears, data: Path) -> None:
        settings = Settings()
        self._data = data
        self._understanding = replace(ears.make_understanding(), minimum_confidence=0.0)
        self.grammar: Grammar = spoken_grammar(self._understanding)
        whole = EndpointingSettings(**settings.endpointing.model_dump() | WHOLE_RECORDING)
        recognizer = ears.make_recognizer()
        self._pipeline = build_pipeline(settings, recognizer, wake=False, endpointing=whole)
        self.unknown = tuple(one.word for one in self._pipeline.use(self.grammar))

    def hear(self, clip: Clip) -> Heard:
        """Put one clip through the pipeline, as ``assistant hear --no-wake`` does."""
        source = ClipSource(clip.path.name, coffee.samples_of(clip, self._data))
        [(record, transcript)] = hear_recording(self._pipeline, source, wake=False)
        event = self._understanding.understand(transcript) if transcript is not None else None
        match: Match | None = event.match if isinstance(event, Understood) else None
        label, timings = clip.label, record.timings_seconds
        return Heard(
            clip,
            transcript.text if transcript is not None else "",
            transcript.confidence if transcript is not None else 0.0,
            transcript.alternatives if transcript is not None else (),
            match is not None,
            match is not None and label is not None and label.fits(match.intent, match.values()),
            match.intent if match is not None else None,
            match.plain_values() if match is not None else {},
            timings["cpu"],
            timings["audio"],
        )


def hear_all(ears: Ears, clips: Sequence[Clip], data: Path, jobs: int) -> list[Heard]:
    """Hear all clips, in their order. One job is this process."""
    if jobs == 1:
        listener = Listener(ears, data)
        return list(track(map(listener.hear, clips), ears.name, len(clips)))
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, context, _load, (ears, data)) as pool:
        return list(track(pool.map(_hear, clips, chunksize=4), ears.name, len(clips)))


def write(file: IO[str], ears: Ears, heard: Iterable[Heard]) -> None:
    """Append what was heard, a line of JSON each."""
    for one in heard:
        file.write(json.dumps({"ears": ears.name} | one.plain()) + "\n")


def spread(clips: Sequence[Clip], most: int | None) -> list[Clip]:
    """So many of them, evenly from the first to the last."""
    if most is None or len(clips) <= most:
        return list(clips)
    return [clips[index * len(clips) // most] for index in range(most)]


def in_noise(clips: Sequence[Clip], decibels: Iterable[int]) -> Iterator[Clip]:
    """The same clips in each noise."""
    for noise in decibels:
        yield from (replace(clip, decibels=noise) for clip in clips)


_listener: list[Listener] = []  # of this process: what a pool's initializer leaves to its jobs


def _load(ears: Ears, data: Path) -> None:
    _listener[:] = [Listener(ears, data)]


def _hear(clip: Clip) -> Heard:
    return _listener[0].hear(clip)
