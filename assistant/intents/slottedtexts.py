"""Reads texts and trees with ``{slots}`` in them, and keeps where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from assistant.errors import Place
from assistant.intents.jsonpaths import mistake_in
from assistant.intents.model import Data, placeholders
from assistant.intents.reading import Reader, data
from assistant.intents.steps import Values
from assistant.yamlsource import Items, Node, Text
from assistant.yamlsource import Mapping as MappingNode

_NAME = re.compile(r"[A-Za-z_]\w*")
CREDENTIAL_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


def undrawn(place: Place) -> Place:
    """A place whose line is not shown with the mistake: it may hold a secret."""
    return replace(place, source_line="")


@dataclass(frozen=True, slots=True)
class SlottedReader:
    """Reads parts of one step; ``sources`` are the texts in which slots may stand."""

    reader: Reader
    sources: list[Text] = field(default_factory=list)

    def text(self, node: Node | None, what: str, *, empty: bool = False) -> Text | None:
        """Read a text with slots; an empty one only where that means something."""
        if node is None:
            return None
        silent = isinstance(node, Text) and not node.text and not node.plain
        text = node if empty and silent else self.reader.text(node, what)
        if not isinstance(text, Text):
            return None
        self.sources.append(text)
        return text

    def without_slots(self, node: Node | None, what: str) -> Text | None:
        """Read a text in which no slot may stand."""
        text = self.reader.text(node, what) if node is not None else None
        if text is not None:
            for name, offset in placeholders(text.text)[:1]:
                place = text.at(offset, len(name) + 2)
                self.reader.report(f"{what} cannot be a spoken value", place)
        return text

    def pairs(self, node: Node | None, what: str) -> dict[str, str]:
        """Read names, each with a text in which slots may stand."""
        found: dict[str, str] = {}
        for key, value in self.reader.any_pairs(node, what):
            self.without_slots(key, f"a name in {what}")
            text = self.text(value, f"'{key.text}' in {what}", empty=True)
            if text is not None:
                found[key.text] = text.text
        return found

    def tree(self, node: Node | None) -> tuple[Data, ...]:
        """Read a tree of anything, one tree or none; its keys are as they are written."""
        if node is None:
            return ()
        self._note(node)
        return (data(node),)

    def _note(self, node: Node) -> None:
        match node:
            case Text():
                self.sources.append(node)
            case Items():
                for one in node:
                    self._note(one)
            case MappingNode():
                for key, value in node:
                    self.without_slots(key, "a key of 'json'")
                    self._note(value)

    def values(self, node: Node | None) -> Values:
        """Read the values that a reply gets, each with the expression that finds it."""
        paths: dict[str, str] = {}
        for key, value in self.reader.pairs(node, "'values'"):
            if not _NAME.fullmatch(key.text):
                hint = "use letters, digits and '_', a letter first"
                self.reader.report(f"'{key.text}' cannot name a value", key.place, hint)
            text = self.reader.text(value, f"the value '{key.text}'")
            if text is None:
                continue
            if mistake := mistake_in(text.text):
                message, position = mistake
                self.reader.report(message, text.at(position), "see https://jmespath.org")
            paths[key.text] = text.text
        return Values(paths)

    def credential_name(self, node: Node | None) -> str | None:
        """Read the name of a credential: that of a file, and never the secret itself."""
        text = self.reader.text(node, "'credential'") if node is not None else None
        if text is not None and not CREDENTIAL_NAME.fullmatch(text.text):
            hint = "write the name of its file: letters, digits, '_', '-' and '.'"
            self.reader.report("this cannot name a credential", undrawn(text.place), hint)
            return None
        return text.text if text is not None else None

    def whole_number(self, node: Node | None, what: str, most: int, default: int) -> int:
        """Read a number from 0 to ``most``."""
        if node is None or (number := self.reader.number(node, what)) is None:
            return default
        if not 0 <= number <= most:
            self.reader.report(f"{what} must be 0 to {most}", node.place)
            return default
        return number
