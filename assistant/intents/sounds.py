"""How alike words sound: 0 for the same phones, 1 for nothing in common.

Words are compared by their phones where those are known, otherwise by their letters, each taken as
the phone that it mostly stands for. One heard word is compared with all words of a vocabulary in
one go, because that is what a search over a word graph needs first.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Costs: TypeAlias = NDArray[np.float32]
Phones: TypeAlias = Mapping[str, Sequence[str]]

SKIP = 0.5
"""A phone that only one of two words has: two of them are as far apart as phones can be."""

# Features and what they weigh, in fortieths, are those of ALINE (G. Kondrak, Algorithms for
# Language Reconstruction, 2002, section 4.6), which scales places and manners by their nearness.
_PLACES = {
    "bilabial": 1.0, "labiodental": 0.95, "dental": 0.9, "alveolar": 0.85, "retroflex": 0.8,
    "postalveolar": 0.75, "palatal": 0.7, "velar": 0.6, "glottal": 0.1,
}  # fmt: skip
_MANNERS = {"stop": 1.0, "affricate": 0.9, "fricative": 0.8, "approximant": 0.6}
_PLACE, _MANNER, _VOICE, _NASAL, _LATERAL = 40 / 40, 50 / 40, 10 / 40, 10 / 40, 10 / 40
_CONSONANTS = """
    P bilabial stop, B bilabial stop voiced, M bilabial stop voiced nasal,
    T alveolar stop, D alveolar stop voiced, N alveolar stop voiced nasal,
    K velar stop, G velar stop voiced, NG velar stop voiced nasal,
    CH postalveolar affricate, JH postalveolar affricate voiced,
    F labiodental fricative, V labiodental fricative voiced,
    TH dental fricative, DH dental fricative voiced,
    S alveolar fricative, Z alveolar fricative voiced,
    SH postalveolar fricative, ZH postalveolar fricative voiced, HH glottal fricative,
    W bilabial approximant voiced, Y palatal approximant voiced,
    R retroflex approximant voiced, L alveolar approximant voiced lateral
