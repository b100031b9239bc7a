"""What templates say, worked out from their trees without expanding them.

A scope is the lists and rules that a template can name. Rules are worked out once each, the used
before their users, so a short file that stands for a billion sentences costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from math import factorial

from assistant.errors import Problem
from assistant.intents.model import Rule, SlotList, SlotType, Template
from assistant.intents.template import (
    AnyOrder,
    Choice,
    InlineList,
    ListReference,
    Part,
    RuleReference,
    Sequence,
    Words,
    inline_lists,
    references,
)
from assistant.intents.words import normalise
from assistant.yamlsource import did_you_mean

# Rules in rules in rules: deeper than this is a mistake, and could exhaust Python's stack.
MAXIMUM_DEPTH = 10
# A rule of so few texts is put where it is used: calling it would cost more, at load and to match.
SMALL_RULE = 6
FREE_TEXT = "text"
"""The slot type that takes any words; a list of the owner's may have its name."""
COMMAND = "command"
"""The slot type that takes words that are a command by themselves; as above."""


@dataclass(frozen=True, slots=True)
class Facts:
    """About all sentences of a template.

    ``empty``: one of them has no word. ``free``: one of them has no word that is written, only
    slots for any words, or none. ``certain``: slots that each of them fills; ``possible``: that
    some fill.
    """

    empty: bool = True
    free: bool = True
    certain: frozenset[str] = frozenset()
    possible: frozenset[str] = frozenset()

    @classmethod
    def all_of(cls, facts: Iterable[Facts]) -> Facts:
        """One after the other."""
        parts = list(facts)
        return Facts(
            all(one.empty for one in parts),
            all(one.free for one in parts),
            frozenset().union(*(one.certain for one in parts)),
            frozenset().union(*(one.possible for one in parts)),
        )

    @classmethod
    def one_of(cls, facts: Iterable[Facts]) -> Facts:
        """One of them, of which there is at least one."""
        options = list(facts)
        return Facts(
            any(one.empty for one in options),
            any(one.free for one in options),
            frozenset.intersection(*(one.certain for one in options)),
            frozenset().union(*(one.possible for one in options)),
        )


