"""Speech made on the spot, for words that no recording has."""

from __future__ import annotations

import asyncio

import numpy as np
import soxr

from assistant.audio.frames import SAMPLE_RATE, Samples
from assistant.speech.synthesizers import EspeakSynthesizer


def say(text: str, voice: str = "en-us") -> Samples:
    """A sentence spoken by espeak-ng."""
    sound = asyncio.run(EspeakSynthesizer(voice).synthesize(text))
    samples = soxr.resample(sound.samples.astype(np.float32), sound.sample_rate, SAMPLE_RATE)
    limits = np.iinfo(np.int16)
    spoken: Samples = np.rint(samples).clip(limits.min, limits.max).astype(np.int16)
    return spoken
