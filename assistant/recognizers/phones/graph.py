"""A grammar written out in phones, for the search: from each state a tree of its words' phones.

Words that follow one state and begin alike share their first nodes, so a state before a thousand
names has no more children than there are phones. States and nodes are numbered together and are
called places: first the states of the grammar, then the nodes, the first phones of all words before
all second ones, so the children of a place are neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from assistant.ports import Grammar
from assistant.recognizers.phones.lexicon import BLANK, Integers, Lexicon, Units
from assistant.recognizers.pronunciation import Phones


@dataclass(frozen=True)
class PhoneGraph:
    """The places, and the arcs that end at them. ``first_x[i]`` to ``first_x[i + 1]`` are i's."""

    units: int
    """How many the network has."""
    vocabulary: tuple[str, ...]
    final: frozenset[int]
    word: Integers
    """Of each arc, as an index into the vocabulary; arcs that cannot be said are left out."""
    target: Integers
    """The state that each arc leads to."""
    source: Integers
    unit: Units
    """Of each place, what the network calls its phone; of states nothing."""
    parent: Integers
    """The place before each place."""
    first_child: Integers
    first_ending: Integers
    ending: Integers
    """The arcs whose words end at each place, more than one where words sound the same."""
    first_way: Integers
    way: Integers
    """The last nodes of each arc's pronunciations."""

    @classmethod
    def of(
        cls,
        grammar: Grammar,
        pronunciations: Mapping[str, Sequence[Phones]],
        inventory: Sequence[str],
    ) -> PhoneGraph:
        """Write out a grammar. Words without a pronunciation are not heard.

        ``inventory`` are the phones in the network's order, without the blank.
        """
        lexicon = Lexicon.of(grammar, pronunciations, inventory)
        states = len(grammar.arcs)
        degrees = [len(arcs) for arcs in grammar.arcs]
        word = np.fromiter(
            (lexicon.number[word] for word, _ in chain.from_iterable(grammar.arcs)), np.int32
        )
        target = np.fromiter((to for _, to in chain.from_iterable(grammar.arcs)), np.int32)
        source = np.repeat(np.arange(states, dtype=np.int32), degrees)
        said = lexicon.count[word] > 0
        word, target, source = word[said], target[said], source[said]
        way_arc = np.repeat(np.arange(len(word), dtype=np.int32), lexicon.count[word])
        rows = lexicon.row[run(lexicon.first[word], lexicon.count[word])]
        # Rows are sorted, so this puts those of a state that begin alike together.
        order = np.lexsort((way_arc, rows, source[way_arc]))
        way_arc = way_arc[order]
        tree = _Tree.of(states, source[way_arc], lexicon.units[rows[order]])
        places = len(tree.unit)
        by_node = np.argsort(tree.last, kind="stable")
        by_arc = np.argsort(way_arc, kind="stable")
        return cls(
            units=len(inventory) + 1,
            vocabulary=lexicon.words,
            final=grammar.final,
            word=word,
            target=target,
            source=source,
            unit=tree.unit,
            parent=tree.parent,
            # Nodes are numbered in the order of their parents.
            first_child=_firsts(tree.parent[states:], places) + np.int32(states),
            first_ending=_firsts(tree.last[by_node], places),
            ending=way_arc[by_node],
            first_way=_firsts(way_arc[by_arc], len(word)),
            way=tree.last[by_arc],
        )

    def text(self, arc: int) -> str:
        """The word of an arc."""
        return self.vocabulary[int(self.word[arc])]

    def word_through(self, place: int) -> str:
        """The word that ends at a node, or else the only one that goes through it, or ''."""
        if self.unit[place] == BLANK:
            return ""
        while (ending := self.first_ending[place]) == self.first_ending[place + 1]:
            if self.first_child[place + 1] - self.first_child[place] > 1:
                return ""
            place = int(self.first_child[place])
        return self.text(int(self.ending[ending]))

    def ways(self, arc: int) -> list[list[int]]:
        """The pronunciations of an arc's word, in units."""
        return [
            self._units(node)
            for node in self.way[self.first_way[arc] : self.first_way[arc + 1]].tolist()
        ]

    def _units(self, node: int) -> list[int]:
        """From the beginning of a word to a node of it."""
        units = []
        while self.unit[node] != BLANK:
            units.append(int(self.unit[node]))
            node = int(self.parent[node])
        return units[::-1]


def run(first: Integers, count: Integers) -> Integers:
    """``count`` numbers from each of ``first`` on, one run after the other."""
    after = count.cumsum()
    numbers: Integers = (first + count - after).repeat(count)
    numbers += np.arange(len(numbers))
    return numbers


def _firsts(sorted_numbers: Integers, size: int) -> Integers:
    """Where each number from 0 to ``size`` begins."""
    return np.searchsorted(sorted_numbers, np.arange(size + 1)).astype(np.int32)


@dataclass(frozen=True)
class _Tree:
    """``last`` is the node at which each of the ways ends."""

    unit: Units
    parent: Integers
    last: Integers

    @classmethod
    def of(cls, states: int, source: Integers, units: Units) -> _Tree:
        """Let sorted ways share their beginnings: level by level, all ways at once."""
        same = (units[1:] == units[:-1]) & (source[1:] == source[:-1])[:, None]
        # A way shares a level with the one before it if they are the same up to there.
        new = np.ones(units.shape, dtype=bool)
        new[1:] = ~np.logical_and.accumulate(same, axis=1)
        unit, parent = [np.zeros(states, dtype=np.uint8)], [np.arange(states, dtype=np.int32)]
        last = source.copy()
        size = states
        ways = np.arange(len(units))
        for level in range(units.shape[1]):
            ways = ways[units[ways, level] != BLANK]
            makers = ways[new[ways, level]]
            unit.append(units[makers, level])
            parent.append(last[makers])
            last[ways] = size - 1 + np.cumsum(new[ways, level], dtype=np.int32)
            size += len(makers)
        return cls(np.concatenate(unit), np.concatenate(parent), last)