"""


def _features(described: str) -> tuple[str, tuple[float, ...]]:
    """A line of the table of consonants as its phone and weighed numbers."""
    phone, place, manner, *more = described.split()
    weights = {"voiced": _VOICE, "nasal": _NASAL, "lateral": _LATERAL}
    others = (weight * (name in more) for name, weight in weights.items())
    return phone, (_PLACE * _PLACES[place], _MANNER * _MANNERS[manner], *others)


_FEATURES = dict(_features(described) for described in _CONSONANTS.split(","))
# Height, frontness and rounding of vowels, from the IPA's chart: close, near-close, close-mid, mid,
# open-mid, near-open and open in sixths of 1; front, central and back in halves. ALINE weighs them
# next to nothing, because vowels change most over centuries; here they part "on" from "in".
_HEIGHT, _FRONT, _ROUND = 0.4, 0.3, 0.1
_VOWELS = {
    "IY": (6 / 6, 1.0, 0), "IH": (5 / 6, 0.8, 0), "EH": (2 / 6, 1.0, 0), "AE": (1 / 6, 1.0, 0),
    "AA": (0 / 6, 0.1, 0), "AO": (2 / 6, 0.0, 1), "AH": (2 / 6, 0.5, 0), "ER": (3 / 6, 0.5, 0),
    "UH": (5 / 6, 0.2, 1), "UW": (6 / 6, 0.0, 1),
}  # fmt: skip
_DIPHTHONGS = {
    "EY": ("EH", "IH"), "AY": ("AA", "IH"), "OY": ("AO", "IH"), "AW": ("AA", "UH"),
    "OW": ("AO", "UH"),
}  # fmt: skip
# An approximant is nearly its vowel.
_GLIDES = {("W", "UW"): 0.3, ("W", "UH"): 0.4, ("Y", "IY"): 0.3, ("Y", "IH"): 0.4, ("R", "ER"): 0.3}
# The phone that a letter mostly stands for in languages written with Latin letters.
_LETTERS = {
    "a": "AA", "b": "B", "c": "K", "d": "D", "e": "EH", "f": "F", "g": "G", "h": "HH", "i": "IH",
    "j": "JH", "k": "K", "l": "L", "m": "M", "n": "N", "o": "AO", "p": "P", "q": "K", "r": "R",
    "s": "S", "t": "T", "u": "UH", "v": "V", "w": "W", "x": "K", "y": "IY", "z": "Z",
}  # fmt: skip


def phone_cost(one: str, other: str) -> float:
    """How far two phones (ARPAbet without stress) are apart, 0..1; others are alike or not."""
    if one == other:
        return 0.0
    vowels = [_DIPHTHONGS.get(phone, (phone, phone)) for phone in (one, other)]
    if all(half in _VOWELS for pair in vowels for half in pair):
        return sum(_vowel_cost(*halves) for halves in zip(*vowels, strict=True)) / 2
    if one in _FEATURES and other in _FEATURES:
        pairs = zip(_FEATURES[one], _FEATURES[other], strict=True)
        return min(1.0, sum(abs(a - b) for a, b in pairs))
    return _GLIDES.get((one, other), _GLIDES.get((other, one), 1.0))


def spelled(word: str) -> tuple[str, ...]:
    """The letters of a word as phones, without accents; letters of other scripts stay."""
    letters = (c for c in unicodedata.normalize("NFKD", word.lower()) if c.isalnum())
    return tuple(_LETTERS.get(letter, letter) for letter in letters)


def _vowel_cost(one: str, other: str) -> float:
    pairs = zip(_VOWELS[one], _VOWELS[other], (_HEIGHT, _FRONT, _ROUND), strict=True)
    return sum(abs(a - b) * weight for a, b, weight in pairs)


class Halves(NamedTuple):
    """A heard word cut in two: how much of it is in front, and what each half sounds like."""

    share: float
    front: Costs
    back: Costs


class Sounds:
    """The words of a vocabulary, ready to be compared with what was heard."""

    def __init__(self, words: Sequence[str], phones: Phones) -> None:
        self.words = tuple(words)
        self._phones = phones
        known = [number for number, word in enumerate(self.words) if phones.get(word)]
        others = sorted(set(range(len(self.words))) - set(known))
        letters = [spelled(word) for word in self.words]
        self._spoken = _Shapes(known, [tuple(phones[self.words[number]]) for number in known])
        self._spelled = _Shapes(list(range(len(letters))), letters)
        self._only_spelled = _Shapes(others, [letters[number] for number in others])

    def costs(self, heard: Sequence[str], phones: Phones) -> Costs:
        """How far words heard, run together, are from each word of the vocabulary, 0..1.

        What is thrice as long as any of them is 1 from all, however long it is.
        """
        costs = np.ones(len(self.words), np.float32)
        for shapes, said in self._ways(heard, phones):
            if shapes.comparable(said):
                costs[shapes.numbers] = shapes.costs(said)[-1]
        return costs

    def halves(self, heard: str, phones: Phones) -> list[Halves]:
        """Every cut of a heard word in two, where each half has two phones or more."""
        shapes, said = self._ways([heard], phones)[0]
        if len(said) < 4 or not shapes.comparable(said):
            return []
        front, back = shapes.costs(said), shapes.reversed.costs(said[::-1])
        found = []
        for cut in range(2, len(said) - 1):
            halves = np.ones((2, len(self.words)), np.float32)
            halves[:, shapes.numbers] = front[cut], back[len(said) - cut]
            found.append(Halves(cut / len(said), halves[0], halves[1]))
        return found

    def _ways(self, heard: Sequence[str], phones: Phones) -> list[tuple[_Shapes, tuple[str, ...]]]:
        """What to compare with what: phones with phones, and letters with letters."""
        spoken = [phones.get(word) or self._phones.get(word) for word in heard]
        letters = tuple(letter for word in heard for letter in spelled(word))
        if not all(spoken):
            return [(self._spelled, letters)]
        said = tuple(phone for one in spoken if one for phone in one)
        return [(self._spoken, said), (self._only_spelled, letters)]


class _Shapes:
    """Words as rows of numbered phones, filled up at the end; ``numbers`` are the words'."""

    def __init__(self, numbers: list[int], words: Sequence[Sequence[str]]) -> None:
        self.numbers = numbers
        self._words = words
        self._lengths = np.array([len(word) for word in words], np.intp)
        longest = max(self._lengths, default=0)
        self._phones = sorted({phone for word in words for phone in word})
        number_of = {phone: number for number, phone in enumerate(self._phones)}
        self._rows = np.zeros((len(words), longest), np.intp)
        for row, word in zip(self._rows, words, strict=True):
            row[: len(word)] = [number_of[phone] for phone in word]

    @cached_property
    def reversed(self) -> _Shapes:
        """The same words from their ends."""
        return _Shapes(self.numbers, [word[::-1] for word in self._words])

    def comparable(self, heard: Sequence[str]) -> bool:
        """Whether something is not more than thrice as long as the longest word."""
        return len(heard) <= 3 * max(map(len, self._words), default=0)

    def costs(self, heard: Sequence[str]) -> Costs:
        """Compare each beginning of what was heard (rows) with each whole word (columns), 0..1.

        Weighted edit distance, one row of all words' tables at a time, as a share of what it costs
        to skip all phones of both. Of two empty ones it is 1: they have nothing in common.
        """
        skipped = SKIP * np.arange(self._rows.shape[1] + 1, dtype=np.float32)
        row = np.tile(skipped, (len(self.numbers), 1))
        last = self._lengths[:, np.newaxis]
        found = np.ones((len(heard) + 1, len(self.numbers)), np.float32)
        for length, phone in enumerate(heard, start=1):
            costs = np.array([phone_cost(phone, one) for one in self._phones], np.float32)
            following = row + SKIP
            if self._phones:
                replaced = row[:, :-1] + costs[self._rows]
                following[:, 1:] = np.minimum(following[:, 1:], replaced)
            # Skipping phones of the word: the least of all cells before, each so many skips away.
            row = np.minimum.accumulate(following - skipped, axis=1) + skipped
            ends = np.take_along_axis(row, last, axis=1)[:, 0]
            found[length] = ends / (SKIP * (length + self._lengths))
        return np.clip(found, 0.0, 1.0)
