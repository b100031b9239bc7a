"""How many phones a network mistakes, without a grammar."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from rapidfuzz.distance import Levenshtein

from assistant.recognizers.phones.network import BLANK, CTC, Floats, PhoneNetwork
from assistant.recognizers.phones.training.examples import Example

BLANK_BIAS = -2.0
"""Networks of this kind say the blank too often (see ``search``)."""


def error_rate(network: PhoneNetwork, examples: Sequence[Example]) -> float:
    """Return the edit distance to what was said, by the number of its phones."""
    wrong = sum(
        Levenshtein.distance(
            likeliest(network.posteriors(one.frames.astype(np.float32))), one.units
        )
        for one in examples
    )
    return wrong / sum(len(one.units) for one in examples)


def likeliest(posteriors: Floats) -> tuple[int, ...]:
    """The likeliest unit of each frame by CTC, each run of one taken once, without blanks."""
    biased = posteriors[:, CTC].copy()
    biased[:, BLANK] += BLANK_BIAS
    runs = (unit for unit, _ in groupby(map(int, biased.argmax(axis=1))))
    return tuple(unit for unit in runs if unit != BLANK)
