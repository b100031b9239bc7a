"""Recordings of a word from a folder: those that can be used, and a sentence for each other one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.audio.files import chunks_of
from assistant.audio.frames import CHUNK_SECONDS, Samples
from assistant.errors import DeviceError, EngineError
from assistant.wake.training.ending import UnusableError, find_word
from assistant.wake.training.examples import Said
from assistant.wake.training.material import signal_of

SOUNDS = (".wav", ".flac", ".ogg")
LONGEST_SECONDS = 30.0
"""A longer recording is not one word; it is not even read to its end."""


@dataclass(frozen=True, slots=True)
class Recordings:
    """What can be used, and why the rest cannot."""

    said: list[Said]
    left_out: list[str]


def find_recordings(folder: Path) -> list[Path]:
    """Every recording in a folder and those below it. Raises EngineError where there is none."""
    if not folder.is_dir():
        raise EngineError(f"There is no folder {folder}.", "Name the folder of your recordings.")
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SOUNDS)
    if not paths:
        raise EngineError(
            f"There are no recordings in {folder}.",
            "Put WAV, FLAC or OGG files there, the word once in each; or leave out --recordings.",
        )
    return paths


def read_recordings(paths: Iterable[Path]) -> Recordings:
    """Read recordings, one word each, and find the word in them."""
    said, left_out = [], []
    for path in paths:
        try:
            samples = read_sound(path, LONGEST_SECONDS)
            said.append(Said(signal_of(samples), find_word(samples)))
        except UnusableError as reason:
            left_out.append(f"{path} {reason}.")
        except DeviceError as error:
            left_out.append(error.message)
    return Recordings(said, left_out)


def read_sound(path: Path, longest_seconds: float | None = None) -> Samples:
    """Read a recording of any rate. Raises DeviceError, and UnusableError for a longer one."""
    chunks: list[Samples] = []
    for chunk in chunks_of(path):
        chunks.append(chunk)
        if longest_seconds is not None and len(chunks) * CHUNK_SECONDS > longest_seconds:
            raise UnusableError(f"is longer than {longest_seconds:.0f} s")
    return np.concatenate([np.zeros(0, np.int16), *chunks])
