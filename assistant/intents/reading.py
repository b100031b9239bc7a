"""Reads values out of a positioned tree, and reports what is not as expected."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from assistant.errors import Place, Problem
from assistant.intents.model import Data
from assistant.values import SlotValue
from assistant.yamlsource import Items, Mapping, Node, Text, did_you_mean

BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


MAXIMUM_MISTAKES = 200
"""More are not told at once: a file with so many is of another kind, or made by a program."""


class TooManyMistakesError(Exception):
    """There are more than MAXIMUM_MISTAKES."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Every method returns None (or nothing) after it reported a problem.

    Any of them raises TooManyMistakesError when there are too many. ``ranges`` are the sizes of the
    ranges read.
    """

    problems: list[Problem]
    ranges: list[int] = field(default_factory=list)

    def report(self, message: str, place: Place, hint: str = "") -> None:
        """Add a problem."""
        self.problems.append(Problem(message, place, hint))
        if len(self.problems) > MAXIMUM_MISTAKES:
            raise TooManyMistakesError

    def text(self, node: Node, what: str) -> Text | None:
        """Expect a text that is not empty."""
        if isinstance(node, Text):
            if node.text.strip():
                return node
            self.report(f"{what} is empty", node.place)
            return None
        opening = node.place.source_line[node.place.column - 1 :][:1]
        hint = f"put quotes around text that begins with '{opening}'" if opening in "[{" else ""
        self.report(f"{what} must be a text, not a {_kind(node)}", node.place, hint)
        return None

    def texts(self, node: Node, what: str, key: str = "") -> list[Text]:
        """Expect a text or a list of texts; ``key`` names the whole where ``what`` is one."""
        nodes = node.items if isinstance(node, Items) else (node,)
        if not nodes:
            self.report(f"{key or what} is an empty list", node.place)
        return [text for one in nodes if (text := self.text(one, what))]

    def items(self, node: Node, what: str) -> tuple[Node, ...]:
        """Expect a list with something in it."""
        if not isinstance(node, Items):
            hint = "write one '- ' line for each" if isinstance(node, Text) else ""
            self.report(f"{what} must be a list, not a {_kind(node)}", node.place, hint)
            return ()
        if not node.items:
            self.report(f"{what} is an empty list", node.place)
        return node.items

    def mapping(
        self, node: Node, what: str, known: Collection[str] | None = None
    ) -> Mapping | None:
        """Expect a mapping; with ``known``, any other key is a problem, and is left out."""
        if not isinstance(node, Mapping):
            self.report(f"{what} must be a mapping, not a {_kind(node)}", node.place)
            return None
        if known is not None:
            for key, _ in node:
                if key.text not in known:
                    hint = did_you_mean(key.text, known) or f"known keys: {', '.join(known)}"
                    self.report(f"unknown key '{key.text}' in {what}", key.place, hint)
        return node

    def pairs(self, node: Node | None, what: str) -> Iterator[tuple[Text, Node]]:
        """Expect a mapping of names to something; nothing when there is none."""
        mapping = self.mapping(node, what) if node is not None else None
        for key, value in mapping or ():
            if isinstance(value, Text) and value.empty:
                self.report(f"nothing is written for '{key.text}' in {what}", key.place)
            else:
                yield key, value

    def any_pairs(self, node: Node | None, what: str) -> Iterator[tuple[Text, Node]]:
        """Expect a mapping of names to something or nothing."""
        yield from (self.mapping(node, what) or ()) if node is not None else ()

    def boolean(self, node: Node, what: str) -> bool | None:
        """Expect true or false, in any of YAML's words for them."""
        text = self.text(node, what)
        if text is None:
            return None
        value = BOOLEANS.get(text.text.lower())
        if value is None:
            self.report(f"{what} must be true or false, not '{text.text}'", text.place)
        return value

    def number(self, node: Node, what: str) -> int | None:
        """Expect a whole number."""
        text = self.text(node, what)
        if text is None:
            return None
        if not re.fullmatch(r"[+-]?[0-9]{1,9}", text.text):
            self.report(f"{what} must be a whole number, not '{text.text}'", text.place)
            return None
        return int(text.text)

    def seconds(self, node: Node, what: str) -> float | None:
        """Expect a length of time in seconds, more than 0."""
        text = self.text(node, what)
        if text is None:
            return None
        if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]+)?", text.text) or float(text.text) == 0.0:
            self.report(f"{what} must be seconds, more than 0, not '{text.text}'", text.place)
            return None
        return float(text.text)

    def decimal(self, node: Node, what: str) -> Decimal | None:
        """Expect a number."""
        text = self.text(node, what)
        if text is None:
            return None
        if not re.fullmatch(r"[+-]?[0-9]{1,9}(\.[0-9]{1,9})?", text.text):
            self.report(f"{what} must be a number, not '{text.text}'", text.place)
            return None
        return Decimal(text.text)

    def slots(self, node: Node | None) -> dict[str, SlotValue]:
        """Slot values by name."""
        return {
            key.text: slot_value(value)
            for key, one in self.pairs(node, "'slots'")
            if (value := self.text(one, f"slot '{key.text}'"))
        }

    def data_mapping(self, node: Node | None, what: str) -> dict[str, Data]:
        """Expect a mapping of names to anything; {} when there is none."""
        return {key.text: data(value) for key, value in self.pairs(node, what)}


def data(node: Node) -> Data:
    """Turn a tree into plain values: numbers, true and false without quotes are what they say."""
    match node:
        case Text() if node.empty:
            return None
        case Text() if node.plain and node.text in {"true", "false"}:
            return node.text == "true"
        case Text():
            return slot_value(node)
        case Items():
            return [data(one) for one in node]
        case Mapping():
            return {key.text: data(value) for key, value in node}


def slot_value(text: Text) -> str | int | float:
    """Value of a slot as written: a number without quotes is a number."""
    if text.plain and re.fullmatch(r"[+-]?[0-9]{1,15}", text.text):
        return int(text.text)
    if text.plain and re.fullmatch(r"[+-]?[0-9]{1,15}\.[0-9]{1,15}", text.text):
        return float(text.text)
    return text.text


def _kind(node: Node) -> str:
    if isinstance(node, Text):
        return "text"
    return "list" if isinstance(node, Items) else "mapping"
