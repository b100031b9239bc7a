"""What networks can read of a text, and how: a chart of all that was found, each thing once.

A way to read something has a gain, one whole number that compares as (fewer slots that take any
words, more words of preferred lists, more words of the template itself, fewer words for slots that
take any, fewer values): each counts in units that the lesser ones together cannot reach.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from assistant.intents.network import (
    Arc,
    Caller,
    Network,
    Node,
    Reading,
    Role,
    State,
    TooLargeError,
)

MAXIMUM_SPOKEN = 200
"""Words of a text: nobody gives a longer command."""

MAXIMUM_EFFORT = 1_000_000
"""Of all readings of a text: half a second of a desktop computer. Four of the shipped sentences,
joined, take up to 3,000."""

_VALUE = 1
_ANY_WORD = 1 << 10
_LITERAL = 1 << 20
_PREFERRED = 1 << 30
_ANYTHING = 1 << 40
_LEAST = -(1 << 60)
Words: TypeAlias = tuple[str, ...]


class Counts(NamedTuple):
    """What a gain counts, the weightiest first."""

    free_slots: int
    preferred_words: int
    own_words: int
    free_words: int
    values: int

    @classmethod
    def of(cls, minus_gain: int) -> Counts:
        """Take the gain of a way apart."""
        rest, values = divmod(minus_gain, _ANY_WORD)
        rest, free_words = divmod(rest, _LITERAL // _ANY_WORD)
        rest, own_words = divmod(-rest, _PREFERRED // _LITERAL)
        rest, preferred_words = divmod(rest, _ANYTHING // _PREFERRED)
        return cls(-rest, preferred_words, own_words, free_words, values)


class Way(NamedTuple):
    """How a network can be read. The least is the best: most gain, then first entry."""

    minus_gain: int
    owner: int


class Spoken(NamedTuple):
    """A word of an entry, with the list values that it is part of."""

    position: int
    readings: tuple[Reading, ...]


class Called(NamedTuple):
    """Words from ``begin`` to ``end``, which entry ``owner`` of a called network reads.

    ``parts`` are what it calls, and its words as far as they matter: all of them when words are
    ``skipped`` in this text, else those that are part of a value. Calls of words only have none.
    """

    network: Network
    slot: str | None
    owner: int
    begin: int
    end: int
    parts: tuple[Spoken | Called, ...]
    skipped: bool


# The gain of a way from a node to the end, its first arc, where that ends and what comes then.
_Onward: TypeAlias = tuple[int, Arc | None, int, Node]
_END: _Onward = (0, None, -1, Node())


class Effort:
    """What understanding one text may cost, in places of networks looked at and ways from them."""

    def __init__(self, most: int = MAXIMUM_EFFORT) -> None:
        self.left = most

    def spend(self, work: int) -> None:
        """Take some off. Raises TooLargeError when nothing is left."""
        self.left -= work
        if self.left < 0:
            raise TooLargeError


class Chart:
    """The readings of one text. ``skip`` are words that may be left out, wherever they are.

    All methods raise TooLargeError when the ``effort`` is not enough.
    """

    def __init__(
        self, words: Words, skip: tuple[Words, ...] = (), effort: Effort | None = None
    ) -> None:
        self.words = words
        self.skip = skip
        self.effort = effort or Effort()
        self.effort.spend(len(skip))
        phrases, lengths = set(skip), {len(one) for one in skip}
        self.skipped: list[list[int]] = [
            [index + n for n in lengths if words[index : index + n] in phrases]
            for index in (range(len(words)) if skip else ())
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
        elif network.plain and not self.skip:
            ways = self._plain_ways(network, begin)
        else:
            bonus = _PREFERRED if network.preferred else 0
            value = _VALUE if network.role is Role.VALUES else 0
            for end, found in self._read(network, begin).items():
                lost = value - bonus * (end - begin)
                ways[end] = min(Way(lost - gain, owners[0]) for owners, gain in found)
        self._found[network, begin] = ways
        return ways

    def _plain_ways(self, network: Network, begin: int) -> dict[int, Way]:
        """The ways of a network of words only, which is in one state at a time."""
        ways: dict[int, Way] = {}
        minus_gain = _VALUE if network.role is Role.VALUES else 0
        preferred = _PREFERRED if network.preferred else 0
        state = network.start
        for position in range(begin, len(self.words)):
            if not state.known:
                network.work_out(state)
            word = self.words[position]
            own = state.literal.get(word)
            onward = own or state.read.get(word)
            if onward is None:
                break
            state = onward
            minus_gain -= preferred + _LITERAL if own else preferred
            if state.owners:
                ways[position + 1] = Way(minus_gain, state.owners[0])
        return ways

    def _read(self, network: Network, begin: int) -> dict[int, list[tuple[tuple[int, ...], int]]]:
        """Where entries can end, with the entries and their gain."""
        ends: dict[int, list[tuple[tuple[int, ...], int]]] = {}
        words, length = self.words, len(self.words)
        reached: dict[int, dict[State, int]] = {begin: {network.start: 0}}
        position = begin
        while reached:
            states = reached.pop(position, {})
            work = len(states) + 1
            if position > begin:
                found = [(state.owners, gain) for state, gain in states.items() if state.owners]
                if found:
                    ends[position] = found
            if position == length:
                break
            word = words[position]
            for state, gain in states.items():
                if not state.known:
                    network.work_out(state)
                if (target := state.literal.get(word)) is not None:
                    _reach(reached, position + 1, target, gain + _LITERAL)
                if (target := state.read.get(word)) is not None:
                    _reach(reached, position + 1, target, gain)
                for called, after in state.calls:
                    if word in called.begins or self.skip or not called.begins:
                        ways = self.ways(called, position)
                        work += len(ways) + 1
                        for end, (minus_gain, _) in ways.items():
                            _reach(reached, end, after, gain - minus_gain)
                for end in self.skipped[position] if self.skip else ():
                    _reach(reached, end, state, gain)
            self.effort.spend(work)
            position += 1
        return ends

    def reading(self, entry: Node, begin: int, end: int) -> Iterator[Spoken | Called]:
        """How an entry reads these words: the best way, and of equals the first written."""
        position = begin
        for arc, reached in self._path(entry, begin, end):
            if arc is None:
                pass
            elif isinstance(arc.label, Caller):
                network, slot = arc.label.network, arc.label.slot
                owner = self.ways(network, position)[reached].owner
                parts: tuple[Spoken | Called, ...] = ()
                if network.role is not Role.ANYTHING and (self.skip or not network.plain):
                    parts = tuple(self.reading(network.entries[owner], position, reached))
                yield Called(network, slot, owner, position, reached, parts, bool(self.skip))
            elif self.skip or arc.readings:
                yield Spoken(position, arc.readings)
            position = reached

    def _path(self, entry: Node, begin: int, end: int) -> list[tuple[Arc | None, int]]:
        """The best steps through an entry: arcs, None for words that are skipped, and their ends.

        From each node the best way to the end is looked for once.
        """
        words, effort = self.words, self.effort
        best: dict[tuple[Node, int], _Onward | None] = {}

        def onward(node: Node, position: int) -> _Onward | None:
            if position == end:
                return _END if node.ends is not None else None
            key = node, position
            if key in best:
                return best[key]
            found: _Onward | None = None
            word = words[position]
            effort.left -= len(node.arcs) + 1
            if effort.left < 0:
                raise TooLargeError
            for arc in node.arcs:
                label = arc.label
                if label == word:
                    rest = onward(arc.target, position + 1)
                    if rest is not None:
                        gain = rest[0] + _LITERAL if arc.literal else rest[0]
                        if found is None or found[0] < gain:
                            found = gain, arc, position + 1, arc.target
                elif isinstance(label, Caller) and self._may_begin(label.network, word):
                    for reached, gain in self._ends(label.network, position, end):
                        rest = onward(arc.target, reached)
                        if rest is not None and (found is None or found[0] < rest[0] + gain):
                            found = rest[0] + gain, arc, reached, arc.target
            for reached in self.skipped[position] if self.skip else ():
                rest = onward(node, reached) if reached <= end else None
                if rest is not None and (found is None or found[0] < rest[0]):
                    found = rest[0], None, reached, node
            best[key] = found
            return found

        path: list[tuple[Arc | None, int]] = []
        way = onward(entry, begin)
        while way is not None and way is not _END:
            _, step, reached, node = way
            path.append((step, reached))
            way = onward(node, reached)
        return path

    def _may_begin(self, network: Network, word: str) -> bool:
        return word in network.begins or bool(self.skip) or not network.begins

    def _ends(self, network: Network, position: int, last: int) -> list[tuple[int, int]]:
        """Where a network can end, with the gain; the entry that is written first comes first."""
        ways = self.ways(network, position)
        self.effort.spend(len(ways))
        in_order = sorted(ways.items(), key=_by_owner) if len(ways) > 1 else ways.items()
        return [(end, -way.minus_gain) for end, way in in_order if end <= last]


def _by_owner(way: tuple[int, Way]) -> int:
    return way[1].owner


def _reach(reached: dict[int, dict[State, int]], position: int, state: State, gain: int) -> None:
    states = reached.get(position)
    if states is None:
        reached[position] = {state: gain}
    elif states.get(state, _LEAST) < gain:
        states[state] = gain
