"""A network: words and calls of other networks, as written and merged.

As written, each entry (a sentence, a value of a list, a rule) has nodes of its own. Merged, entries
that begin alike share their states: a state is the set of nodes that the same words and calls lead
to. A merged state is worked out when it is first reached, so nothing is spent on what nobody says.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import NamedTuple, TypeAlias

from assistant.intents.gains import PREFERRED, VALUE
from assistant.intents.model import ListValue
from assistant.intents.phrases import Phrases, phrases_of


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
    those of values; and in ``calls`` where calls lead, with the words that what is called begins
    with. They are there once the state is ``known``.
    """

    nodes: tuple[Node, ...]
    owners: tuple[int, ...]
    known: bool = False
    literal: dict[str, State] = field(default_factory=lambda: _NO_WORDS)
    read: dict[str, State] = field(default_factory=lambda: _NO_WORDS)
    calls: tuple[tuple[Network, State, Collection[str]], ...] = ()


Slots: TypeAlias = "dict[Network, str | None]"
"""The slot that each called network fills; None for a rule, which fills none."""


class Network:
    """Entries that are alternatives. ``name`` is that of the list, rule or slot type.

    ``commands`` tells that what is read has to be a command. ``several`` is the list of which some
    values are read. To read it loses what is ``lost``, and
    each word has a gain, besides those of the words (see ``gains``).
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
        commands: bool = False,
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
        self.commands = commands
        self.lost = VALUE if values else 0
        self.word_gain = PREFERRED if preferred else 0
        self.nullable = any(entry.ends is not None for entry in entries)
        self._states: dict[frozenset[Node], State] = {}
        # Equal ones are one object: so there are few, which stay in the processor's cache.
        self._slots: dict[int, Slots | None] = {}
        self._known_slots: dict[frozenset[tuple[Network, str | None]], Slots] = {}
        self.start = self._state(self.entries)

    @cached_property
    def begins(self) -> Collection[str]:
        """The words that it can begin with; none when it takes any words."""
        if self.phrases is not None:
            return self.phrases.lengths
        start = self.start
        if not start.known:
            self.work_out(start)
        inner = [begins for _, _, begins in start.calls]
        if self.takes_anything or not all(inner):
            return frozenset()
        return frozenset(start.literal.keys() | start.read).union(*inner)

    @cached_property
    def phrases(self) -> Phrases | None:
        """All that it can read, where that is only words and not too many phrases."""
        return None if self.takes_anything else phrases_of(self.entries, self.lost, self.word_gain)

    def slots(self, owner: int) -> Slots | None:
        """The slots that an entry fills with the networks it calls.

        None when that depends on where it calls them, or when single words fill slots.
        """
        try:
            return self._slots[owner]
        except KeyError:
            slots = _slots(self.entries[owner])
            if slots is not None:
                slots = self._known_slots.setdefault(frozenset(slots.items()), slots)
            self._slots[owner] = slots
            return slots

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
        state.calls = tuple(
            (called, self._state(targets), called.begins) for called, targets in calls.items()
        )
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
