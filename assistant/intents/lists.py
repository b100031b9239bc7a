"""Reads slot lists: the values that ``{name}`` may be, and where they come from."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.intents.model import Data, ListSource, ListValue, SlotList
from assistant.intents.ranges import read_calendar, read_range
from assistant.intents.reading import Reader, slot_value
from assistant.intents.template import Part, Words, parse_template, references
from assistant.intents.words import normalise
from assistant.values import SlotValue
from assistant.yamlsource import Mapping, Node, Text

SOURCES = ("values", "range", "calendar", "file", "command")
FLAGS = ("wildcard", "preferred", "remembered")
LIST_KEYS = (*SOURCES, *FLAGS, "all", "refresh_seconds", "metadata")
VALUE_KEYS = ("in", "out", "context", "metadata")
DEFAULT_REFRESH_SECONDS = 3600.0


def read_list(reader: Reader, key: Text, node: Node, language: str) -> SlotList:
    """Read a list of any kind; one with mistakes has no values."""
    return _ListReader(reader, language, f"list '{key.text}'").read(key, node)


class _ListReader:
    def __init__(self, reader: Reader, language: str, what: str) -> None:
        self.reader = reader
        self.language = language
        self.what = what

    def read(self, key: Text, node: Node) -> SlotList:
        mapping = self.reader.mapping(node, self.what, LIST_KEYS)
        if mapping is None:
            return SlotList(key.text, (), key.place)
        kinds = [(one, content) for one in SOURCES if (content := mapping.get(one)) is not None]
        flags = {
            name: bool(one and self.reader.boolean(one, f"'{name}'"))
            for name in FLAGS
            for one in [mapping.get(name)]
        }
        # A wildcard may have values, which are likely ones.
        if len(kinds) > 1 or not (kinds or flags["wildcard"]):
            one_of = "'values', a 'range', a 'calendar', a 'file', a 'command' or 'wildcard: true'"
            self.reader.report(f"{self.what} has one of {one_of}", key.place)
            return SlotList(key.text, (), key.place)
        kind, content = kinds[0] if kinds else ("", node)
        return SlotList(
            key.text,
            tuple(self.values(kind, content)),
            key.place,
            all_of=tuple(self.all_of(mapping.get("all"))),
            source=self.source(kind, content, mapping.get("refresh_seconds")),
            **flags,
        )

    def values(self, kind: str, content: Node) -> Iterator[ListValue]:
        match kind:
            case "values":
                for one in self.reader.items(content, f"'values' of {self.what}"):
                    yield from self.value(one)
            case "range":
                yield from read_range(self.reader, content, self.what, self.language)
            case "calendar":
                yield from read_calendar(self.reader, content, self.what, self.language)

    def source(self, kind: str, content: Node, refresh: Node | None) -> ListSource | None:
        if refresh is not None and kind != "command":
            self.reader.report("'refresh_seconds' belongs to a 'command'", refresh.place)
        if kind == "file":
            text = self.reader.text(content, f"'file' of {self.what}")
            return ListSource(text.text, (), None, text.place) if text else None
        if kind != "command":
            return None
        if isinstance(content, Text):
            hint = "write each argument by itself: [program, argument]"
            self.reader.report("'command' must be a list", content.place, hint)
            return None
        argv = self.reader.texts(content, f"an argument of 'command' of {self.what}", "'command'")
        seconds = self.reader.seconds(refresh, "'refresh_seconds'") if refresh else None
        every = seconds or DEFAULT_REFRESH_SECONDS
        return ListSource(None, tuple(one.text for one in argv), every, content.place)

    def all_of(self, node: Node | None) -> Iterator[Part]:
        for text in self.reader.texts(node, f"'all' of {self.what}") if node is not None else ():
            if (tree := self.template(text)) is not None:
                yield tree

    def value(self, node: Node) -> Iterator[ListValue]:
        """Read a text, or ``in:`` (a template, or several) with ``out:`` (the value)."""
        texts: list[Text] = []
        value: SlotValue | None = None
        context: dict[str, Data] = {}
        metadata: dict[str, Data] = {}
        if isinstance(node, Mapping):
            self.reader.mapping(node, f"a value of {self.what}", VALUE_KEYS)
            said, means = node.get("in"), node.get("out")
            if said is None or (means is None and "context" not in node.entries):
                message = f"a value of {self.what} needs both 'in' and 'out'"
                self.reader.report(message, node.place)
                return
            texts = self.reader.texts(said, "'in'")
            if means is not None:
                out = self.reader.text(means, "'out'")
                value = slot_value(out) if out else ""
            context = self.reader.data_mapping(node.get("context"), "'context'")
            metadata = self.reader.data_mapping(node.get("metadata"), "'metadata'")
        elif text := self.reader.text(node, f"a value of {self.what}"):
            texts = [text]
        for text in texts:
            tree = self.template(text)
            if tree is None:
                continue
            if not isinstance(tree, Words) or value is not None:
                yield ListValue(tree, value, context, metadata, source=text)
            elif normalise(tree.text, self.language):
                yield ListValue(tree, text.text, context, metadata, source=text)
            else:
                self.reader.report(f"a value of {self.what} has no word in it", text.place)

    def template(self, text: Text) -> Part | None:
        tree = parse_template(text, self.reader.problems)
        if tree is not None and (inner := next(iter(references(tree)), None)):
            place = text.at(inner.offset)
            message = "a list value cannot hold lists or rules"
            self.reader.report(message, place, "use (a|b) and [a]")
            return None
        return tree
