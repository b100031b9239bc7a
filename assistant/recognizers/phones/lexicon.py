"""Words in the units of the network: the blank, and the phones of its inventory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from assistant.ports import Grammar
from assistant.recognizers.pronunciation import Phones

Integers: TypeAlias = npt.NDArray[np.signedinteger[Any]]
Units: TypeAlias = npt.NDArray[np.uint8]

BLANK = 0
"""The unit that stands for no phone; those after it are the inventory's."""


def in_units(phones: Sequence[str], inventory: Sequence[str]) -> list[int]:
    """What the network calls these phones."""
    return [inventory.index(phone) + 1 for phone in phones]


@dataclass(frozen=True)
class Lexicon:
    """A grammar's words by their numbers, and their pronunciations.

    Each word has ``count`` of them, from ``first`` on in ``row``, which tells where in ``units``
    they are: a sorted matrix, filled up with blanks.
    """

    words: tuple[str, ...]
    number: Mapping[str, int]
    first: Integers
    count: Integers
    row: Integers
    units: Units

    @classmethod
    def of(
        cls,
        grammar: Grammar,
        pronunciations: Mapping[str, Sequence[Phones]],
        inventory: Sequence[str],
    ) -> Lexicon:
        """The words of a grammar, each pronunciation once; those of other words are left aside."""
        words = tuple(sorted({word for arcs in grammar.arcs for word, _ in arcs}))
        number = {phone: index for index, phone in enumerate(inventory, start=1)}
        said = [
            list(
                dict.fromkeys(
                    tuple(number[phone] for phone in way)
                    for way in pronunciations.get(word, ())
                    if way
                )
            )
            for word in words
        ]
        rows = sorted(set(chain.from_iterable(said)))
        index_of = {row: index for index, row in enumerate(rows)}
        units = np.zeros((len(rows), max(map(len, rows), default=0)), dtype=np.uint8)
        for index, row in enumerate(rows):
            units[index, : len(row)] = row
        count = np.array([len(ways) for ways in said], dtype=np.int32)
        return cls(
            words,
            {word: index for index, word in enumerate(words)},
            (np.cumsum(count) - count).astype(np.int32),
            count,
            np.array([index_of[way] for way in chain.from_iterable(said)], dtype=np.int32),
            units,
        )
