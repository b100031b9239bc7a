"""Reads the values of a list out of a text: a file beside the intents, or a program's output.

A value is a line, ``said`` or ``said = value``; or the text is a list in JSON or YAML, of the same
form as ``values``. A name is taken as it is spoken: the brackets in "Bob (work)" mean nothing, but
for ``in:`` in a YAML file, which the owner wrote as a template. A value after ``=`` stays the text
that it is, so that a telephone number keeps its zeros.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from assistant.errors import Place, Problem
from assistant.intents.lists import read_list
from assistant.intents.model import ListValue, SlotList
from assistant.intents.reading import Reader, TooManyMistakesError
from assistant.intents.template import Words
from assistant.intents.words import normalise
from assistant.values import SlotValue
from assistant.yamlsource import UNPRINTABLE, Items, Mapping, Text, parse_any

MAXIMUM_VALUES = 10_000
"""A large address book; a program that prints more is more likely mistaken."""

MAXIMUM_CHARACTERS = 1_000_000
TOLD_PROBLEMS = 10


def read_list_text(
    text: str, one: SlotList, language: str
) -> tuple[tuple[ListValue, ...], list[Problem]]:
    """Read the values of the list ``one`` from the text of its source.

    The problems are warnings, each at its place in the text; what they are about is left out, and
    the rest is used.
    """
    path = source_path(one)
    file = one.source.file if one.source else None
    reader = _TextReader(path, file, f"list '{one.name}'", language, [])
    found: dict[object, ListValue] = {}
    if len(text) > MAXIMUM_CHARACTERS:
        message = f"{len(text):,} characters for {reader.what}; at most {MAXIMUM_CHARACTERS:,} are"
        reader.report(f"{message} read")
    else:
        with suppress(TooManyMistakesError):
            for value in reader.values(text.removeprefix("\ufeff")):
                found.setdefault(value.tree, value)
        if not found and not reader.problems:
            reader.report(f"there are no values for {reader.what}")
    values = tuple(found.values())
    if len(values) > MAXIMUM_VALUES:
        reader.report(f"{len(values):,} values; the first {MAXIMUM_VALUES:,} are used")
        values = values[:MAXIMUM_VALUES]
    return values, [replace(problem, warning=True) for problem in _first(reader.problems)]


def source_path(one: SlotList) -> str:
    """Tell where the values come from: the path of the file, or the program."""
    source = one.source
    if source is None:
        return one.place.path
    if source.file is None:
        return f"the output of '{' '.join(source.argv)}'"
    return str(PurePath(source.place.path).parent / source.file)


@dataclass(frozen=True, slots=True)
class _TextReader:
    """Reads texts of any form; ``path`` and ``what`` say whose, in problems.

    The name of a ``file`` tells its form; what a program prints is JSON or lines.
    """

    path: str
    file: str | None
    what: str
    language: str
    problems: list[Problem]

    def report(self, message: str, place: Place | None = None, hint: str = "") -> None:
        self.problems.append(Problem(message, place or Place(self.path, 1, 1), hint))

    def values(self, text: str) -> Iterator[ListValue]:
        suffix = PurePath(self.file).suffix.lower() if self.file else None
        if suffix in {".yaml", ".yml"}:
            yield from self.yaml(text)
        elif suffix == ".json" or (suffix is None and text.lstrip().startswith(("[", "{"))):
            yield from self.json(text)
        else:
            yield from self.lines(text)

    def lines(self, text: str) -> Iterator[ListValue]:
        for number, line in enumerate(text.replace("\r", "").split("\n"), start=1):
            if line.strip() and not line.lstrip().startswith("#"):
                said, equals, value = line.partition("=")
                place = Place(self.path, number, 1, line, max(1, len(line)))
                yield from self.plain(said, value.strip() if equals else None, place)

    def json(self, text: str) -> Iterator[ListValue]:
        try:
            content: Any = json.loads(text)
        except json.JSONDecodeError as error:
            self.report(f"not JSON: {error.msg}", Place(self.path, error.lineno, error.colno))
            return
        except (RecursionError, ValueError) as error:  # such as a number of thousands of digits
            self.report(f"not JSON: {error}")
            return
        if not isinstance(content, list):
            self.report("not a JSON list", None, 'print ["a name", …]')
            return
        for number, item in enumerate(content, start=1):
            yield from self.item(item, f"value {number} of {self.what}")

    def item(self, item: Any, which: str) -> Iterator[ListValue]:
        """Read one value of a JSON list."""
        match item:
            case str():
                yield from self.plain(item, None)
            case {"in": str() | list() as said, "out": str() | int() | float() as value} if (
                _are_texts(said) and not isinstance(value, bool)
            ):
                for one in [said] if isinstance(said, str) else said:
                    yield from self.plain(one, value)
            case _:
                hint = 'write "a name", or {"in": "a name", "out": "a value"}'
                self.report(f"{which} is not one", None, hint)

    def yaml(self, text: str) -> Iterator[ListValue]:
        content = parse_any(text, self.path, self.problems)
        if content is None:
            return
        for node in Reader(self.problems).items(content, self.what):
            if isinstance(node, Text) and not node.empty:
                yield from self.plain(node.text, None, node.place)
            else:
                key = Text("values", node.place)
                values = Mapping({"values": (key, Items((node,), node.place))}, node.place)
                name = Text(self.what.split("'")[1], node.place)
                yield from read_list(Reader(self.problems), name, values, self.language).values

    def plain(
        self, said: str, value: SlotValue | None, place: Place | None = None
    ) -> Iterator[ListValue]:
        """Take words as they are spoken; without a value they are it, as they were written."""
        if found := UNPRINTABLE.search(f"{said}{value}"):
            character = f"the character U+{ord(found[0]):04X}"
            self.report(f"a value of {self.what} holds {character}", place)
        elif words := normalise(said, self.language):
            yield ListValue(Words(" ".join(words)), said.strip() if value is None else value)
        else:
            self.report(f"a value of {self.what} has no word in it", place)


def _are_texts(said: str | list[Any]) -> bool:
    return isinstance(said, str) or all(isinstance(one, str) for one in said)


def _first(problems: list[Problem]) -> list[Problem]:
    """Keep some of many: a file of another kind has a mistake in each line."""
    if len(problems) <= TOLD_PROBLEMS:
        return problems
    more = Problem(f"{len(problems) - TOLD_PROBLEMS} more mistakes", problems[TOLD_PROBLEMS].place)
    return [*problems[:TOLD_PROBLEMS], more]
