"""Speech for tests, made on the spot."""

from __future__ import annotations

import numpy as np

from assistant.audio.frames import Samples
from assistant.measuring.voices import Voice, speak

SLT = Voice("flite", "slt")


def say(text: str, voice: Voice = SLT) -> Samples:
    """A sentence in a quiet room."""
    return speak(text, voice, np.random.default_rng(1))
