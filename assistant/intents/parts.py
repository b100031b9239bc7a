"""How one entry reads words: its parts, found along the best ways of the chart.

Mostly one way is the best, and each network that the entry calls fills one slot: then the steps of
the chart tell the parts. Else the arcs of the entry, in the order of the file, decide.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple, TypeAlias

from assistant.intents.chart import Chart, Step, Via
from assistant.intents.network import Arc, Caller, Network, Node, Reading


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
    parts: tuple[Part, ...]
    skipped: bool


Part: TypeAlias = Spoken | Called
_Onward: TypeAlias = list[tuple[Via, Step]]


def parts_of(chart: Chart, network: Network, owner: int, begin: int, end: int) -> tuple[Part, ...]:
    """How an entry of a network reads these words: the best way, and of equals the first written.

    Raises TooLargeError when the effort of the chart is not enough.
    """
    ends = chart.ends(network, begin)[end]
    if len(ends) == 1:
        steps = list(ends.values())
    else:
        steps = [step for state, step in ends.items() if owner in state.owners]
    if len(steps) > 1:
        most = max(step[0] for step in steps)
        steps = [step for step in steps if step[0] == most]
    parts = _only_way(chart, steps[0], network, owner) if len(steps) == 1 else None
    return tuple(_first_written(chart, steps, network.entries[owner]) if parts is None else parts)


def _only_way(chart: Chart, last: Step, network: Network, owner: int) -> list[Part] | None:
    """The parts of an entry by the steps of the chart; None where its arcs have to decide."""
    slots = network.slots(owner)
    if slots is None:
        return None
    parts: list[Part] = []
    skipping = chart.skipping
    _, end, before, via, other = last
    while before is not None:
        if other is not None:
            return None
        if via.__class__ is Network:
            parts.append(_called(chart, via, slots[via], before[1], end))
        elif skipping and via is not None:
            parts.append(Spoken(before[1], ()))
        _, end, before, via, other = before
    parts.reverse()
    return parts


def _called(chart: Chart, network: Network, slot: str | None, begin: int, end: int) -> Called:
    _, owner = chart.ways(network, begin)[end]
    parts: tuple[Part, ...] = ()
    if (chart.skipping or network.phrases is None) and not network.takes_anything:
        parts = parts_of(chart, network, owner, begin, end)
    return Called(network, slot, owner, begin, end, parts, chart.skipping)


def _first_written(chart: Chart, ends: list[Step], entry: Node) -> list[Part]:
    """The parts of an entry by its arcs: of the best ways that which takes the first ones."""
    parts: list[Part] = []
    for arc, begin, end in _path(chart, ends, entry):
        if arc is None:
            continue
        if isinstance(arc.label, Caller):
            parts.append(_called(chart, arc.label.network, arc.label.slot, begin, end))
        elif chart.skipping or arc.readings:
            parts.append(Spoken(begin, arc.readings))
    return parts


def _path(chart: Chart, ends: list[Step], entry: Node) -> list[tuple[Arc | None, int, int]]:
    """The arcs, None for words that are skipped, and where each begins and ends."""
    first, onward = _best_steps(chart, ends)
    path: list[tuple[Arc | None, int, int]] = []
    failed: set[tuple[Node, int]] = set()

    def walk(node: Node, step: Step) -> bool:
        """Go on from a node of the entry, which is one of the state that the step reached."""
        steps = onward[id(step)]
        if not steps:
            return node.ends is not None
        if (node, id(step)) in failed:
            return False
        begin = step[1]
        word = chart.words[begin]
        chart.effort.spend(len(node.arcs) * len(steps) + 1)
        for arc in node.arcs:
            label, target, literal, _ = arc
            if isinstance(label, Caller):
                reader: Via = label.network
            elif label == word:
                reader = literal
            else:
                continue
            for via, after in steps:
                if via is reader:
                    path.append((arc, begin, after[1]))
                    if walk(target, after):
                        return True
                    path.pop()
        for via, after in steps:
            if via is None:
                path.append((None, begin, after[1]))
                if walk(node, after):
                    return True
                path.pop()
        failed.add((node, id(step)))
        return False

    walk(entry, first)
    return path


def _best_steps(chart: Chart, ends: list[Step]) -> tuple[Step, dict[int, _Onward]]:
    """The first step, and those after each (by its ``id``) that are on a best way to the ends."""
    onward: dict[int, _Onward] = {id(step): [] for step in ends}
    several: dict[int, int] = {}
    waiting, first = list(ends), ends[0]
    while waiting:
        after = waiting.pop()
        way: Step | None = after
        while way is not None:
            _, _, before, via, way = way
            chart.effort.spend(1)
            if before is None:
                first = after
            elif id(before) not in onward:
                onward[id(before)] = [(via, after)]
                waiting.append(before)
            else:
                onward[id(before)].append((via, after))
                several[id(before)] = before[1]
    for step, begin in several.items():
        onward[step].sort(key=partial(_order, chart, begin))
    return first, onward


def _order(chart: Chart, begin: int, one: tuple[Via, Step]) -> tuple[int, int]:
    """Of a called network, the entry that is written first comes first."""
    via, (_, end, *_) = one
    return chart.ways(via, begin)[end][1] if isinstance(via, Network) else 0, end
