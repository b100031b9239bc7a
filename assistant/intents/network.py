"""A network: words and calls of other networks, as written and merged.

As written, each entry (a sentence, a value of a list, a rule) has nodes of its own. Merged, entries
that begin alike share their states: a state is the set of nodes that the same words and calls lead
to. A merged state is worked out when it is first reached, so nothing is spent on what nobody says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from assistant.turn import SlotValue


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A list value at one place of one template: while its words are read, its slot is filled.

    ``value`` None means the words themselves. Compared by identity.
    """

    slot: str
    value: SlotValue | None


@dataclass(slots=True, eq=False)
class Node:
    """A place in an entry, with what can follow there in the order of the file.

    ``ends`` is the number of the entry where that may end here.
    """

    arcs: tuple[Arc, ...] = ()
    ends: int | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """A call of a network; of a list's, with the slot that it fills."""

    network: Network
    slot: str | None


class Arc(NamedTuple):
    """A word, or a call that reads at least one; ``literal`` is a word of the template itself."""

    label: str | Caller
    target: Node
    literal: bool
    readings: tuple[Reading, ...]


@dataclass(slots=True, eq=False)
class State:
    """Nodes that the same words and calls lead to. ``owners`` are the entries that may end here.

    Where words lead is in ``literal``, for those of the templates themselves, and in ``read``, for
    those of values; and where calls lead in ``calls``. They are there once the state is ``known``.
    """

    nodes: tuple[Node, ...]
    owners: tuple[int, ...]
    known: bool = False
    literal: dict[str, State] = field(default_factory=dict)
    read: dict[str, State] = field(default_factory=dict)
    calls: tuple[tuple[Network, State], ...] = ()


class Network:
    """Entries that are alternatives; ``values[i]`` is what entry i of a list means."""

    def __init__(self, entries: Sequence[Node], values: Sequence[SlotValue | None] = ()) -> None:
        self.entries = tuple(entries)
        self.values = tuple(values)
        self.nullable = any(entry.ends is not None for entry in entries)
        self._states: dict[frozenset[Node], State] = {}
        self.start = self._state(self.entries)

    def work_out(self, state: State) -> None:
        """Find out where words and calls lead from a state."""
        literal: dict[str, list[Node]] = {}
        read: dict[str, list[Node]] = {}
        calls: dict[Network, list[Node]] = {}
        for node in state.nodes:
            for label, target, is_literal, _ in node.arcs:
                if isinstance(label, Caller):
                    calls.setdefault(label.network, []).append(target)
                elif is_literal:
                    literal.setdefault(label, []).append(target)
                else:
                    read.setdefault(label, []).append(target)
        state.literal = {word: self._state(targets) for word, targets in literal.items()}
        state.read = {word: self._state(targets) for word, targets in read.items()}
        state.calls = tuple((called, self._state(targets)) for called, targets in calls.items())
        state.known = True

    def _state(self, nodes: Sequence[Node]) -> State:
        key = frozenset(nodes)
        state = self._states.get(key)
        if state is None:
            owners = {node.ends for node in key if node.ends is not None}
            state = self._states[key] = State(tuple(key), tuple(sorted(owners)))
        return state
