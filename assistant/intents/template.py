"""Sentence templates: ``turn (on|off) [the] {area} light[s]`` read into a tree.

The syntax is that of hassil, Home Assistant's matcher, so what people know carries over. There is
one function a rule; its docstring is the rule, with ``a*`` for any number of a.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from assistant.errors import Problem
from assistant.yamlsource import Text

# With rules in rules (scope.MAXIMUM_DEPTH), what Python's stack of 1,000 frames holds.
MAXIMUM_DEPTH = 10
# 5 parts have 120 orders, 6 would have 720: more than anyone means to say.
MAXIMUM_PERMUTED = 5
_CLOSING = {"(": ")", "[": "]", "{": "}", "<": ">"}
_TEXT = re.compile(r"(?:\\.|[^\\()\[\]{}<>|;])+", re.DOTALL)
_NAME = re.compile(r"[^\s()\[\]{}<>|;:+\\]+")


@dataclass(frozen=True, slots=True)
class Words:
    """Text; words are parted by its spaces, also at its edges."""

    text: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of these."""

    options: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class AnyOrder:
    """All of these, in any order, with a space between them."""

    parts: tuple[Part, ...]

    def orders(self) -> Iterator[Sequence]:
        """Write out each order."""
        space = Words(" ")
        for order in itertools.permutations(self.parts):
            yield Sequence(tuple(part for one in order for part in (one, space))[:-1])


@dataclass(frozen=True, slots=True)
class ListReference:
    """A value of a list or of a slot type, which fills a slot; or, with ``several``, some of them.

    ``offset`` is where it stands in the template.
    """

    name: str
    slot: str
    offset: int
    several: bool = False


@dataclass(frozen=True, slots=True)
class InlineList:
    """One of these, which fills a slot."""

    slot: str
    options: tuple[Part, ...]
    offset: int


@dataclass(frozen=True, slots=True)
class RuleReference:
    """What an expansion rule says."""

    name: str
    offset: int


Part: TypeAlias = Words | Sequence | Choice | AnyOrder | ListReference | InlineList | RuleReference

NOTHING = Sequence(())


def parse_template(source: Text, problems: list[Problem]) -> Part | None:
    """Read a template; a mistake is added to ``problems``, and then None is returned."""
    try:
        return _Parser(source.text).template()
    except _TemplateError as error:
        place = source.at(error.offset, error.length)
        problems.append(Problem(error.message, place, error.hint))
        return None


def references(part: Part) -> list[ListReference | RuleReference]:
    """All lists and rules that a template names, in its order."""
    match part:
        case ListReference() | RuleReference():
            return [part]
        case Sequence(parts) | Choice(parts) | AnyOrder(parts):
            return [reference for inner in parts for reference in references(inner)]
        case _:
            return []


def inline_lists(part: Part) -> list[InlineList]:
    """All lists that are written inside of a template, in its order."""
    match part:
        case InlineList():
            return [part]
        case Sequence(parts) | Choice(parts) | AnyOrder(parts):
            return [one for inner in parts for one in inline_lists(inner)]
        case _:
            return []


def fillers(
    part: Part, slot: str, rules: Mapping[str, Part]
) -> Iterator[ListReference | InlineList]:
    """All that fills a slot with one value in a template, also in the ``rules`` that it names."""
    match part:
        case ListReference() | InlineList():
            if part.slot == slot and not (isinstance(part, ListReference) and part.several):
                yield part
        case RuleReference():
            yield from fillers(rules[part.name], slot, rules)
        case Sequence(parts) | Choice(parts) | AnyOrder(parts):
            for inner in parts:
                yield from fillers(inner, slot, rules)


def texts(part: Part) -> Iterator[str]:
    """Write out a template without lists and rules, one text after the other."""
    match part:
        case Words(text):
            yield text
        case Sequence(parts):
            if not parts:
                yield ""
                return
            first, *rest = parts
            for begin in texts(first):
                for end in texts(Sequence(tuple(rest))):
                    yield begin + end
        case Choice(options):
            for option in options:
                yield from texts(option)
        case AnyOrder():
            for order in part.orders():
                yield from texts(order)


