"""Whether a call is in the owner's voice: fewer false alarms, and fewer calls of others.

This is no proof of identity: a recording of the owner passes, and so do some other people. A
change of microphone or room, or a cold, can make the owner's own voice another one.
"""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

import numpy as np

from assistant.embedding.arrays import read_arrays
from assistant.errors import EngineError
from assistant.wake.background import Background, shipped_background
from assistant.wake.voice import FEATURES, Vector, voice_features

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from assistant.audio.frames import Samples

WHAT_IT_IS_NOT = (
    "It makes false alarms and calls of other people rarer. It is no proof of identity: a "
    "recording of you passes, and so do some people. Never let it guard a lock."
)
FORM = "assistant voice 1"
LEAST_RECORDINGS = 3
MAKE_IT = "Make it with: assistant wake enrol NAME FOLDER"


class Verifier:
    """The owner's voice, as rows of ``voice_features``, one for each recording."""

    def __init__(self, voice: Vector, background: Background | None = None) -> None:
        self._voice = voice
        self._background = background or shipped_background()

    @classmethod
    def enrol(cls, recordings: Sequence[Samples]) -> Verifier:
        """Learn the voice of these recordings. Raises EngineError when they are too few."""
        found = [one for one in map(voice_features, recordings) if one is not None]
        if len(found) < LEAST_RECORDINGS:
            raise EngineError(
                f"There is a voice in {len(found)} of {len(recordings)} recordings; "
                f"it takes {LEAST_RECORDINGS} at least.",
                "Record the wake word, or commands, a second or more each, as you would call.",
            )
        return cls(np.array(found))

    @property
    def recordings(self) -> int:
        """How many it was learnt from."""
        return len(self._voice)

    def score(self, samples: Samples) -> float:
        """How much the voice is like the owner's, 0..1; 0 where there is too little of a voice."""
        heard = voice_features(samples)
        return 0.0 if heard is None else self._background.score(self._voice, heard)

    def left_out_scores(self) -> list[float]:
        """Score each recording of the owner's as if only the others had been there."""
        return [
            self._background.score(np.delete(self._voice, at, axis=0), one)
            for at, one in enumerate(self._voice)
        ]

    def save(self, path: Path) -> None:
        """Write the voice, for this user only: it is personal. Raises OSError."""
        content = io.BytesIO()
        np.savez(content, form=np.array(FORM), voice=self._voice)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content.getvalue())
        part.replace(path)

    @classmethod
    def load(cls, path: Path) -> Verifier:
        """Read what ``save`` wrote. Raises EngineError for a file that is broken, or another."""
        try:
            arrays = read_arrays(path.read_bytes())
            form, voice = str(arrays["form"]), arrays["voice"]
        except OSError as error:
            raise EngineError(
                f"The voice {path} cannot be read ({error.strerror}).", MAKE_IT
            ) from error
        except (ValueError, KeyError) as error:
            raise EngineError(f"{path} is no voice, or is broken.", MAKE_IT) from error
        shaped = voice.ndim == 2 and voice.shape[0] > 0 and voice.shape[1] == FEATURES
        if form != FORM or voice.dtype != np.float64 or not shaped or not np.isfinite(voice).all():
            raise EngineError(f"{path} is no voice of this version of the assistant.", MAKE_IT)
        return cls(voice)
