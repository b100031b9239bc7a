"""YAML with positions: every text, list and mapping keeps its place, and nothing is converted.

``yaml.safe_load`` turns ``on: yes`` into ``{True: True}`` and ``12:30`` into 750, which is fatal
for spoken phrases, and it takes a key that is written twice without a word. Here the parser's
events become a tree of texts; what a text means is up to who reads it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from assistant.errors import AssistantError, ConfigError, EngineError, Place, Problem
from assistant.yamlmistakes import explain

MAXIMUM_CHARACTERS = 1_000_000
MAXIMUM_DEPTH = 32
# Names that a mistyped one is compared with letter by letter; of more, only with the nearest by a
# quicker measure. And the longest that anybody mistypes.
MANY_NAMES, LONGEST_NAME = 50, 100
# An alias counts as all that it stands for, so "a billion laughs" ends here.
MAXIMUM_NODES = 200_000

NOWHERE = Place("configuration", 1, 1)
"""Of a setting that comes from no file."""

UNPRINTABLE = yaml.reader.Reader.NON_PRINTABLE
"""Characters that YAML, a program's arguments or the encoding of a text have no place for."""

# YAML 1.1 also breaks lines at NEL, LS and PS; str.splitlines breaks at more than those.
_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar as it was written. ``plain`` is without quotes.

    ``shift`` is where its first character stands, counted from ``place``; None when escapes or
    several lines leave that unknown. ``lines`` are those of the file that a text of several lines
    is written on, from that of ``place``.
    """

    text: str
    place: Place
    plain: bool = True
    shift: int | None = 0
    lines: tuple[str, ...] = ()

    def at(self, offset: int, length: int = 1) -> Place:
        """Place of a part of the text; the start of the text where that is unknown."""
        start = self.place
        if self.shift is None:
            return self._on_line_of(offset, length) or start
        column = start.column + self.shift + offset
        return Place(start.path, start.line, column, start.source_line, max(length, 1))

    def _on_line_of(self, offset: int, length: int) -> Place | None:
        """Find the line that a character of a text of several lines was written on.

        YAML joins lines and takes off their indentation, but each stands in the text in order.
        """
        end, last = 0, len(self.lines) - 1
        for number, line in enumerate(self.lines):
            written = line[self.place.column - 1 if number == 0 else 0 :].strip()
            if number == 0:
                written = written.lstrip("'\"")
            elif number == last and self.lines[0][self.place.column - 1] in "'\"":
                written = written[:-1]
            begin = self.text.find(written, end) if written else -1
            if begin < 0 or (number == 0 and begin > 0):
                continue
            end = begin + len(written)
            if begin <= offset < end:
                column = line.index(written) + offset - begin + 1
                length = max(min(length, end - offset), 1)
                return Place(self.place.path, self.place.line + number, column, line, length)
        return None

    @property
    def empty(self) -> bool:
        """Nothing was written, or YAML's word for nothing."""
        return self.plain and self.text in {"", "~", "null"}


class Written(str):
    """A text that knows where it was written, for a mistake that is found only later."""

    place: Place

    def __new__(cls, text: str, place: Place = NOWHERE) -> Written:
        """Write it down."""
        written = super().__new__(cls, text)
        written.place = place
        return written


def place_of(text: str) -> Place:
    """Tell where a text was written, as far as it knows."""
    return text.place if isinstance(text, Written) else NOWHERE