class _TemplateError(Exception):
    def __init__(self, message: str, offset: int, length: int = 1, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.offset, self.length, self.hint = message, offset, length, hint


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.offset = 0
        self.depth = 0

    def peek(self) -> str:
        return self.text[self.offset : self.offset + 1]

    def template(self) -> Part:
        """Template = sequence end."""
        part = self.sequence()
        if left := self.peek():
            if left in "|;":
                hint = "put the alternatives in brackets: (a|b)"
                raise _TemplateError(f"'{left}' outside of brackets", self.offset, hint=hint)
            raise _TemplateError(f"'{left}' closes nothing", self.offset)
        return part

    def sequence(self) -> Part:
        """Sequence = (text | group | optional | list | rule)*."""
        parts: list[Part] = []
        while (next_one := self.peek()) and next_one not in ")]}>|;":
            match next_one:
                case "(":
                    parts.append(self.group())
                case "[":
                    parts.append(self.optional())
                case "{":
                    parts.append(self.list_reference())
                case "<":
                    parts.append(self.rule_reference())
                case _:
                    parts.append(self.words())
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def group(self) -> Part:
        """Group = '(' sequence ('|' sequence)* ')' | '(' sequence (';' sequence)* ')'."""
        opened = self.offset
        options, separator = self.options()
        if separator == ";":
            return _permutation(options, opened)
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def optional(self) -> Part:
        """Optional = '[' sequence ('|' sequence)* ']', or with ';' as in a group."""
        opened = self.offset
        options, separator = self.options()
        if separator == ";":
            options = [_permutation(options, opened)]
        return Choice((*options, NOTHING))

    def list_reference(self) -> ListReference | InlineList:
        """List = '{' name (':' slot)? '+'? '}' | '{' slot ':' sequence ('|' sequence)+ '}'."""
        opened = self.opening()
        name = self.name("list", opened)
        slot = name
        if self.peek() == ":":
            after_colon = self.offset + 1
            options = self.alternatives(after_colon)
            if len(options) > 1:
                self.closing(opened)
                return InlineList(name, tuple(options), opened)
            self.offset = after_colon
            slot = self.name("slot", opened)
        several = self.peek() == "+"
        self.offset += several
        self.closing(opened)
        return ListReference(name, slot, opened, several)

    def alternatives(self, offset: int) -> list[Part]:
        """The options of an inline list, which hold words and brackets only."""
        self.offset = offset
        options = []
        while True:
            start = self.offset
            option = self.sequence()
            options.append(option)
            if self.peek() != "|":
                break
            if start == self.offset:
                raise _TemplateError("empty alternative", start)
            self.offset += 1
        if len(options) > 1:
            if start == self.offset:
                raise _TemplateError("empty alternative", start)
            for inner in (one for option in options for one in references(option)):
                message = "a list inside of a template cannot hold lists or rules"
                raise _TemplateError(message, inner.offset, hint="write it under 'lists:'")
        return options

    def rule_reference(self) -> RuleReference:
        """Rule = '<' name '>'."""
        opened = self.opening()
        name = self.name("rule", opened)
        self.closing(opened)
        return RuleReference(name, opened)

    def words(self) -> Words:
        r"""Text = ('\\' any character | a character that is no bracket, '|' or ';')*."""
        found = _TEXT.match(self.text, self.offset)
        if found is None:  # only a backslash at the very end is left
            hint = "write \\\\ for a backslash"
            raise _TemplateError("a '\\' with nothing after it", self.offset, hint=hint)
        self.offset = found.end()
        return Words(re.sub(r"\\(.)", r"\1", found[0], flags=re.DOTALL))

    def options(self) -> tuple[list[Part], str]:
        opened = self.opening()
        self.depth += 1
        if self.depth > MAXIMUM_DEPTH:
            raise _TemplateError(f"brackets nested deeper than {MAXIMUM_DEPTH}", opened)
        options, separator = [], ""
        while True:
            start = self.offset
            option = self.sequence()
            # A space says something: dish[ ]washer, {hours}( |-)hour.
            if start == self.offset and self.peek() in {"|", ";", ")", "]"}:
                hint = "use [a] for something that may be left out"
                raise _TemplateError("empty alternative", start, hint=hint)
            options.append(option)
            if self.peek() not in {"|", ";"}:
                break
            if separator and self.peek() != separator:
                hint = "put one of them in brackets of its own"
                raise _TemplateError("'|' and ';' in the same brackets", self.offset, hint=hint)
            separator = self.peek()
            self.offset += 1
        self.closing(opened)
        self.depth -= 1
        return options, separator

    def opening(self) -> int:
        self.offset += 1
        return self.offset - 1

    def closing(self, opened: int) -> None:
        bracket = self.text[opened]
        if self.peek() != _CLOSING[bracket]:
            raise _TemplateError(f"unclosed '{bracket}' opened here", opened)
        self.offset += 1

    def name(self, what: str, opened: int) -> str:
        found = _NAME.match(self.text, self.offset)
        if found is None:
            raise _TemplateError(f"a {what} without a name", opened)
        self.offset = found.end()
        return found[0]


def _permutation(options: list[Part], opened: int) -> Part:
    if len(options) > MAXIMUM_PERMUTED:
        message = f"more than {MAXIMUM_PERMUTED} parts in any order"
        raise _TemplateError(message, opened, hint="split the sentence into several")
    return AnyOrder(tuple(options))
