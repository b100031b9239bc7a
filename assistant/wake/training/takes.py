"""Recording the word with the person at the terminal: take by take, each judged at once.

Time passes by the chunks of the source, so nothing here waits for a clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.audio.frames import CHUNK_SECONDS, SAMPLE_RATE, Samples, level_dbfs
from assistant.errors import DeviceError, EngineError
from assistant.wake.training.ending import UnusableError, find_word

if TYPE_CHECKING:
    from assistant.ports import AudioSource

COUNTDOWN_SECONDS = 3.0
TAKE_SECONDS = 2.8
MOST_TRIES = 3
"""Of a take, on average; with more failed ones it is the microphone that needs looking after."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What is to be shown: the take (from 1), seconds until it begins or ends, and the level."""

    number: int
    recording: bool
    seconds_left: float
    level_dbfs: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a take: '' when it is kept, else what is wrong with it."""

    number: int
    reason: str


Show = Callable[[Moment | Verdict], None]


def record_takes(source: AudioSource, count: int, folder: Path, show: Show) -> list[Path]:
    """Record ``count`` usable takes into a folder of the person's own.

    Raises DeviceError when the microphone is lost, and EngineError when too many takes fail.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    kept: list[Path] = []
    reason = ""
    for _ in range(MOST_TRIES * count):
        number = len(kept) + 1
        for moment in _listened(source, number, COUNTDOWN_SECONDS, recording=False):
            show(moment[0])
        chunks: list[Samples] = []
        for moment in _listened(source, number, TAKE_SECONDS, recording=True):
            show(moment[0])
            chunks.append(moment[1])
        samples = np.concatenate(chunks)
        try:
            find_word(samples)
        except UnusableError as error:
            reason = str(error)
            show(Verdict(number, reason))
            continue
        kept.append(_written(samples, folder / f"{number:02}.wav"))
        show(Verdict(number, ""))
        if len(kept) == count:
            return kept
    raise EngineError(
        f"Of {MOST_TRIES * count} takes only {len(kept)} can be used: the last one {reason}.",
        "Look at the microphone with: assistant run; its level should reach -30 dBFS.",
    )


def _listened(
    source: AudioSource, number: int, seconds: float, *, recording: bool
) -> Iterator[tuple[Moment, Samples]]:
    chunks = round(seconds / CHUNK_SECONDS)
    for left in range(chunks, 0, -1):
        chunk = source.read()
        if chunk is None:
            raise DeviceError(f"The microphone '{source.name}' has ended.", "Start again.")
        yield Moment(number, recording, left * CHUNK_SECONDS, level_dbfs(chunk)), chunk


def _written(samples: Samples, path: Path) -> Path:
    import soundfile  # noqa: PLC0415 - needed only here

    try:
        soundfile.write(path, samples, SAMPLE_RATE)
    except (OSError, soundfile.LibsndfileError) as error:
        raise EngineError(f"The recording {path} cannot be written: {error}.") from error
    return path
