"""What intent files say, once read: frozen values, each with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from assistant.errors import Place, Problem
from assistant.intents.template import Part
from assistant.values import SlotValue
from assistant.yamlsource import Text

if TYPE_CHECKING:
    from assistant.intents.skillcalls import SkillCall
    from assistant.intents.steps import Steps

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


Data: TypeAlias = str | int | float | bool | list["Data"] | dict[str, "Data"] | None
"""A piece of YAML as it is, which is carried along and never spoken."""


@dataclass(frozen=True, slots=True)
class ListValue:
    """A way to say something, and the slot value it means; None means the words themselves.

    ``context`` is known when this was said, for sentences that require or exclude it. ``metadata``
    is carried along. ``pronoun`` stands for what was last named, instead of a value. ``source`` is
    the template as it is written, where it is written in an intent file.
    """

    tree: Part
    value: SlotValue | None
    context: Mapping[str, Data] = field(default_factory=dict)
    metadata: Mapping[str, Data] = field(default_factory=dict)
    pronoun: bool = False
    source: Text | None = None


@dataclass(frozen=True, slots=True)
class ListSource:
    """Where the values of a list come from: a file, or what a program prints."""

    file: str | None
    argv: tuple[str, ...]
    refresh_seconds: float | None
    place: Place


@dataclass(frozen=True, slots=True)
class SlotList:
    """The values that ``{name}`` may be.

    A ``wildcard`` is any words at all; its ``values`` are likely ones. A reading that fills a
    ``preferred`` list wins over one that does not. What was last said of a ``remembered`` list can
    be called "it". ``all_of`` are ways to say all values at once.
    """

    name: str
    values: tuple[ListValue, ...]
    place: Place
    wildcard: bool = False
    preferred: bool = False
    remembered: bool = False
    all_of: tuple[Part, ...] = ()
    source: ListSource | None = None


@dataclass(frozen=True, slots=True)
class SlotType:
    """A kind of value, such as a duration, with the ways to say one.

    The lists in its sentences are not slots but fields, which ``kinds`` makes a value of.
    """

    name: str
    kind: str
    sentences: tuple[Template, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Types:
    """Slot types by name, with lists and rules of their own."""

    types: Mapping[str, SlotType] = field(default_factory=dict)
    lists: Mapping[str, SlotList] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Connectives:
    """Small words of a language: each with the ways to say it.

    They join commands and values, stand for what was named, or say that the command before was not
    what was meant.
    """

    joining: tuple[tuple[str, ...], ...] = ()
    excepting: tuple[tuple[str, ...], ...] = ()
    articles: tuple[tuple[str, ...], ...] = ()
    pronouns: tuple[tuple[str, ...], ...] = ()
    correcting: tuple[tuple[str, ...], ...] = ()
    ones: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """The template that ``<name>`` stands for."""

    name: str
    template: Template
    place: Place


@dataclass(frozen=True, slots=True)
class Requirement:
    """A condition on one key of the context: one of some values, or any value when there are none.

    ``slot`` is the slot that the value is put into; '' for none.
    """

    key: str
    values: tuple[Data, ...] = ()
    slot: str = ""

    def meets(self, value: Data) -> bool:
        """Whether this value is one of them."""
        return value is not None and (not self.values or value in self.values)


@dataclass(frozen=True, slots=True)
class Block:
    """Sentences of an intent that share fixed slots, and lists and rules of their own.

    ``requires`` and ``excludes`` are conditions on the context; ``narrows`` only leaves out list
    values whose own context contradicts it. ``response`` and ``replies`` answer instead of the
    intent's own. ``readable`` is false when a sentence was left out because of a mistake in it.
    Recognizers listen for the sentences only where they are to be ``heard``.
    """

    sentences: tuple[Template, ...]
    slots: Mapping[str, SlotValue] = field(default_factory=dict)
    lists: Mapping[str, SlotList] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    requires: tuple[Requirement, ...] = ()
    excludes: tuple[Requirement, ...] = ()
    narrows: tuple[Requirement, ...] = ()
    metadata: Mapping[str, Data] = field(default_factory=dict)
    response: str = ""
    replies: Mapping[str, tuple[Text, ...]] | None = None
    readable: bool = True
    heard: bool = True


@dataclass(frozen=True, slots=True)
class BuiltinCall:
    """A built-in action, by name."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Command:
    """A program of the owner: each ``{slot}`` in ``argv`` is filled within its own argument.

    ``sources`` are the arguments with their places; ``speak_output`` speaks what the program
    prints.
    """

    argv: tuple[str, ...]
    sources: tuple[Text, ...]
    place: Place
    speak_output: bool = False

    def filled(self, slots: Mapping[str, SlotValue]) -> tuple[str, ...]:
        """Arguments with the slots' values in; a slot that was not said is ''."""
        values = {name: str(value) for name, value in slots.items()}
        return tuple(fill(argument, values) for argument in self.argv)


@dataclass(frozen=True, slots=True)
class IntentTest:
    """A sentence and what it has to mean: this intent, with these slots; or anything but it.

    ``slots`` has one mapping for each command that the sentence gives. ``now`` is the time at which
    it is said, and ``context`` the circumstances.
    """

    say: str
    place: Place
    slots: tuple[Mapping[str, SlotValue], ...] | None = None
    negative: bool = False
    now: datetime | None = None
    context: Mapping[str, Data] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked where a sentence does not fill a slot that the action needs.

    ``answers`` are the ways to answer; without any, those in which sentences fill the slot.
    """

    slot: Text
    questions: tuple[Text, ...]
    answers: tuple[Template, ...] = ()


@dataclass(frozen=True, slots=True)
class Intent:
    """Something the owner may want, the ways to say it, what it does and what is answered.

    ``replies`` maps an action's outcome to texts of which one is spoken; empty is a silent intent.
    ``confirm`` asks before it is done, with one of these texts, or in the assistant's own words
    where there are none; None where it is done at once. ``by_pin`` is the place where it wants the
    owner's number as well. ``ask`` are the slots that are asked for. With ``later``, recognizers
    listen for its sentences with a time, too: "turn off the light in ten minutes". ``undo`` takes
    it back: steps, or the name of an intent. ``routine`` are sentences that are done after its own
    action.
    """

    name: str
    blocks: tuple[Block, ...]
    action: BuiltinCall | Steps | SkillCall | None
    replies: Mapping[str, tuple[Text, ...]]
    help: str
    tests: tuple[IntentTest, ...]
    place: Place
    confirm: tuple[Text, ...] | None = None
    by_pin: Place | None = None
    ask: tuple[Ask, ...] = ()
    later: bool = False
    undo: Steps | Text | None = None
    routine: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class IntentSet:
    """All intents of a language, checked. ``warnings`` are problems that stop nothing.

    ``pronunciations`` are words with what they sound like, as the owner writes it. ``groups`` are
    what the intents of a file are about, by its path.
    """

    language: str
    intents: Mapping[str, Intent]
    lists: Mapping[str, SlotList]
    rules: Mapping[str, Rule]
    skip_words: tuple[tuple[str, ...], ...]
    responses: Mapping[str, tuple[Text, ...]]
    warnings: tuple[Problem, ...]
    types: Types = field(default_factory=Types)
    connectives: Connectives = field(default_factory=Connectives)
    pronunciations: Mapping[str, tuple[Text, ...]] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)


def placeholders(text: str) -> tuple[tuple[str, int], ...]:
    """Names in ``{braces}`` and where each begins."""
    return tuple((found[1], found.start()) for found in _PLACEHOLDER.finditer(text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values into the placeholders; '' where there is none."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], ""), text)
