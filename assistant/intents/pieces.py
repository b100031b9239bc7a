"""Pieces of one template (``light``, ``s``, a space, nothing), and the words they are joined to.

Brackets may part a word: ``light[s]``. From each place where a word may begin, the pieces up to the
next space are joined, and those words are the arcs. A list or rule is called where spaces part it
from what is beside it; where it is part of a word, as in ``{area}[s]``, its own pieces are put in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, Protocol, TypeAlias

from assistant.intents.model import ListValue
from assistant.intents.network import Arc, Caller, Network, Node, Reading, TooLargeError
from assistant.intents.scope import Scope
from assistant.intents.template import (
    AnyOrder,
    Choice,
    InlineList,
    ListReference,
    Part,
    RuleReference,
    Sequence,
    Words,
)
from assistant.intents.words import spell

# 2,000 templates with lists of 100 names need some 25,000 words, 10,000 some 120,000.
# The limit is what a desktop computer compiles in some three seconds.
MAXIMUM_ARCS = 200_000

_START = 0
_SPACE = " "
_PIECE = re.compile(" |[^ ]+")
# Where a reference stands: its offset in the template, after those of the rules around it.
_Chain: TypeAlias = tuple[int, ...]


class GluedError(Exception):
    """A slot that takes whole words, which the text names, is part of a word."""


class Names(Protocol):
    """What the lists and rules of a template are."""

    @property
    def scope(self) -> Scope:
        """Them, by name."""
        ...

    @property
    def language(self) -> str:
        """The language of the templates."""
        ...

    def any_words(self, name: str) -> Network:
        """Any words at all, as the list or slot type of that name takes them."""
        ...

    def called(self, part: ListReference | RuleReference) -> Network:
        """Compile a list, rule or slot type."""
        ...

    def once(self, word: str) -> str:
        """The same word as one object: it is in many templates."""
        ...

    def count(self, arcs: int) -> None:
        """Add to the size of the graph. Raises TooLargeError."""
        ...


def compile_entry(names: Names, tree: Part, number: int, *, literal: bool) -> Node:
    """Compile a template as entry ``number`` of a network.

    ``literal``: its words count as those of a template. Raises TooLargeError and GluedError.
    """
    pieces = _Pieces(names)
    end = pieces.add(tree, _START)
    while glued := pieces.glued():
        pieces = _Pieces(names, pieces.inside | glued)
        end = pieces.add(tree, _START)
    return _joined(pieces, end, number, literal=literal)


class _Piece(NamedTuple):
    """A part of a word, a space, nothing, or a call of what stands at ``chain``."""

    piece: str | Caller
    target: int
    reading: Reading | None
    chain: _Chain = ()


@dataclass
class _Pieces:
    """Pieces of one template: ``arcs[state]`` lead to higher states only; state 0 is the start.

    References in ``inside`` are not called: their pieces stand here.
    """

    names: Names
    inside: frozenset[_Chain] = frozenset()
    arcs: list[list[_Piece]] = field(default_factory=lambda: [[]])

    def state(self) -> int:
        self.arcs.append([])
        if len(self.arcs) > MAXIMUM_ARCS:
            raise TooLargeError
        return len(self.arcs) - 1

    def add(
        self, part: Part, start: int, reading: Reading | None = None, chain: _Chain = ()
    ) -> int:
        """Add a part between ``start`` and a state that is returned."""
        match part:
            case Words(text):
                for piece in _split(text, self.names.language):
                    end = self.state()
                    self.arcs[start].append(_Piece(piece, end, reading))
                    start = end
                return start
            case Sequence(parts):
                for inner in parts:
                    start = self.add(inner, start, reading, chain)
                return start
            case Choice(options):
                return self.join([self.add(one, start, reading, chain) for one in options])
            case AnyOrder():
                return self.join([self.add(one, start, reading, chain) for one in part.orders()])
            case InlineList(slot, options):
                readings = [Reading(slot, _inline_value(one)) for one in options]
                pairs = zip(options, readings, strict=True)
                return self.join([self.add(one, start, each) for one, each in pairs])
            case ListReference() | RuleReference():
                return self.reference(part, start, (*chain, part.offset))

    def reference(self, part: ListReference | RuleReference, start: int, chain: _Chain) -> int:
        scope = self.names.scope
        if isinstance(part, RuleReference) and part.name in scope.small_rules:
            return self.add(scope.trees[part.name], start, None, chain)
        if chain not in self.inside:
            end = self.state()
            slot = part.slot if isinstance(part, ListReference) else None
            called = [self.names.called(part)]
            if slot is not None and scope.takes_anything(part.name):
                # Its likely values come first; one that has none is called but once.
                called = list(dict.fromkeys([*called, self.names.any_words(part.name)]))
            for network in called:
                self.arcs[start].append(_Piece(Caller(network, slot), end, None, chain))
            return end
        if isinstance(part, RuleReference):
            return self.add(scope.trees[part.name], start, None, chain)
        if part.several or part.name not in scope.lists or scope.takes_anything(part.name):
            raise GluedError(part.name)
        values = scope.lists[part.name].values
        return self.join([self.add(one.tree, start, Reading(part.slot, one)) for one in values])

    def join(self, ends: list[int]) -> int:
        end = self.state()
        for one in ends:
            self.arcs[one].append(_Piece("", end, None))
        return end

    def glued(self) -> frozenset[_Chain]:
        """Calls that are part of a word, because something stands beside them without a space."""
        calls = [
            (state, arc)
            for state, arcs in enumerate(self.arcs)
            for arc in arcs
            if isinstance(arc.piece, Caller)
        ]
        if not calls:
            return frozenset()
        within, goes_on = [False] * len(self.arcs), [False] * len(self.arcs)
        for state, arcs in enumerate(self.arcs):
            for piece, target, *_ in arcs:
                if piece != _SPACE:
                    within[target] |= piece != "" or within[state]
        for state in reversed(range(len(self.arcs))):
            goes_on[state] = any(
                piece != _SPACE and (piece != "" or goes_on[target])
                for piece, target, *_ in self.arcs[state]
            )
        return frozenset(a.chain for state, a in calls if within[state] or goes_on[a.target])


def _inline_value(option: Part) -> ListValue:
    """Words mean themselves, as they are written, and whole numbers are numbers."""
    if not isinstance(option, Words):
        return ListValue(option, None)
    text = option.text.strip()
    return ListValue(option, int(text) if re.fullmatch(r"-?[0-9]{1,15}", text) else text)


@lru_cache(maxsize=4096)
def _split(text: str, language: str) -> tuple[str, ...]:
    return tuple(_PIECE.findall(spell(text, language)))


def _joined(pieces: _Pieces, end: int, number: int, *, literal: bool) -> Node:
    """Join pieces to words. A word begins at the start and after each space."""
    first = Node()
    nodes = {_START: first}
    waiting = [_START]
    while waiting:
        begin = waiting.pop()
        node = nodes[begin]
        found: dict[Arc, None] = {}
        for said, target, readings in _words(pieces, begin, end):
            if said == "":
                node.ends = number
                continue
            to = nodes.get(target)
            if to is None:
                to = nodes[target] = Node(ends=number if target == end else None)
                waiting.append(target)
            label = pieces.names.once(said) if isinstance(said, str) else said
            found[Arc(label, to, literal and not readings, readings)] = None
        node.arcs = tuple(found)
        pieces.names.count(len(found))
    return first


def _words(
    pieces: _Pieces, begin: int, end: int
) -> list[tuple[str | Caller, int, tuple[Reading, ...]]]:
    """All (word or call, where the next begins, readings); word '' where nothing follows."""
    found: list[tuple[str | Caller, int, tuple[Reading, ...]]] = []
    seen = set()
    stack: list[tuple[int, str | Caller, tuple[Reading, ...]]] = [(begin, "", ())]
    while stack:
        at = stack.pop()
        if at in seen:
            continue
        seen.add(at)
        if len(seen) > MAXIMUM_ARCS:
            raise TooLargeError
        state, text, readings = at
        if isinstance(text, Caller):
            found.append((text, state, ()))
            if text.network.nullable:
                stack.append((state, "", ()))
            continue
        word = text.strip("'")
        if state == end:
            found.append((word, end, readings))
        for piece, target, reading, _ in reversed(pieces.arcs[state]):
            if isinstance(piece, Caller):
                stack.append((target, piece, ()))
            elif piece == _SPACE and word:
                found.append((word, target, readings))
            elif piece == _SPACE:
                stack.append((target, "", ()))
            elif reading is None or not piece or reading in readings:
                stack.append((target, text + piece, readings))
            else:
                stack.append((target, text + piece, (*readings, reading)))
    return found
