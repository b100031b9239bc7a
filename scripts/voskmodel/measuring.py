"""Word errors of a model, heard with Vosk itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import vosk

from scripts.voskmodel.sentences import Words, make_up
from scripts.voskmodel.settings import SAMPLE_RATE
from scripts.voskmodel.speech import Cast, Signal, speak


@dataclass(frozen=True)
class Errors:
    """Words that were said, errors in what was heard, and sentences without any."""

    words: int
    errors: int
    right: int
    sentences: int

    @property
    def rate(self) -> float:
        """The word error rate."""
        return self.errors / self.words

    def __str__(self) -> str:
        return f"word error rate {self.rate:.1%}, {self.right} of {self.sentences} sentences right"


def held_out(cast: Cast, count: int, seed: int) -> Iterator[tuple[Words, Signal]]:
    """Commands of voices that were not trained with."""
    for index in range(count):
        random = np.random.default_rng([seed, 2, index])
        words = make_up("command", random)
        yield words, speak(" ".join(words), cast, random)


def measure(folder: Path, said: Iterable[tuple[Sequence[str], Signal]]) -> Errors:
    """Have the model hear sentences with its own graph, any word after any other."""
    vosk.SetLogLevel(-1)
    model = vosk.Model(model_path=str(folder))
    words = errors = right = sentences = 0
    for expected, signal in said:
        recognizer = vosk.KaldiRecognizer(model, SAMPLE_RATE)
        recognizer.AcceptWaveform(np.rint(signal).astype(np.int16).tobytes())
        wrong = distance(expected, json.loads(recognizer.FinalResult())["text"].split())
        words, errors = words + len(expected), errors + wrong
        right, sentences = right + (wrong == 0), sentences + 1
    return Errors(words, errors, right, sentences)


def distance(expected: Sequence[str], heard: Sequence[str]) -> int:
    """How many words are wrong, missing or too many (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for number, word in enumerate(expected, start=1):
        diagonal, row[0] = row[0], number
        for column, other in enumerate(heard, start=1):
            best = min(row[column] + 1, row[column - 1] + 1, diagonal + (word != other))
            diagonal, row[column] = row[column], best
    return row[-1]
