"""The vocabulary of a turn: one exchange, from what was heard to what was answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

from assistant.values import Plain, SlotValue, plain


class Slot(NamedTuple):
    """A slot of a match: its name, the typed value, and the words it was read from.

    ``remembered_as`` is the list that the value is of, where it can be called "it" from now on.
    """

    name: str
    value: SlotValue
    text: str
    remembered_as: str = ""


class Match(NamedTuple):
    """A sentence understood: the intent with its slots.

    ``template`` is the sentence template that matched, ``place`` where it stands
    (``path:line:column``), ``number`` which of all sentences it is; ``metadata`` is what the files
    give with it.
    """

    intent: str
    slots: tuple[Slot, ...]
    text: str
    template: str
    place: str
    number: int = -1
    metadata: Mapping[str, Any] = MappingProxyType({})

    def values(self) -> dict[str, SlotValue]:
        """Slot values by name."""
        return {slot.name: slot.value for slot in self.slots}

    def plain_values(self) -> dict[str, Plain]:
        """The same as texts and numbers."""
        return {slot.name: plain(slot.value) for slot in self.slots}


class Gap(NamedTuple):
    """A slot that a command needs, of the ``commands`` that of that ``number``.

    ``choices`` are what it may be, where what was said fits several values.
    """

    commands: tuple[Match, ...]
    number: int
    slot: str
    choices: tuple[Slot, ...] = ()

    @property
    def match(self) -> Match:
        """The command that lacks the slot."""
        return self.commands[self.number]

    def filled(self, slot: Slot) -> tuple[Match, ...]:
        """Return all commands, this one with the slot."""
        match = self.match
        slots = (*(one for one in match.slots if one.name != slot.name), slot)
        said = match.text if slot.text in match.text else f"{match.text} {slot.text}"
        whole = match._replace(slots=slots, text=said)
        return (*self.commands[: self.number], whole, *self.commands[self.number + 1 :])


@dataclass(frozen=True, slots=True)
class Question:
    """What the assistant has asked, and the next turn may answer.

    ``sentences`` are those of which one is meant, each with its ``commands``; a single one is a
    question of yes or no. ``confirming`` are commands of it that want to be confirmed, by the
    owner's number where it is ``by_pin``. ``gap`` is a slot that is asked for. ``again`` tells
    that it was not understood once already.
    """

    sentences: tuple[str, ...] = ()
    commands: tuple[tuple[Match, ...], ...] = ()
    confirming: tuple[Match, ...] = ()
    by_pin: bool = False
    gap: Gap | None = None
    again: bool = False

    def once_more(self) -> Question:
        """The same, asked for the second time."""
        return replace(self, again=True)


@dataclass(frozen=True, slots=True)
class Transcript:
    """What a recognizer heard. ``text`` is lower-case words; '' is nothing that fits the grammar.

    ``confidence`` is in 0..1. ``alternatives`` are other texts, the likeliest first.
    """

    text: str
    confidence: float
    alternatives: tuple[str, ...] = ()


Undo: TypeAlias = Callable[[], Awaitable[None]]
"""Takes back what an action did. Raises ActionError when it cannot."""


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What an action came to.

    ``outcome`` chooses among the intent's replies ('done' where there is only one). ``values`` fill
    the reply's placeholders besides the slots: text, or a value that ``speech.responses`` puts
    into words by its type (timedelta, datetime, date, time, list). ``speech`` is spoken as it is,
    before anything else, where an action answers in its own words. ``undo`` takes it back, where
    it can be; ``closing`` ends the conversation: nothing more is expected of the owner.
    """

    outcome: str = "done"
    values: Mapping[str, Any] = field(default_factory=dict)
    speech: str = ""
    undo: Undo | None = field(default=None, compare=False, repr=False)
    closing: bool = False


class Outcome(StrEnum):
    """How a turn ended."""

    ACTED = "acted"
    UNDERSTOOD = "understood"
    ASKED = "asked"
    FAILED = "failed"
    REJECTED = "rejected"
    NOT_UNDERSTOOD = "not_understood"
    NOTHING_HEARD = "nothing_heard"
    NO_WAKE_WORD = "no_wake_word"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Wake:
    """A wake word heard: which, how surely (0..1), when in the stream (seconds), and where.

    What follows is said in its ``domain``, unless the word is itself a ``command``.
    ``microphone`` is the name of the one that heard it, '' where there is only one, and ``snr_db``
    how far the word stood out of the sound of the room there.
    """

    name: str
    score: float
    time_seconds: float
    domain: str = ""
    command: str = ""
    microphone: str = ""
    snr_db: float = 0.0


@dataclass(frozen=True, slots=True)
class CommandRecord:
    """One of the commands of a turn: its intent, and its slots as texts and numbers."""

    intent: str
    slots: dict[str, Plain]


@dataclass(slots=True)
class TurnRecord:
    """What happened in a turn, gathered as it goes: what ``say`` and ``hear`` print.

    ``intent`` and ``slots`` are those of the first of ``commands``. ``microphone`` is the one that
    was spoken to, '' where there is only one, and for a text.
    """

    outcome: Outcome = Outcome.NO_WAKE_WORD
    text: str | None = None
    microphone: str = ""
    wake: Wake | None = None
    transcript: str | None = None
    confidence: float | None = None
    intent: str | None = None
    slots: dict[str, Plain] = field(default_factory=dict)
    commands: list[CommandRecord] = field(default_factory=list)
    reply: str | None = None
    timings_seconds: dict[str, float] = field(default_factory=dict)

    def note(self, matches: Iterable[Match]) -> None:
        """Take down what was understood."""
        self.commands = [CommandRecord(match.intent, match.plain_values()) for match in matches]
        for first in self.commands[:1]:
            self.intent, self.slots = first.intent, first.slots
