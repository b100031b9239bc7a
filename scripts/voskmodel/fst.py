"""Weighted transducers, and the two binary forms of OpenFst that Vosk composes while it listens."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import NamedTuple

_MAGIC, _ADDON_MAGIC = 2125659606, 446681434
_EXPANDED, _ACCEPTOR, _NOT_ACCEPTOR = 0x1, 0x10000, 0x20000
_INPUTS_SORTED, _OUTPUTS_SORTED = 0x10000000, 0x40000000


class Arc(NamedTuple):
    """From one state to another; label 0 reads or writes nothing. The cost is in nats."""

    reads: int
    writes: int
    cost: float
    target: int


@dataclass
class Transducer:
    """States are numbered as they are added; the first is the start."""

    arcs: list[list[Arc]] = field(default_factory=list)
    final: dict[int, float] = field(default_factory=dict)

    def state(self) -> int:
        """Add a state."""
        self.arcs.append([])
        return len(self.arcs) - 1

    def arc(
        self, source: int, target: int, reads: int = 0, writes: int = 0, cost: float = 0.0
    ) -> None:
        """Add an arc."""
        self.arcs[source].append(Arc(reads, writes, cost, target))


def acceptor(transducer: Transducer) -> bytes:
    """What reads and writes the same, sorted by what is read."""
    return _constant(transducer, _EXPANDED | _ACCEPTOR | _INPUTS_SORTED, by_input=True)


def lookahead(transducer: Transducer, words: int) -> bytes:
    """With each state the labels, of so many, that can be written next: composing looks ahead.

    They are kept as intervals, so labels that come from the same states should be neighbours.
    """
    properties = _EXPANDED | _NOT_ACCEPTOR | _OUTPUTS_SORTED
    end = words + 1  # the label that stands for the end
    found = [
        _header("olabel_lookahead", 1, properties, -1, 0, 0),
        struct.pack("<i", _ADDON_MAGIC),
        _constant(transducer, properties, by_input=False),
        # There is an addition: nothing for what is read; for what is written, reached from states
        # by output, without the table that would relabel it.
        struct.pack("<???", True, False, True),
        struct.pack("<??", False, False),
        struct.pack("<iq", end, len(transducer.arcs)),
    ]
    for labels in _written_next(transducer, end):
        intervals = _intervals(labels)
        found.append(struct.pack("<q", len(intervals)))
        found += [struct.pack("<ii", *interval) for interval in intervals]
        found.append(struct.pack("<i", len(labels)))
    return b"".join(found)


def _text(text: str) -> bytes:
    return struct.pack("<i", len(text)) + text.encode()


def _header(kind: str, version: int, properties: int, *counts: int) -> bytes:
    """``counts`` are the start, and the numbers of states and arcs."""
    flags = 0
    numbers = struct.pack("<iiQqqq", version, flags, properties, *counts)
    return struct.pack("<i", _MAGIC) + _text(kind) + _text("standard") + numbers


def _constant(transducer: Transducer, properties: int, *, by_input: bool) -> bytes:
    states, arcs, position = [], [], 0
    for state, leaving in enumerate(transducer.arcs):
        ordered = sorted(leaving, key=lambda arc: arc.reads if by_input else arc.writes)
        silent = sum(arc.reads == 0 for arc in ordered), sum(arc.writes == 0 for arc in ordered)
        cost = transducer.final.get(state, float("inf"))
        states.append(struct.pack("<fIIII", cost, position, len(ordered), *silent))
        arcs += [struct.pack("<iifi", *arc) for arc in ordered]
        position += len(ordered)
    header = _header("const", 2, properties, 0, len(states), position)
    return b"".join([header, *states, *arcs])


def _written_next(transducer: Transducer, end: int) -> list[set[int]]:
    """The labels that can be written next from each state, over arcs that write nothing."""
    found = [{arc.writes for arc in leaving if arc.writes} for leaving in transducer.arcs]
    for state in transducer.final:
        found[state].add(end)
    growing = True
    while growing:
        growing = False
        for state in reversed(range(len(found))):
            before = len(found[state])
            found[state].update(
                *(found[arc.target] for arc in transducer.arcs[state] if not arc.writes)
            )
            growing = growing or len(found[state]) > before
    return found


def _intervals(labels: set[int]) -> list[tuple[int, int]]:
    """Neighbours together, each interval without its end."""
    found: list[tuple[int, int]] = []
    for label in sorted(labels):
        if found and found[-1][1] == label:
            found[-1] = found[-1][0], label + 1
        else:
            found.append((label, label + 1))
    return found
