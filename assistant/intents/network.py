"""A network: words and calls of other networks, as written and merged.

As written, each entry (a sentence, a value of a list, a rule) has nodes of its own. Merged, entries
that begin alike share their states: a state is the set of nodes that the same words and calls lead
to. A merged state is worked out when it is first reached, so nothing is spent on what nobody says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import NamedTuple, TypeAlias

from assistant.intents.model import ListValue


class TooLargeError(Exception):
    """The graph, or something made of it, grows beyond its limit."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A list value at one place of one template: while its words are read, its slot is filled.

    Compared by identity.
    """

    slot: str
    value: ListValue


class Role(Enum):
    """What the entries of a network are."""

    SENTENCES = "sentences"  # or those of a rule
    VALUES = "values"  # of a list; ``values[i]`` is what entry i means
    TYPED = "typed"  # ways to say a value of the ``kind``, with its fields
    SOME = "some"  # entry 0: some values of a list; entry 1: all of them, without some
    ANYTHING = "anything"  # any words; it has no entries


@dataclass(slots=True, eq=False)
class Node:
    """A place in an entry, with what can follow there in the order of the file.

    ``ends`` is the number of the entry where that may end here.
    """

    arcs: tuple[Arc, ...] = ()
    ends: int | None = None


class Caller(NamedTuple):
    """A call of a network; of a list's, with the slot that it fills."""

    network: Network
    slot: str | None


class Arc(NamedTuple):
    """A word, or a call that reads at least one; ``literal`` is a word of the template itself."""

    label: str | Caller
    target: Node
    literal: bool
    readings: tuple[Reading, ...]


# Of all states that no word leads on from: half of the memory that they would need.
_NO_WORDS: dict[str, State] = {}


@dataclass(slots=True, eq=False)
class State:
    """Nodes that the same words and calls lead to. ``owners`` are the entries that may end here.

    Where words lead is in ``literal``, for those of the templates themselves, and in ``read``, for
    those of values; and where calls lead in ``calls``. They are there once the state is ``known``.
    """

    nodes: tuple[Node, ...]
    owners: tuple[int, ...]
    known: bool = False
    literal: dict[str, State] = field(default_factory=lambda: _NO_WORDS)
    read: dict[str, State] = field(default_factory=lambda: _NO_WORDS)
    calls: tuple[tuple[Network, State], ...] = ()


Slots: TypeAlias = "dict[Network, str | None]"
"""The slot that each called network fills; None for a rule, which fills none."""


class Network:
    """Entries that are alternatives. ``name`` is that of the list, rule or slot type.

    ``several`` is the list of which some values are read.
    """

    def __init__(
        self,
        entries: Sequence[Node],
        role: Role = Role.SENTENCES,
        name: str = "",
        *,
        values: Sequence[ListValue] = (),
        kind: str = "",
        preferred: bool = False,
        remembered: bool = False,
        several: Network | None = None,
    ) -> None:
        self.entries = tuple(entries)
        self.role = role
        self.takes_anything = role is Role.ANYTHING
        self.name = name
        self.values = tuple(values)
        self.kind = kind
        self.preferred = preferred
        self.remembered = remembered
        self.several = several
        self.nullable = any(entry.ends is not None for entry in entries)
        self._states: dict[frozenset[Node], State] = {}
        # Equal ones are one object: so there are few, which stay in the processor's cache.
        self._slots: dict[int, Slots | None] = {}
        self._known_slots: dict[frozenset[tuple[Network, str | None]], Slots] = {}
        self.start = self._state(self.entries)

    @cached_property
    def begins(self) -> frozenset[str]:
        """The words that it can begin with; none when it takes any words."""
        if not self.start.known:
            self.work_out(self.start)
        inner = [called.begins for called, _ in self.start.calls]
        if self.takes_anything or not all(inner):
            return frozenset()
        return frozenset(self.start.literal.keys() | self.start.read).union(*inner)

    @cached_property
    def plain(self) -> bool:
        """Whether its entries are only words, either all or none of them the template's own."""
        kinds: set[bool] = set()
        seen, waiting = set(self.entries), list(self.entries)
        while waiting:
            for label, target, literal, readings in waiting.pop().arcs:
                if isinstance(label, Caller) or readings:
                    return False
                kinds.add(literal)
                if target not in seen:
                    seen.add(target)
                    waiting.append(target)
        return not self.takes_anything and len(kinds) <= 1

    def slots(self, owner: int) -> Slots | None:
        """The slots that an entry fills with the networks it calls.

        None when that depends on where it calls them, or when single words fill slots.
        """
        if owner not in self._slots:
            slots = _slots(self.entries[owner])
            if slots is not None:
                slots = self._known_slots.setdefault(frozenset(slots.items()), slots)
            self._slots[owner] = slots
        return self._slots[owner]

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
        if literal:
            state.literal = {word: self._state(targets) for word, targets in literal.items()}
        if read:
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


def _slots(entry: Node) -> Slots | None:
    slots: Slots = {}
    seen, waiting = {entry}, [entry]
    while waiting:
        for label, target, _, readings in waiting.pop().arcs:
            if readings:
                return None
            if isinstance(label, Caller) and slots.setdefault(*label) != label.slot:
                return None
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return slots
