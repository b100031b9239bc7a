"""Determinise and minimise an acyclic word acceptor in one pass.

States of the result are sets of states of the source. They are finished in post-order, so when a
set's turn comes, all that can follow is known; two sets with the same end and the same arcs to the
same classes accept the same words from there on and become one state (their right language is
equal). No acceptor larger than the deterministic one is ever built.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TypeAlias

from assistant.intents.network import TooLargeError

# Source states that the arcs of the deterministic form lead to. It is about one for each of the
# million words that may be written out (see ``matcher``), in sentences that somebody says.
MAXIMUM_SIZE = 1_500_000

Arcs: TypeAlias = tuple[tuple[tuple[str, int], ...], ...]
_Class: TypeAlias = tuple[bool, tuple[tuple[str, int], ...]]


def minimise(
    start: Iterable[int],
    arcs_of: Callable[[int], Mapping[str, Collection[int]]],
    final: Collection[int],
    most: int = MAXIMUM_SIZE,
) -> tuple[Arcs, frozenset[int]]:
    """Return the arcs (sorted by word; state 0 is the start) and final states of the minimum.

    ``arcs_of`` gives a source state's targets by word; the source must be acyclic. Raises
    TooLargeError when the arcs of the deterministic form lead to more than ``most`` source states:
    they can be exponentially many, as when the twentieth word from the end decides.
    """
    size = 0
    class_of: dict[frozenset[int], int] = {}
    classes: dict[_Class, int] = {}
    moves: dict[frozenset[int], dict[str, frozenset[int]]] = {}
    dead = classes.setdefault((False, ()), 0)  # from where no sentence ends
    first = frozenset(start)
    stack = [first]
    while stack:
        states = stack[-1]
        if states in class_of:
            stack.pop()
            continue
        if states not in moves:
            moves[states] = _moves(states, arcs_of)
            size += sum(map(len, moves[states].values()))
            if size > most:
                raise TooLargeError
            waiting = [target for target in moves[states].values() if target not in class_of]
            if waiting:
                stack += waiting
                continue
        targets = ((word, class_of[to]) for word, to in moves.pop(states).items())
        arcs = tuple(sorted(target for target in targets if target[1] != dead))
        key = not states.isdisjoint(final), arcs
        class_of[states] = classes.setdefault(key, len(classes))
        stack.pop()
    return _numbered(list(classes), class_of[first])


def _moves(
    states: frozenset[int], arcs_of: Callable[[int], Mapping[str, Collection[int]]]
) -> dict[str, frozenset[int]]:
    targets: dict[str, set[int]] = {}
    for state in states:
        for word, to in arcs_of(state).items():
            targets.setdefault(word, set()).update(to)
    return {word: frozenset(to) for word, to in targets.items()}


def _numbered(classes: list[_Class], start: int) -> tuple[Arcs, frozenset[int]]:
    """Number the classes from the start outwards, so that equal acceptors are equal values."""
    number = {start: 0}
    arcs, final, queue = [], set(), deque([start])
    while queue:
        old = queue.popleft()
        is_final, old_arcs = classes[old]
        for _, target in old_arcs:
            if target not in number:
                number[target] = len(number)
                queue.append(target)
        if is_final:
            final.add(number[old])
        arcs.append(tuple((word, number[target]) for word, target in old_arcs))
    return tuple(arcs), frozenset(final)
