"""Templates compiled into networks of spoken words, which call each other.

All sentences together are one network, and so is each list and each rule: it is compiled once,
whoever uses it. The graph therefore grows with what is written, not with what it can say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from assistant.errors import IntentError, Problem
from assistant.intents.model import (
    Block,
    Connectives,
    IntentSet,
    ListValue,
    Requirement,
    Rule,
    SlotList,
    SlotType,
    Template,
)
from assistant.intents.network import Network, Node, Role, TooLargeError
from assistant.intents.pieces import MAXIMUM_ARCS, GluedError, compile_entry
from assistant.intents.scope import COMMAND, Scope
from assistant.intents.template import (
    NOTHING,
    Choice,
    ListReference,
    Part,
    RuleReference,
    Sequence,
    Words,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A template of the graph, with the intent it means and the block it stands in.

    ``written`` and ``place`` are the template and its place as texts, for each match.
    """

    intent: str
    template: Template
    block: Block
    written: str
    place: str


def build_graph(intent_set: IntentSet) -> tuple[Network, tuple[Sentence, ...]]:
    """Compile all sentences: entry i of the network is sentence i.

    Raises IntentError when they make the graph too large.
    """
    shelf = _Shelf(intent_set)
    outer = _Names(shelf, Scope(*shelf.scopes))
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
                source = template.source
                written, place = source.text, str(source.place)
                sentences.append(Sentence(intent.name, template, block, written, place))
                try:
                    entries.append(names.entry(template.tree, len(entries)))
                except TooLargeError:
                    raise IntentError([_too_large(template, before)]) from None
                except GluedError as error:
                    raise IntentError([_glued(template, str(error))]) from None
    return Network(entries), tuple(sentences)


def _too_large(template: Template, before: int) -> Problem:
    message = f"the word graph grows beyond {MAXIMUM_ARCS:,} words with this sentence"
    fewer = "use fewer or shorter lists, or fewer brackets inside of words"
    return Problem(message, template.source.place, f"{before:,} before it: {fewer}")


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
    any_command: Network = field(
        default_factory=lambda: Network((), Role.ANYTHING, COMMAND, commands=True)
    )
    words: dict[str, str] = field(default_factory=dict)
    size: int = 0

    @property
    def scopes(self) -> tuple[Mapping[str, SlotList], Mapping[str, Rule], Mapping[str, SlotType]]:
        """The lists, rules and slot types of all files."""
        return self.intents.lists, self.intents.rules, self.intents.types.types

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
        own = self.literal if literal is None else literal
        return compile_entry(self, tree, number, literal=own)

    @property
    def language(self) -> str:
        return self.shelf.intents.language

    def any_words(self, name: str) -> Network:
        return self.shelf.any_command if self.scope.is_command(name) else self.shelf.anything

    def once(self, word: str) -> str:
        return self.shelf.words.setdefault(word, word)

    def count(self, arcs: int) -> None:
        self.shelf.size += arcs
        if self.shelf.size > MAXIMUM_ARCS:
            raise TooLargeError

    def called(self, part: ListReference | RuleReference) -> Network:
        if isinstance(part, RuleReference):
            return self.known.get(("rule", part.name)) or self.rule_network(part.name)
        if part.several:
            return self.known.get(("some", part.name)) or self.some_network(part.name)
        return self.known.get(("list", part.name)) or self.list_network(part.name)

    def list_network(self, name: str) -> Network:
        """Compile a list: entry i is its value i, no word counts as the template's own."""
        if self.scope.is_command(name):
            return self.known.setdefault(("list", name), self.command_network())
        one = self.scope.lists.get(name)
        if self.scope.takes_anything(name) and not (one and one.values):
            return self.shelf.anything
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

    def command_network(self) -> Network:
        """Compile the sentences that can be said with a time: the likely ones of all commands."""
        network = self.shelf.networks.get((COMMAND,))
        if network is None:
            values: list[ListValue] = []
            entries: list[Node] = []
            outer = Scope(*self.shelf.scopes)
            for intent in self.shelf.intents.intents.values():
                for block in intent.blocks if intent.later else ():
                    names = _Names(self.shelf, outer.within(block.lists, block.rules))
                    for template in block.sentences if block.heard else ():
                        entries.append(names.entry(template.tree, len(entries), literal=False))
                        values.append(ListValue(template.tree, None))
            network = self.shelf.any_command
            if entries:
                network = Network(entries, Role.VALUES, COMMAND, values=values, commands=True)
            self.shelf.networks[(COMMAND,)] = network
        return network

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
