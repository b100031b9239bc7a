"""Templates compiled into networks of spoken words, which call each other.

All sentences together are one network, and so is each list and each rule: it is compiled once,
whoever uses it. The graph therefore grows with what is written, not with what it can say.

A template becomes words in two steps. First it is a graph of *pieces* (``light``, ``s``, space,
nothing), because brackets may part a word: ``light[s]``. Then from each place where a word may
begin, the pieces up to the next space are joined, and those words are the arcs. A list or rule is
called where spaces part it from what is beside it; where it is part of a word, as in ``{area}[s]``,
its own pieces are put in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple, TypeAlias

from assistant.errors import IntentError, Problem
from assistant.intents.model import (
    Block,
    Connectives,
    IntentSet,
    ListValue,
    Requirement,
    SlotType,
    Template,
)
from assistant.intents.network import Arc, Caller, Network, Node, Reading, Role
from assistant.intents.scope import Scope
from assistant.intents.template import (
    NOTHING,
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


@dataclass(frozen=True, slots=True)
class Sentence:
    """A template of the graph, with the intent it means and the block it stands in."""

    intent: str
    template: Template
    block: Block


def build_graph(intent_set: IntentSet) -> tuple[Network, tuple[Sentence, ...]]:
    """Compile all sentences: entry i of the network is sentence i.

    Raises IntentError when they make the graph too large.
    """
    shelf = _Shelf(intent_set)
    outer = _Names(shelf, Scope(intent_set.lists, intent_set.rules, intent_set.types.types))
    sentences: list[Sentence] = []
    entries: list[Node] = []
    for intent in intent_set.intents.values():
        for block in intent.blocks:
            scope = outer.scope.within(block.lists, block.rules)
            conditions = _Conditions((*block.requires, *block.narrows), block.excludes)
            same = scope is outer.scope and conditions == outer.conditions
            names = outer if same else _Names(shelf, scope, conditions)
            for template in block.sentences:
                before = shelf.size
                sentences.append(Sentence(intent.name, template, block))
                try:
                    entries.append(names.entry(template.tree, len(entries)))
                except _TooLargeError:
                    raise IntentError([_too_large(template, before)]) from None
                except _GluedError as error:
                    raise IntentError([_glued(template, str(error))]) from None
    return Network(entries), tuple(sentences)


def _too_large(template: Template, before: int) -> Problem:
    message = f"the word graph grows beyond {MAXIMUM_ARCS:,} words with this sentence"
    fewer = "use fewer or shorter lists, or fewer brackets inside of words"
    return Problem(message, template.source.place, f"{before:,} before it: {fewer}")


class _TooLargeError(Exception):
    pass


class _GluedError(Exception):
    """A slot that takes whole words is part of a word."""


def _glued(template: Template, name: str) -> Problem:
    offset = max(template.source.text.find(f"{{{name}"), 0)
    message = f"'{{{name}}}' takes whole words, and here it is part of one"
    place = template.source.at(offset, len(name) + 2)
    return Problem(message, place, "put a space before and after it")


@dataclass
class _Shelf:
    """The networks so far; equal ones of different blocks are the same one."""

    intents: IntentSet
    networks: dict[tuple[object, ...], Network] = field(default_factory=dict)
    anything: Network = field(default_factory=lambda: Network((), Role.ANYTHING))
    size: int = 0

    def count(self, arcs: int) -> None:
        self.size += arcs
        if self.size > MAXIMUM_ARCS:
            raise _TooLargeError

    @cached_property
    def of_types(self) -> _Names:
        """The lists and rules that slot types can name. No word of theirs is a sentence's own."""
        types = self.intents.types
        return _Names(self, Scope(types.lists, types.rules), literal=False)


@dataclass(frozen=True)
class _Conditions:
    """What the context must be like for a block: list values that contradict it are left out."""

    wanted: tuple[Requirement, ...] = ()
    unwanted: tuple[Requirement, ...] = ()

    def allow(self, value: ListValue) -> bool:
        known = value.context
        return all(one.key not in known or one.meets(known[one.key]) for one in self.wanted) and (
            not any(one.meets(known.get(one.key)) for one in self.unwanted)
        )


