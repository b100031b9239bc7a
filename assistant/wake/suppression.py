"""Mel frames with the noise of the last seconds taken away: spectral subtraction.

The same sound seen twice, as it is and without the noise, tells a wake word from what noise makes
look like one (``docs/architecture.md`` has the figures). The settings were chosen on half of the
recordings of "alexa" in kitchen noise, and matter little: subtracting once or one and a half times,
a percentile of 10 to 30.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from assistant.embedding.features import Floats

PERCENTILE = 0.2
"""Of a bin's powers over time, so many are taken to be of noise alone."""
FLOOR = 0.1
"""Of each power so much is left, however strong the noise is."""


def suppress(frames: Floats, past: Floats) -> Floats:
    """Subtract from mel frames the noise of ``past``; each is frames x bins, as for embeddings.

    Their values are log10 of power plus 2.
    """
    rank = int(PERCENTILE * (len(past) - 1))
    noise = np.partition(past, rank, axis=0)[rank]
    power = 10.0 ** (frames - 2.0)
    clean = np.maximum(power - 10.0 ** (noise - 2.0), FLOOR * power)
    result: Floats = np.log10(clean).astype(np.float32) + np.float32(2.0)
    return result
