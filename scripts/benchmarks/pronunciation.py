"""``pronunciation``: how near to the dictionary words are guessed that it would not have."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.recognizers.dictionary import packaged_dictionary
from assistant.recognizers.espeak import guess_phones
from assistant.recognizers.pronunciation import Phones
from scripts.benchmarks.tables import Report, Share, Table, percent

WORDS = 4000
# The table of phones was decided on with the words of seed 1.
SEED = 2
_ENTRY = re.compile(r"([a-z][a-z']*[a-z])(?:\([0-9]+\))?")


@dataclass(frozen=True)
class Guessed:
    """A word, its guess, and the pronunciation of the dictionary that is nearest to it."""

    word: str
    guess: Phones
    nearest: Phones
    errors: int


def measure() -> Report:
    """Guess words of the dictionary, drawn at random."""
    dictionary = entries()
    words = random.Random(SEED).sample(sorted(dictionary), WORDS)
    began = time.perf_counter()
    guesses = guess_phones(words)
    seconds = time.perf_counter() - began
    guessed = [compare(word, guesses.get(word, ()), dictionary[word]) for word in words]
    errors, phones = sum(one.errors for one in guessed), sum(len(one.nearest) for one in guessed)
    right = Share(sum(one.errors == 0 for one in guessed), len(guessed))
    one_off = Share(sum(one.errors <= 1 for one in guessed), len(guessed))
    introduction = (
        f"{WORDS:,} words of PocketSphinx's dictionary, drawn at random, guessed by espeak-ng "
        f"(voice en-us) in {seconds:.1f} s, and compared with the nearest of their pronunciations "
        "there. Phone errors are phones to be inserted, left out or replaced, in per cent of those "
        "of the dictionary."
    )
    table = Table(
        ("", "of guesses"),
        (
            ("phone errors", percent(errors / phones)),
            ("words without an error", str(right)),
            ("words with one error or none", str(one_off)),
        ),
    )
    figures = {
        "words": WORDS,
        "phone_error_rate": errors / phones,
        "right": right.plain(),
        "one_error_or_none": one_off.plain(),
        "seconds": round(seconds, 2),
    }
    return Report("pronunciation", "Guessed pronunciations", (introduction, table), figures)


def entries() -> dict[str, list[Phones]]:
    """Every word of the dictionary with its pronunciations; its letters and signs left out."""
    found: dict[str, list[Phones]] = {}
    with packaged_dictionary().path.open(encoding="utf-8") as lines:
        for line in lines:
            entry, *phones = line.split()
            if match := _ENTRY.fullmatch(entry):
                found.setdefault(match[1], []).append(tuple(phones))
    return found


def compare(word: str, guess: Phones, pronunciations: Sequence[Phones]) -> Guessed:
    """Find the pronunciation with the fewest errors."""
    errors, nearest = min((distance(guess, one), one) for one in pronunciations)
    return Guessed(word, guess, nearest, errors)


def distance(one: Sequence[str], other: Sequence[str]) -> int:
    """Fewest insertions, deletions and replacements from one to the other (Levenshtein)."""
    row = list(range(len(other) + 1))
    for before, left in enumerate(one):
        diagonal, row[0] = before, before + 1
        for index, right in enumerate(other, start=1):
            diagonal, row[index] = (
                row[index],
                min(row[index] + 1, row[index - 1] + 1, diagonal + (left != right)),
            )
    return row[-1]