@dataclass
class _Names:
    """Networks of the lists, rules and slot types that a block of sentences can name."""

    shelf: _Shelf
    scope: Scope
    conditions: _Conditions = _Conditions()
    literal: bool = True
    known: dict[tuple[str, str], Network] = field(default_factory=dict)

    def entry(self, tree: Part, number: int, *, literal: bool | None = None) -> Node:
        """Compile a template as that entry of a network."""
        pieces = _Pieces(self)
        end = pieces.add(tree, _START)
        while glued := pieces.glued():
            pieces = _Pieces(self, pieces.inside | glued)
            end = pieces.add(tree, _START)
        return _joined(pieces, end, number, literal=self.literal if literal is None else literal)

    def called(self, part: ListReference | RuleReference) -> Network:
        if isinstance(part, RuleReference):
            return self.known.get(("rule", part.name)) or self.rule_network(part.name)
        if part.several:
            return self.known.get(("some", part.name)) or self.some_network(part.name)
        return self.known.get(("list", part.name)) or self.list_network(part.name)

    def list_network(self, name: str) -> Network:
        """Compile a list: entry i is its value i, no word counts as the template's own."""
        if self.scope.takes_anything(name):
            return self.shelf.anything
        one = self.scope.lists.get(name)
        if one is None:
            return self.type_network(self.scope.types[name])
        values = tuple(filter(self.conditions.allow, one.values))
        some = tuple(map(id, values)) if len(values) < len(one.values) else None
        key = id(one), some
        network = self.shelf.networks.get(key)
        if network is None:
            pronouns = self.shelf.intents.connectives.pronouns if one.remembered else ()
            values += tuple(ListValue(_said(words), None, pronoun=True) for words in pronouns)
            entries = [
                self.entry(value.tree, number, literal=False) for number, value in enumerate(values)
            ]
            network = Network(
                entries,
                Role.VALUES,
                name,
                values=values,
                preferred=one.preferred,
                remembered=one.remembered,
            )
            self.shelf.networks[key] = network
        return self.known.setdefault(("list", name), network)

    def type_network(self, one: SlotType) -> Network:
        """Compile a slot type: entry i is its sentence i, whose lists are fields."""
        network = self.shelf.networks.get((id(one),))
        if network is None:
            names = self.shelf.of_types
            entries = [names.entry(each.tree, i) for i, each in enumerate(one.sentences)]
            network = Network(entries, Role.TYPED, one.name, kind=one.kind)
            self.shelf.networks[(id(one),)] = network
        return self.known.setdefault(("list", one.name), network)

    def some_network(self, name: str) -> Network:
        """Compile some values of a list, "the kitchen and the hall", and all but some."""
        listed = self.called(ListReference(name, "", 0))
        key = "some", id(listed)
        network = self.shelf.networks.get(key)
        if network is None:
            joined = _joined_values(name, self.shelf.intents.connectives)
            entries = [self.entry(joined, 0, literal=False)]
            ways = self.scope.lists[name].all_of if name in self.scope.lists else ()
            if ways:
                without = [_said(words) for words in self.shelf.intents.connectives.excepting]
                rest = [Sequence((Words(" "), Choice(tuple(without)), Words(" "), joined))]
                tree = Sequence((Choice(ways), Choice((*(rest if without else []), NOTHING))))
                entries.append(self.entry(tree, 1, literal=False))
            network = Network(entries, Role.SOME, name, several=listed)
            self.shelf.networks[key] = network
        return self.known.setdefault(("some", name), network)

    def rule_network(self, name: str) -> Network:
        """Compile a rule; rules that name the same are the same in every scope."""
        one = self.scope.rules[name]
        named = (id(self.called(part)) for part in self.scope.references[name])
        key = (id(one), *named)
        network = self.shelf.networks.get(key)
        if network is None:
            network = Network([self.entry(one.template.tree, 0)], name=name)
            self.shelf.networks[key] = network
        return self.known.setdefault(("rule", name), network)


def _joined_values(name: str, connectives: Connectives) -> Part:
    """Up to four values: commas are not spoken, so only the last one needs an "and"."""
    space = Words(" ")
    articles = [_said(words) for words in connectives.articles]
    article = Choice((*(Sequence((one, space)) for one in articles), NOTHING))
    value = Sequence((article, ListReference(name, "", 0)))
    joining = [Sequence((_said(words), space)) for words in connectives.joining]
    if not joining:
        return value
    together = Choice(tuple(joining))
    next_one = Choice((Sequence((space, Choice((together, NOTHING)), value)), NOTHING))
    last = Choice((Sequence((next_one, next_one, space, together, value)), NOTHING))
    return Sequence((value, last))


def _said(words: tuple[str, ...]) -> Part:
    return Words(" ".join(words))


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

    names: _Names
    inside: frozenset[_Chain] = frozenset()
    arcs: list[list[_Piece]] = field(default_factory=lambda: [[]])

    def state(self) -> int:
        self.arcs.append([])
        if len(self.arcs) > MAXIMUM_ARCS:
            raise _TooLargeError
        return len(self.arcs) - 1

    def add(
        self, part: Part, start: int, reading: Reading | None = None, chain: _Chain = ()
    ) -> int:
        """Add a part between ``start`` and a state that is returned."""
        match part:
            case Words(text):
                for piece in _split(text, self.names.shelf.intents.language):
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
            case InlineList(slot, options):
                readings = [Reading(slot, _inline_value(one)) for one in options]
                pairs = zip(options, readings, strict=True)
                return self.join([self.add(one, start, each) for one, each in pairs])
            case ListReference() | RuleReference():
                return self.reference(part, start, (*chain, part.offset))

    def reference(self, part: ListReference | RuleReference, start: int, chain: _Chain) -> int:
        scope = self.names.scope
        if chain not in self.inside:
            end = self.state()
            slot = part.slot if isinstance(part, ListReference) else None
            call = Caller(self.names.called(part), slot)
            self.arcs[start].append(_Piece(call, end, None, chain))
            return end
        if isinstance(part, RuleReference):
            return self.add(scope.trees[part.name], start, None, chain)
        if part.several or part.name not in scope.lists or scope.takes_anything(part.name):
            raise _GluedError(part.name)
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
            found[Arc(said, to, literal and not readings, readings)] = None
        node.arcs = tuple(found)
        pieces.names.shelf.count(len(found))
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
            raise _TooLargeError
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
