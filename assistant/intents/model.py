"""What intent files say, once read: frozen values, each with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.errors import Place, Problem
from assistant.intents.template import Part
from assistant.turn import SlotValue
from assistant.yamlsource import Text

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The text of one intent file.

    ``layer`` is the folder it is from: an intent, list, rule or response of a higher layer replaces
    those of the same name below it (0 the shipped ones, then the system's, then the owner's).
    """

    path: str
    text: str
    layer: int = 0


@dataclass(frozen=True, slots=True)
class Template:
    """A template: its source text, and the tree it was read into."""

    source: Text
    tree: Part


@dataclass(frozen=True, slots=True)
class ListValue:
    """A way to say something, and the slot value it means; None means the words themselves."""

    tree: Part
    value: SlotValue | None


@dataclass(frozen=True, slots=True)
class SlotList:
    """The values that ``{name}`` may be."""

    name: str
    values: tuple[ListValue, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Rule:
    """The template that ``<name>`` stands for."""

    name: str
    template: Template
    place: Place


@dataclass(frozen=True, slots=True)
class Block:
    """Sentences of an intent that share fixed slots, and lists and rules of their own.

    ``readable`` is false when a sentence was left out because of a mistake in it.
    """

    sentences: tuple[Template, ...]
    slots: Mapping[str, SlotValue] = field(default_factory=dict)
    lists: Mapping[str, SlotList] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    readable: bool = True


@dataclass(frozen=True, slots=True)
class BuiltinCall:
    """A built-in action, by name."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Command:
    """A program of the owner: each ``{slot}`` in ``argv`` is filled within its own argument.

    ``sources`` are the arguments with their places. ``timeout_seconds`` is None for the limit of
    the settings; ``speak_output`` speaks what the program prints.
    """

    argv: tuple[str, ...]
    sources: tuple[Text, ...]
    place: Place
    timeout_seconds: float | None = None
    speak_output: bool = False

    def filled(self, slots: Mapping[str, SlotValue]) -> tuple[str, ...]:
        """Arguments with the slots' values in; a slot that was not said is ''."""
        values = {name: str(value) for name, value in slots.items()}
        return tuple(fill(argument, values) for argument in self.argv)


@dataclass(frozen=True, slots=True)
class IntentTest:
    """A sentence and what it has to mean: this intent, with these slots; or anything but it."""

    say: str
    place: Place
    slots: Mapping[str, SlotValue] | None = None
    negative: bool = False


@dataclass(frozen=True, slots=True)
class Intent:
    """Something the owner may want, the ways to say it, what it does and what is answered.

    ``replies`` maps an action's outcome to texts of which one is spoken; empty is a silent intent.
    """

    name: str
    blocks: tuple[Block, ...]
    action: BuiltinCall | Command | None
    replies: Mapping[str, tuple[Text, ...]]
    help: str
    tests: tuple[IntentTest, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class IntentSet:
    """All intents of a language, checked. ``warnings`` are problems that stop nothing."""

    language: str
    intents: Mapping[str, Intent]
    lists: Mapping[str, SlotList]
    rules: Mapping[str, Rule]
    skip_words: tuple[tuple[str, ...], ...]
    responses: Mapping[str, tuple[Text, ...]]
    warnings: tuple[Problem, ...]


def placeholders(text: str) -> tuple[tuple[str, int], ...]:
    """Names in ``{braces}`` and where each begins."""
    return tuple((found[1], found.start()) for found in _PLACEHOLDER.finditer(text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values into the placeholders; '' where there is none."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], ""), text)
