"""What is said in the negative set: everyday sentences, and dictionary words put in a row."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from assistant.recognizers.dictionary import packaged_dictionary

ROOT = Path(__file__).resolve().parents[2]
EVERYDAY = (
    ROOT / "scripts" / "benchmarks" / "everyday.txt",
    ROOT / "assistant" / "measuring" / "everyday" / "en.txt",
)
EVERYDAY_SHARE = 0.25
COMMON_SHARE = 0.4
"""Of the words in a row: those of everyday sentences, which are what people mostly say."""


def sentences(count: int, random: np.random.Generator) -> list[str]:
    """So many texts, a few of the everyday sentences more than once."""
    everyday = [line for path in EVERYDAY for line in path.read_text(encoding="utf-8").splitlines()]
    common = sorted({word for line in everyday for word in line.split()})
    words = dictionary_words()
    texts = []
    for _ in range(count):
        if random.random() < EVERYDAY_SHARE:
            texts.append(everyday[random.integers(len(everyday))])
        else:
            row = [
                (common if random.random() < COMMON_SHARE else words)
                for _ in range(random.integers(2, 8))
            ]
            texts.append(" ".join(some[random.integers(len(some))] for some in row))
    return texts


def dictionary_words() -> list[str]:
    """Every word of letters in the dictionary, sorted."""
    words = {word for word, _ in packaged_dictionary().entries()}
    return sorted(word for word in words if word.isascii() and word.isalpha() and len(word) > 2)
