"""Sounds at several microphones at once, for tests: real threads that hear in step."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

import numpy as np

from assistant.audio.frames import CHUNK_SECONDS, Samples
from assistant.errors import RecordingError
from tests.recordings import in_chunks, silence

PATIENCE_SECONDS = 60.0


class InStep:
    """Sources that give their chunks at the same time, however long each is heard.

    Those named in ``lost`` fail at the end of theirs, as a damaged recording does. ``now`` is the
    time that they have in common.
    """

    def __init__(self, sounds: Mapping[str, Sequence[Samples]], lost: Sequence[str] = ()) -> None:
        self.step = threading.Condition()
        self.sources = {
            name: _Source(self, name, chunks, lost=name in lost) for name, chunks in sounds.items()
        }

    def now(self) -> float:
        """How much all of them have given, in seconds."""
        return max(source.given for source in self.sources.values()) * CHUNK_SECONDS


class _Source:
    is_device = False

    def __init__(self, house: InStep, name: str, chunks: Sequence[Samples], *, lost: bool) -> None:
        self.name = f"the microphone of the {name}"
        self.given = 0
        self.over = False
        self._house = house
        self._chunks = list(chunks)
        self._lost = lost

    def read(self) -> Samples | None:
        with self._house.step:
            self.over = not self._chunks
            self.given += not self.over
            self._house.step.notify_all()
            if self.over:
                if self._lost:
                    raise RecordingError(f"{self.name} is gone.")
                return None
            assert self._house.step.wait_for(self._others_have_come, PATIENCE_SECONDS)
        return self._chunks.pop(0)

    def close(self) -> None:
        with self._house.step:
            self.over = True
            self._house.step.notify_all()

    def _others_have_come(self) -> bool:
        others = self._house.sources.values()
        return all(one.over or one.given >= self.given for one in others)


def from_afar(chunks: Sequence[Samples]) -> list[Samples]:
    """The same in the next room: soft, in the noise of that."""
    samples = np.concatenate(chunks)
    noise = np.random.default_rng(1).normal(0.0, 30.0, len(samples))
    return in_chunks((samples / 16 + noise).astype(np.int16))


def of_equal_length(sounds: Mapping[str, Sequence[Samples]]) -> dict[str, list[Samples]]:
    """The same with silence after the shorter ones."""
    longest = max(map(len, sounds.values()))
    rest = {name: CHUNK_SECONDS * (longest - len(chunks)) for name, chunks in sounds.items()}
    return {name: [*chunks, *silence(rest[name])] for name, chunks in sounds.items()}
