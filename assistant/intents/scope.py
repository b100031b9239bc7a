"""What templates say, worked out from their trees without expanding them.

A scope is the lists and rules that a template can name. Rules are worked out once each, the used
before their users, so a short file that stands for a billion sentences costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce

from assistant.errors import Problem
from assistant.intents.model import Rule, SlotList, Template
from assistant.intents.template import (
    Choice,
    ListReference,
    Part,
    RuleReference,
    Sequence,
    Words,
    references,
)
from assistant.intents.words import normalise
from assistant.yamlsource import did_you_mean

# Rules in rules in rules: deeper than this is a mistake, and could exhaust Python's stack.
MAXIMUM_DEPTH = 10
# Counting ends here; rules in rules could otherwise stand for a number that fills the memory.
MANY = 10**12


@dataclass(frozen=True, slots=True)
class Facts:
    """About all sentences of a template.

    ``empty``: one of them has no word. ``certain``: slots that each of them fills; ``possible``:
    that some fill. ``sentences``: how many there are, up to MANY; ``words``: words in the graph.
    """

    empty: bool = True
    certain: frozenset[str] = frozenset()
    possible: frozenset[str] = frozenset()
    sentences: int = 1
    words: int = 0

    def then(self, other: Facts) -> Facts:
        """One after the other."""
        return Facts(
            self.empty and other.empty,
            self.certain | other.certain,
            self.possible | other.possible,
            min(self.sentences * other.sentences, MANY),
            self.words + other.words,
        )

    def instead(self, other: Facts) -> Facts:
        """One or the other."""
        return Facts(
            self.empty or other.empty,
            self.certain & other.certain,
            self.possible | other.possible,
            min(self.sentences + other.sentences, MANY),
            self.words + other.words,
        )


@dataclass(frozen=True)
class Scope:
    """Lists and rules by name."""

    lists: Mapping[str, SlotList]
    rules: Mapping[str, Rule]

    def within(self, lists: Mapping[str, SlotList], rules: Mapping[str, Rule]) -> Scope:
        """Scope of a block, whose own lists and rules come first."""
        if not lists and not rules:
            return self
        return Scope({**self.lists, **lists}, {**self.rules, **rules})

    @cached_property
    def trees(self) -> Mapping[str, Part]:
        """Tree of each rule."""
        return {name: rule.template.tree for name, rule in self.rules.items()}

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

    @cached_property
    def _list_facts(self) -> Mapping[str, Facts]:
        nothing = Facts(empty=False, sentences=0)
        return {
            name: reduce(Facts.instead, (self._facts(v.tree, {}) for v in one.values), nothing)
            for name, one in self.lists.items()
        }

    def facts(self, template: Template) -> Facts:
        """Facts of a template; what it names wrongly counts as one word."""
        return self._facts(template.tree, self.rule_facts)

    def _facts(self, part: Part, rules: Mapping[str, Facts]) -> Facts:
        match part:
            case Words(text):
                words = len(normalise(text))
                return Facts(empty=not words, words=words)
            case Sequence(parts):
                return reduce(Facts.then, (self._facts(one, rules) for one in parts), Facts())
            case Choice(options):
                first, *others = (self._facts(one, rules) for one in options)
                return reduce(Facts.instead, others, first)
            case RuleReference(name):
                return rules.get(name, Facts(empty=False, words=1))
            case ListReference(name, slot):
                values = self._list_facts.get(name, Facts(empty=False))
                slots = frozenset({slot})
                return Facts(values.empty, slots, slots, values.sentences, values.words)

    def problems(self, template: Template) -> list[Problem]:
        """Names in a template that are nothing's name."""
        found = []
        for reference in references(template.tree):
            is_list = isinstance(reference, ListReference)
            known = self.lists if is_list else self.rules
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


def _rules_in(part: Part) -> frozenset[str]:
    return frozenset(r.name for r in references(part) if isinstance(r, RuleReference))


def used_names(templates: Iterable[Template]) -> tuple[frozenset[str], frozenset[str]]:
    """Names of the lists, and of the rules, in templates."""
    all_of = [reference for one in templates for reference in references(one.tree)]
    return (
        frozenset(one.name for one in all_of if isinstance(one, ListReference)),
        frozenset(one.name for one in all_of if isinstance(one, RuleReference)),
    )
