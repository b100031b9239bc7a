"""What networks can read of a text, and how: a chart of all that was found, each thing once.

A way to read something has a gain, one whole number that compares as (fewer slots that take any
words, more words of preferred lists, more words of the template itself, fewer words for slots that
take any, fewer values): each counts in units that the lesser ones together cannot reach.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from assistant.intents.network import Arc, Caller, Network, Node, Reading, Role, State

MAXIMUM_SPOKEN = 200
"""Words of a text: nobody gives a longer command."""

_VALUE = 1
_ANY_WORD = 1 << 10
_LITERAL = 1 << 20
_PREFERRED = 1 << 30
_ANYTHING = 1 << 40
Words: TypeAlias = tuple[str, ...]


class Way(NamedTuple):
    """How a network can be read. The least is the best: most gain, then first entry."""

    minus_gain: int
    owner: int


@dataclass(frozen=True, slots=True)
class Spoken:
    """A word of an entry, with the list values that it is part of."""

    position: int
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Called:
    """Words from ``begin`` to ``end``, which entry ``owner`` of a called network reads."""

    network: Network
    slot: str | None
    owner: int
    begin: int
    end: int
    parts: tuple[Spoken | Called, ...]


class _Step(NamedTuple):
    """An arc taken at a node, None for words that are skipped, and where it leads."""

    arc: Arc | None
    gain: int
    position: int
    node: Node


class Chart:
    """The readings of one text. ``skip`` are words that may be left out, wherever they are."""

    def __init__(self, words: Words, skip: tuple[Words, ...] = ()) -> None:
        self.words = words
        self.skipped = [
            [index + len(one) for one in skip if words[index : index + len(one)] == one]
            for index in range(len(words))
        ]
        self._found: dict[tuple[Network, int], dict[int, Way]] = {}

    def whole(self, network: Network) -> list[Way]:
        """All entries of a network that can read the whole text, the best first."""
        best: dict[int, int] = {}
        for owners, gain in self._read(network, 0).get(len(self.words), ()):
            for owner in owners:
                best[owner] = max(gain, best.get(owner, gain))
        return sorted(Way(-gain, owner) for owner, gain in best.items())

    def ways(self, network: Network, begin: int) -> dict[int, Way]:
        """The best way to each position that a network can read up to from ``begin``."""
        known = self._found.get((network, begin))
        if known is not None:
            return known
        ways: dict[int, Way] = {}
        if network.role is Role.ANYTHING:
            ways = {
                end: Way(_ANYTHING + _ANY_WORD * (end - begin), 0)
                for end in range(begin + 1, len(self.words) + 1)
            }
        else:
            bonus = _PREFERRED if network.preferred else 0
            value = _VALUE if network.role is Role.VALUES else 0
            for end, found in self._read(network, begin).items():
                lost = value - bonus * (end - begin)
                ways[end] = min(Way(lost - gain, owners[0]) for owners, gain in found)
        self._found[network, begin] = ways
        return ways

    def _read(self, network: Network, begin: int) -> dict[int, list[tuple[tuple[int, ...], int]]]:
        """Where entries can end, with the entries and their gain."""
        ends: dict[int, list[tuple[tuple[int, ...], int]]] = {}
        reached: dict[int, dict[State, int]] = {begin: {network.start: 0}}
        words, length = self.words, len(self.words)
        position = begin
        while reached:
            for state, gain in reached.pop(position, {}).items():
                if state.owners and position > begin:
                    ends.setdefault(position, []).append((state.owners, gain))
                if position == length:
                    continue
                if not state.known:
                    network.work_out(state)
                word = words[position]
                if (target := state.literal.get(word)) is not None:
                    _reach(reached, position + 1, target, gain + _LITERAL)
                if (target := state.read.get(word)) is not None:
                    _reach(reached, position + 1, target, gain)
                for called, after in state.calls:
                    for end, way in self.ways(called, position).items():
                        _reach(reached, end, after, gain - way.minus_gain)
                for end in self.skipped[position]:
                    _reach(reached, end, state, gain)
            position += 1
        return ends

    def reading(self, entry: Node, begin: int, end: int) -> Iterator[Spoken | Called]:
        """How an entry reads these words: the best way, and of equals the first written."""
        position = begin
        for arc, _, reached, _ in self._path(entry, begin, end):
            if arc is None:
                pass
            elif isinstance(arc.label, Caller):
                network, slot = arc.label.network, arc.label.slot
                owner = self.ways(network, position)[reached].owner
                parts: tuple[Spoken | Called, ...] = ()
                if network.role is not Role.ANYTHING:
                    parts = tuple(self.reading(network.entries[owner], position, reached))
                yield Called(network, slot, owner, position, reached, parts)
            else:
                yield Spoken(position, arc.readings)
            position = reached

    def _path(self, entry: Node, begin: int, end: int) -> list[_Step]:
        """The steps through an entry: forwards all of them, backwards which of them are best."""
        reached: list[dict[Node, list[_Step]]] = [{} for _ in range(begin, end + 1)]
        reached[0][entry] = []
        for position in range(begin, end):
            for node, steps in reached[position - begin].items():
                steps.extend(one for one in self._steps(node, position) if one.position <= end)
                for step in steps:
                    reached[step.position - begin].setdefault(step.node, [])
        best: dict[tuple[int, Node], tuple[int, _Step | None]] = {
            (end, node): (0, None) for node in reached[-1] if node.ends is not None
        }
        for position in reversed(range(begin, end)):
            for node, steps in reached[position - begin].items():
                for step in steps:
                    onward = best.get((step.position, step.node))
                    known = best.get((position, node))
                    if onward and (known is None or known[0] < onward[0] + step.gain):
                        best[position, node] = onward[0] + step.gain, step
        path: list[_Step] = []
        step_or_end = best[begin, entry][1]
        while step_or_end is not None:
            path.append(step_or_end)
            step_or_end = best[step_or_end.position, step_or_end.node][1]
        return path

    def _steps(self, node: Node, position: int) -> Iterator[_Step]:
        """Everything that can be read from a node, in the order it is written."""
        word = self.words[position]
        for arc in node.arcs:
            if isinstance(arc.label, Caller):
                ways = self.ways(arc.label.network, position)
                for end, way in sorted(ways.items(), key=lambda way: way[1].owner):
                    yield _Step(arc, -way.minus_gain, end, arc.target)
            elif arc.label == word:
                yield _Step(arc, _LITERAL if arc.literal else 0, position + 1, arc.target)
        for end in self.skipped[position]:
            yield _Step(None, 0, end, node)


def _reach(reached: dict[int, dict[State, int]], position: int, state: State, gain: int) -> None:
    states = reached.setdefault(position, {})
    known = states.get(state)
    if known is None or known < gain:
        states[state] = gain
