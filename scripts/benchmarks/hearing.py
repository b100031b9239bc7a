"""Hears clips, in several processes: what each recognizer made of each, one by one.

To try a variant, make other ``Ears`` and compare what ``hear_all`` returns, on the half 'dev'::

    variant = partial(PocketSphinxRecognizer, ...)
    ears = Ears("variant", variant, partial(coffee.understanding, data))
    heard = hear_all(ears, coffee.commands(data, "dev"), data, jobs=2)

What a run has written with ``--dump`` is there again with ``read``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO, Any

from assistant.config import Settings
from assistant.dialogue.understanding import Understanding
from assistant.measuring.listening import Listener, same
from assistant.ports import Recognizer
from assistant.recognizers.pocketsphinx import PocketSphinxRecognizer
from assistant.recognizers.vosk import VoskRecognizer
from assistant.recognizing import build_recognizer
from assistant.turn import Match
from scripts.benchmarks import coffee, stock
from scripts.benchmarks.coffee import SPOKEN, Clip, Label
from scripts.benchmarks.progress import track
from scripts.benchmarks.workers import workers


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
        of_clip = {
            "kind": self.clip.kind,
            "decibels": self.clip.decibels,
            "kept": self.clip.kept,
            "words": self.clip.words,
        }
        return of_clip | {"meant": meant} | fields


class ClipListener:
    """Hears clips; made once in each process."""

    def __init__(self, ears: Ears, data: Path) -> None:
        understanding = ears.make_understanding()
        self._data = data
        self._listener = Listener(understanding, ears.make_recognizer(), Settings())
        self.grammar = self._listener.grammar
        self.unknown = tuple(one.word for one in self._listener.unknown)

    def hear(self, clip: Clip) -> Heard:
        """Put one clip through the pipeline."""
        hearing = self._listener.hear(coffee.samples_of(clip, self._data))
        transcript, match = hearing.transcript, next(iter(hearing.matches), None)
        return Heard(
            clip,
            transcript.text,
            transcript.confidence,
            transcript.alternatives,
            match is not None,
            self._right(clip, hearing.matches),
            match.intent if match is not None else None,
            match.plain_values() if match is not None else {},
            hearing.cpu_seconds,
            hearing.audio_seconds,
        )

    def means(self, clip: Clip, text: str) -> bool:
        """Whether a text is what was meant by a clip."""
        return bool(text) and self._right(clip, self._listener.meaning(text))

    def _right(self, clip: Clip, matches: tuple[Match, ...]) -> bool:
        if not matches or (clip.label is None and clip.kind != SPOKEN):
            return False
        if clip.label is None:
            return same(matches, self._listener.meaning(clip.words))
        return clip.label.fits(matches[0].intent, matches[0].values())


def engines(vosk_model: Path | None) -> dict[str, Callable[[], Recognizer]]:
    """What makes each recognizer there is, by name."""
    found: dict[str, Callable[[], Recognizer]] = {
        "PocketSphinx, and phones where it is not sure": partial(embedded, "auto", "auto"),
        "PocketSphinx": PocketSphinxRecognizer,
        "phones": partial(embedded, "phones", "none"),
    }
    if vosk_model is not None:
        found[f"Vosk, {vosk_model.name}"] = partial(VoskRecognizer, vosk_model)
    return found


def embedded(engine: str, second_opinion: str) -> Recognizer:
    """One that comes along; the usual one by 'auto'."""
    chosen = {"engine": engine, "second_opinion": second_opinion}
    return build_recognizer(Settings.model_validate({"recognizer": chosen}), stock.NO_FOLDERS)


def hear_all(ears: Ears, clips: Sequence[Clip], data: Path, jobs: int) -> list[Heard]:
    """Hear all clips, in their order. One job is this process."""
    if jobs == 1:
        listener = ClipListener(ears, data)
        return list(track(map(listener.hear, clips), ears.name, len(clips)))
    with workers(jobs, _load, ears, data) as pool:
        return list(track(pool.map(_hear, clips, chunksize=4), ears.name, len(clips)))


def write(file: IO[str], ears: Ears, heard: Iterable[Heard]) -> None:
    """Append what was heard, a line of JSON each."""
    for one in heard:
        file.write(json.dumps({"ears": ears.name} | one.plain()) + "\n")


def read(path: Path) -> dict[str, list[Heard]]:
    """Read what ``write`` has written, by the name of the ears."""
    found: dict[str, list[Heard]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = json.loads(line)
        meant = fields.pop("meant")
        label = Label(meant["intent"], tuple(meant["slots"].items())) if meant else None
        of_clip = {name: fields.pop(name) for name in ("kind", "decibels", "kept", "words")}
        clip = Clip(Path(fields.pop("clip")), label, **of_clip)
        alternatives = tuple(fields.pop("alternatives"))
        ears = fields.pop("ears")
        found.setdefault(ears, []).append(Heard(clip, alternatives=alternatives, **fields))
    return found


def spread(clips: Sequence[Clip], most: int | None) -> list[Clip]:
    """So many of them, evenly from the first to the last."""
    if most is None or len(clips) <= most:
        return list(clips)
    return [clips[index * len(clips) // most] for index in range(most)]


def in_noise(clips: Sequence[Clip], decibels: Iterable[int]) -> Iterator[Clip]:
    """The same clips in each noise."""
    for noise in decibels:
        yield from (replace(clip, decibels=noise) for clip in clips)


_listener: list[ClipListener] = []  # of this process: what a pool's initializer leaves to its jobs


def _load(ears: Ears, data: Path) -> None:
    _listener[:] = [ClipListener(ears, data)]


def _hear(clip: Clip) -> Heard:
    return _listener[0].hear(clip)