def at_place(error: EngineError, setting: str) -> AssistantError:
    """Tell an error of a setting where the setting is written, if that is in a file."""
    if not isinstance(setting, Written):
        return error
    return ConfigError([Problem(error.message.removesuffix("."), setting.place, error.hint)])


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    place: Place

    def __iter__(self) -> Iterator[Node]:
        return iter(self.items)


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping: key text -> (key, value), in the order of the file."""

    entries: dict[str, tuple[Text, Node]]
    place: Place

    def __iter__(self) -> Iterator[tuple[Text, Node]]:
        return iter(self.entries.values())

    def get(self, key: str) -> Node | None:
        """Value of a key; None when it is not there or nothing is written after it."""
        _, value = self.entries.get(key, (None, None))
        return None if isinstance(value, Text) and value.empty else value


Node: TypeAlias = Text | Items | Mapping


def parse(text: str, path: str, problems: list[Problem]) -> Mapping | None:
    """Read a file whose top is a mapping; what is wrong with it is added to ``problems``.

    None when nothing can be read: it is not YAML, not a mapping, empty, or too large.
    """
    node = parse_any(text, path, problems)
    if node is None or isinstance(node, Mapping):
        return node
    message = "the top of the file must be a mapping: 'key: value' lines"
    problems.append(Problem(message, node.place))
    return None


def parse_any(text: str, path: str, problems: list[Problem]) -> Node | None:
    """Read a file with anything at its top; what is wrong with it is added to ``problems``.

    None when nothing can be read: it is not YAML, empty, or too large.
    """
    text = text.removeprefix("\ufeff")
    composer = _Composer(path, _LINE_BREAK.split(text), problems)
    if len(text) > MAXIMUM_CHARACTERS:
        problem = f"the file has {len(text):,} characters; at most {MAXIMUM_CHARACTERS:,} are read"
        problems.append(Problem(problem, composer.place(0, 0)))
        return None
    try:
        node = composer.document(text)
    except yaml.YAMLError as error:
        problems.append(explain(error, text, composer.place))
        return None
    except _GaveUpError:
        return None
    if node is None or (isinstance(node, Text) and node.empty):
        problems.append(Problem("the file is empty", composer.place(0, 0)))
        return None
    return node


def did_you_mean(word: str, known: Collection[str]) -> str:
    """Hint with the known word nearest to a mistyped one; '' when none is near."""
    names = list(known)
    if len(word) > LONGEST_NAME:
        return ""
    if len(names) > MANY_NAMES:
        from rapidfuzz import fuzz, process  # noqa: PLC0415 - 45 ms, for a household's mistakes

        nearest = process.extract(word, names, scorer=fuzz.ratio, limit=MANY_NAMES)
        names = [name for name, *_ in nearest]
    near = difflib.get_close_matches(word, names, n=1)
    return f"did you mean '{near[0]}'?" if near else ""


class _GaveUpError(Exception):
    """A problem was reported that leaves nothing to read."""


@dataclass
class _Composer:
    """Builds the tree from the parser's events. PyYAML's own composer has no bound on depth."""

    path: str
    lines: list[str]
    problems: list[Problem]
    anchors: dict[str, tuple[Node, int]] = field(default_factory=dict)
    nodes: int = 0

    def place(self, line: int, column: int, length: int = 1) -> Place:
        """Place from PyYAML's counting, which starts at 0."""
        source = self.lines[line] if line < len(self.lines) else ""
        return Place(self.path, line + 1, column + 1, source, length)

    def start(self, event: yaml.Event) -> Place:
        """Place where an event begins."""
        mark: Any = event.start_mark
        return self.place(mark.line, mark.column)

    def report(self, message: str, place: Place, hint: str = "") -> None:
        self.problems.append(Problem(message, place, hint))

    def document(self, text: str) -> Node | None:
        events = yaml.parse(text, Loader=yaml.SafeLoader)
        top: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if top is not None:
                    self.report(
                        "a second document begins here",
                        self.start(event),
                        "remove the '---' line",
                    )
                    raise _GaveUpError
                top = self.node(next(events), events, 0)
        return top

    def node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        place = self.start(event)
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event, place)
        if depth > MAXIMUM_DEPTH:
            self.report(f"nested deeper than {MAXIMUM_DEPTH} levels", place)
            raise _GaveUpError
        before = self.nodes
        self.count(1, place)
        written_tag = getattr(event, "tag", None)
        if written_tag not in {None, "!"}:
            tag = str(written_tag).replace("tag:yaml.org,2002:", "!!")
            self.report(f"the tag '{tag}' is not understood here", place, "write the value itself")
        if isinstance(event, yaml.ScalarEvent):
            if found := UNPRINTABLE.search(event.value):  # by an escape
                self.report(f"the character U+{ord(found[0]):04X} is no part of a text", place)
                event.value = UNPRINTABLE.sub("\ufffd", event.value)
            node: Node = _text(event, place, self.lines)
        elif isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(inner := next(events), yaml.SequenceEndEvent):
                items.append(self.node(inner, events, depth + 1))
            node = Items(tuple(items), place)
        else:
            node = self.mapping(events, place, depth)
        anchor: str | None = getattr(event, "anchor", None)
        if anchor:
            self.anchors[anchor] = node, self.nodes - before
        return node

    def mapping(self, events: Iterator[yaml.Event], place: Place, depth: int) -> Mapping:
        entries: dict[str, tuple[Text, Node]] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self.node(event, events, depth + 1)
            value = self.node(next(events), events, depth + 1)
            if not isinstance(key, Text):
                self.report("a key must be a text", key.place)
            elif key.text in entries:
                first = entries[key.text][0].place
                self.report(f"duplicate key '{key.text}'", key.place, f"the first is at {first}")
            else:
                entries[key.text] = key, value
        return Mapping(entries, place)

    def alias(self, event: yaml.AliasEvent, place: Place) -> Node:
        known = self.anchors.get(str(event.anchor))
        if known is None:
            self.report(
                f"nothing is named '&{event.anchor}' before this",
                place,
                "put quotes around text that begins with '*'",
            )
            raise _GaveUpError
        node, size = known
        self.count(size, place)
        return node

    def count(self, nodes: int, place: Place) -> None:
        self.nodes += nodes
        if self.nodes > MAXIMUM_NODES:
            self.report(f"the file holds more than {MAXIMUM_NODES:,} values", place)
            raise _GaveUpError


def _text(event: yaml.ScalarEvent, place: Place, lines: list[str]) -> Text:
    text: str = event.value
    start: Any = event.start_mark
    end: Any = event.end_mark
    quotes = 0 if event.style is None else 1
    as_written = start.line == end.line and end.column - start.column == len(text) + 2 * quotes
    if text and start.line == end.line:
        length = max(end.column - start.column, 1)
        place = Place(place.path, place.line, place.column, place.source_line, length)
    written_on = tuple(lines[start.line : end.line + 1]) if start.line != end.line else ()
    return Text(text, place, event.style is None, quotes if as_written else None, written_on)