@dataclass(frozen=True)
class Scope:
    """Lists, rules and slot types by name. A list comes before a type of the same name."""

    lists: Mapping[str, SlotList]
    rules: Mapping[str, Rule]
    types: Mapping[str, SlotType] = field(default_factory=dict)

    def takes_anything(self, name: str) -> bool:
        """Whether ``{name}`` is any words."""
        one = self.lists.get(name)
        return one.wildcard if one else name in {FREE_TEXT, COMMAND} and name not in self.types

    def is_command(self, name: str) -> bool:
        """Whether ``{name}`` is words that are a command."""
        return name == COMMAND and name not in self.lists and name not in self.types

    def within(self, lists: Mapping[str, SlotList], rules: Mapping[str, Rule]) -> Scope:
        """Scope of a block, whose own lists and rules come first."""
        if not lists and not rules:
            return self
        return Scope({**self.lists, **lists}, {**self.rules, **rules}, self.types)

    @cached_property
    def _slots(self) -> Set[str]:
        """What a slot can be of."""
        return {*self.lists, *self.types, FREE_TEXT, COMMAND}

    @cached_property
    def trees(self) -> Mapping[str, Part]:
        """Tree of each rule."""
        return {name: rule.template.tree for name, rule in self.rules.items()}

    @cached_property
    def references(self) -> Mapping[str, tuple[ListReference | RuleReference, ...]]:
        """What each rule names."""
        return {name: tuple(references(tree)) for name, tree in self.trees.items()}

    @cached_property
    def small_rules(self) -> frozenset[str]:
        """Rules of a few words only, such as "(the|my)"."""
        return frozenset(
            name
            for name, tree in self.trees.items()
            if not self.references[name] and _texts(tree) <= SMALL_RULE
        )

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Rules that can be worked out, each after those it uses; a circle is left out."""
        uses = {name: _rules_in(tree) & self.rules.keys() for name, tree in self.trees.items()}
        depth: dict[str, int] = {}
        while ready := [n for n in uses if n not in depth and uses[n] <= depth.keys()]:
            for name in ready:
                depth[name] = 1 + max((depth[used] for used in uses[name]), default=0)
        return tuple(name for name, level in depth.items() if level <= MAXIMUM_DEPTH)

    @cached_property
    def rule_facts(self) -> Mapping[str, Facts]:
        """Facts of each rule in ``order``."""
        facts: dict[str, Facts] = {}
        for name in self.order:
            facts[name] = self._facts(self.trees[name], facts)
        return facts

    def facts(self, tree: Part) -> Facts:
        """Facts of a template; what it names wrongly has a word."""
        known = self._known.get(id(tree))
        if known is None:
            # The tree is kept with its facts, so that no other one can have its id.
            known = self._known[id(tree)] = tree, self._facts(tree, self.rule_facts)
        return known[1]

    @cached_property
    def _known(self) -> dict[int, tuple[Part, Facts]]:
        return {}

    def _facts(self, part: Part, rules: Mapping[str, Facts]) -> Facts:
        match part:
            case Words(text):
                return Facts(empty := _is_empty(text), free=empty)
            case Sequence(parts) | AnyOrder(parts):
                return Facts.all_of(self._facts(one, rules) for one in parts)
            case Choice(options):
                return Facts.one_of(self._facts(one, rules) for one in options)
            case RuleReference(name):
                return rules.get(name, Facts(empty=False, free=False))
            case ListReference(name, slot):
                slots = frozenset({slot})
                return Facts(False, self.takes_anything(name), slots, slots)
            case InlineList(slot):
                slots = frozenset({slot})
                return Facts(False, False, slots, slots)

    def problems(self, template: Template) -> list[Problem]:
        """Names in a template that are nothing's name."""
        found = []
        for inline in inline_lists(template.tree):
            if any(self.facts(option).empty for option in inline.options):
                place = template.source.at(inline.offset)
                found.append(Problem(f"a value of '{inline.slot}' can be empty", place))
        for reference in references(template.tree):
            if (
                isinstance(reference, ListReference)
                and reference.several
                and self.takes_anything(reference.name)
            ):
                place = template.source.at(reference.offset, len(reference.name) + 3)
                message = f"'{{{reference.name}+}}' takes any words, so it cannot be several values"
                found.append(Problem(message, place, f"write {{{reference.name}}}"))
            is_list = isinstance(reference, ListReference)
            known = self._slots if is_list else self.rules.keys()
            if reference.name not in known:
                place = template.source.at(reference.offset, len(reference.name) + 2)
                message = f"unknown {'list' if is_list else 'rule'} '{reference.name}'"
                hint = did_you_mean(reference.name, known)
                if not hint and reference.name in (self.rules if is_list else self.lists):
                    name = reference.name
                    hint = f"write <{name}> for the rule" if is_list else f"write {{{name}}}"
                found.append(Problem(message, place, hint))
        return found

    def circles(self) -> list[Problem]:
        """Rules that use themselves, each circle once, and rules nested too deeply."""
        left = self.rules.keys() - set(self.order)
        problems, reported = [], set[str]()
        for name in (name for name in self.rules if name in left):
            path = [name]
            while path[-1] not in reported:
                inner = references(self.trees[path[-1]])
                onward = [r for r in inner if isinstance(r, RuleReference) and r.name in left]
                if not onward:
                    break  # only too deep
                if onward[0].name in path:
                    circle = path[path.index(onward[0].name) :]
                    reported.update(path)
                    source = self.rules[path[-1]].template.source
                    problems.append(
                        Problem(
                            f"rule '{circle[0]}' uses itself: {' → '.join([*circle, circle[0]])}",
                            source.at(onward[0].offset, len(onward[0].name) + 2),
                        )
                    )
                    break
                path.append(onward[0].name)
            else:
                reported.update(path)
            if not reported.intersection(path):
                message = f"rules nested deeper than {MAXIMUM_DEPTH}"
                problems.append(Problem(message, self.rules[name].place))
                reported.update(left)
        return problems


def _texts(part: Part) -> int:
    """The number of texts in a template, with every order written out."""
    match part:
        case Words():
            return 1
        case Sequence(parts) | Choice(parts) | InlineList(options=parts):
            return sum(_texts(inner) for inner in parts)
        case AnyOrder(parts):
            spaces = len(parts) - 1
            return factorial(len(parts)) * (sum(_texts(inner) for inner in parts) + spaces)
        case _:
            return 0


@lru_cache(maxsize=4096)
def _is_empty(text: str) -> bool:
    return not normalise(text)


def _rules_in(part: Part) -> frozenset[str]:
    return frozenset(r.name for r in references(part) if isinstance(r, RuleReference))


def used_names(templates: Iterable[Template]) -> tuple[frozenset[str], frozenset[str]]:
    """Names of the lists, and of the rules, in templates."""
    all_of = [reference for one in templates for reference in references(one.tree)]
    return (
        frozenset(one.name for one in all_of if isinstance(one, ListReference)),
        frozenset(one.name for one in all_of if isinstance(one, RuleReference)),
    )
