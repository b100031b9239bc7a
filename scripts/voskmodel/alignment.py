"""Which sound is when: PocketSphinx's forced alignment, in frames of 10 ms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pocketsphinx

from scripts.voskmodel.phones import HEARD
from scripts.voskmodel.settings import SAMPLE_RATE
from scripts.voskmodel.speech import Signal

Labels: TypeAlias = npt.NDArray[np.uint8]

FRAMES_A_SECOND = 100
_SOUND = {phone: number for number, phone in enumerate(HEARD)}


class Aligner:
    """Aligns words with what was said."""

    def __init__(self) -> None:
        # Beams far wider than those it listens with: what is said is known, only where is not.
        self._decoder: Any = pocketsphinx.Decoder(
            loglevel="FATAL", lm=None, beam=1e-80, wbeam=1e-60, pbeam=1e-80, bestpath=False
        )

    def align(self, words: Sequence[str], signal: Signal) -> Labels | None:
        """The sound of each frame; None where the words do not fit."""
        # Digital silence has no logarithm: a little noise is laid under it.
        noise = np.random.default_rng(0).standard_normal(len(signal)) * 2
        samples = np.rint(signal + noise).astype(np.int16).tobytes()
        self._decoder.set_align_text(" ".join(words))
        self._decode(samples)
        if self._decoder.hyp() is None:
            return None
        self._decoder.set_alignment()
        self._decode(samples)
        labels = np.zeros(len(signal) * FRAMES_A_SECOND // SAMPLE_RATE + 1, dtype=np.uint8)
        for word in self._decoder.get_alignment():
            for phone in word:
                span = slice(phone.start, phone.start + phone.duration)
                labels[span] = _SOUND.get(phone.name, 0)  # fillers are silence
        return labels

    def _decode(self, samples: bytes) -> None:
        self._decoder.start_utt()
        self._decoder.process_raw(samples, full_utt=True)
        self._decoder.end_utt()
