"""From how a sentence was read to the slots it fills: typed, several at once, or "it"."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from assistant.intents.circumstances import Circumstances
from assistant.intents.graph import Sentence
from assistant.intents.kinds import ValueSaidError, resolve
from assistant.intents.model import Data, ListValue, Requirement
from assistant.intents.network import Network, Reading, Role
from assistant.intents.parts import Called, Part
from assistant.intents.said import Said
from assistant.turn import Slot
from assistant.values import SlotValue, plain

MAXIMUM_COMMANDS = 100
"""Of a sentence with several values in several slots, which means each of them with each."""


class UnfitError(Exception):
    """A sentence fits the words and yet cannot be meant; the text says why."""


class Filled(NamedTuple):
    """The slots of each command of a sentence, and what its list values carry along."""

    commands: tuple[tuple[Slot, ...], ...]
    metadata: dict[str, Data]


def fill(sentence: Sentence, parts: Iterable[Part], said: Said, where: Circumstances) -> Filled:
    """Fill the slots of a sentence. Raises UnfitError when it cannot be meant."""
    block = sentence.block
    filling = _Filling(said, where)
    if block.slots:
        filling.slots = {name: (Slot(name, value, ""),) for name, value in block.slots.items()}
    filling.add(parts)
    if block.requires or block.excludes:
        filling.check(block.requires, block.excludes)
    commands = itertools.islice(itertools.product(*filling.slots.values()), MAXIMUM_COMMANDS)
    return Filled(tuple(commands), {**block.metadata, **filling.metadata})


class _Filling:
    __slots__ = ("context", "metadata", "said", "slots", "where")

    def __init__(self, said: Said, where: Circumstances) -> None:
        self.said = said
        self.where = where
        self.slots: dict[str, tuple[Slot, ...]] = {}
        self.context: dict[str, Data] = {}
        self.metadata: dict[str, Data] = {}

    def add(self, parts: Iterable[Part]) -> None:
        """Fill the slots of these parts; of the same slot the last one said counts."""
        in_words: dict[Reading, list[int]] = {}
        in_order: list[Called | Reading] = []
        for part in outside_of_slots(parts):
            if isinstance(part, Called):
                if in_words:
                    in_order.append(part)
                else:
                    self.called(part)
                continue
            for reading in part.readings:
                if reading not in in_words:
                    in_order.append(reading)
                in_words.setdefault(reading, []).append(part.position)
        for one in in_order:
            if isinstance(one, Called):
                self.called(one)
            else:
                text = " ".join(self.said.words[position] for position in in_words[one])
                self.put(one.slot, "", text, self.meant(one.value, "", text))

    def called(self, part: Called) -> None:
        network, slot, owner, begin, end, _, skipped = part
        text = self.words(part) if skipped else " ".join(self.said.words[begin:end])
        role, name = network.role, ""
        values: tuple[SlotValue, ...]
        if role is Role.VALUES:
            values, name = (
                self.meant(network.values[owner], network.name, text),
                _remembered(network),
            )
        elif role is Role.TYPED:
            values = (self.typed(part, text),)
        elif role is Role.SOME:
            values, name = self.some(part)
        else:
            values = (self.said.as_written(begin, end),)
        self.put(slot or "", name, text, values)

    def words(self, part: Called) -> str:
        """The words of a call, without those that were skipped."""
        if not part.skipped:
            return " ".join(self.said.words[part.begin : part.end])
        return " ".join(self.said.words[position] for position in positions(part))

    def put(self, slot: str, name: str, text: str, values: tuple[SlotValue, ...]) -> None:
        if len(values) == 1:  # nearly always
            self.slots[slot] = (Slot(slot, values[0], text, name),)
        else:
            self.slots[slot] = tuple(Slot(slot, value, text, name) for value in values)

    def meant(self, value: ListValue, list_name: str, text: str) -> tuple[SlotValue, ...]:
        """What a list value means; several values for "them"."""
        if value.context:
            self.context.update(value.context)
        if value.metadata:
            self.metadata.update(value.metadata)
        if value.pronoun:
            named = self.where.named.get(list_name, ())
            if not named:
                raise UnfitError(f"'{text}' is nothing that was named before")
            return named
        return (text if value.value is None else value.value,)

    def typed(self, part: Called, text: str) -> SlotValue:
        fields: dict[str, list[str | int | float]] = {}
        for name, value in self.fields(part.parts):
            fields.setdefault(name, []).append(value)
        found = {name: tuple(values) for name, values in fields.items()}
        try:
            return resolve(part.network.kind, found, self.where.now)
        except ValueSaidError as error:
            raise UnfitError(f"'{text}': {error}") from error

    def fields(self, parts: Iterable[Part]) -> Iterator[tuple[str, str | int | float]]:
        """Fields of a typed value in the order in which they are said."""
        seen: dict[Reading, list[int]] = {}
        for part in outside_of_slots(parts):
            if isinstance(part, Called) and part.network.role is Role.ANYTHING:
                yield part.slot or "", self.said.as_written(part.begin, part.end)
            elif isinstance(part, Called):
                value = part.network.values[part.owner].value
                yield part.slot or "", self.words(part) if value is None else _scalar(value)
            else:
                for reading in part.readings:
                    if reading not in seen and reading.value.value is not None:
                        yield reading.slot, _scalar(reading.value.value)
                    seen.setdefault(reading, []).append(part.position)

    def some(self, part: Called) -> tuple[tuple[SlotValue, ...], str]:
        """Some values of a list, in the order in which they are said; or all but some."""
        values: list[SlotValue] = []
        listed: Network | None = None
        for inner in outside_of_slots(part.parts):
            if isinstance(inner, Called):
                listed = inner.network
                text = self.words(inner)
                if listed.role is Role.TYPED:
                    values.append(self.typed(inner, text))
                else:
                    values += self.meant(listed.values[inner.owner], listed.name, text)
        if part.owner == 0 or part.network.several is None:
            return tuple(dict.fromkeys(values)), _remembered(listed) if listed else ""
        listed = part.network.several
        all_of = (one.value for one in listed.values if not one.pronoun)
        rest = dict.fromkeys(v for v in all_of if v is not None and v not in values)
        if not rest:
            raise UnfitError("that leaves none")
        return tuple(rest), _remembered(listed)

    def check(self, requires: tuple[Requirement, ...], excludes: tuple[Requirement, ...]) -> None:
        """See whether the context is as the sentence wants it, and put it into slots."""
        context = {**self.where.context, **self.context}
        for one in requires:
            value = context.get(one.key)
            if not one.meets(value):
                wanted = " or ".join(map(str, one.values)) or "known"
                found = "not known" if value is None else f"'{value}'"
                raise UnfitError(f"'{one.key}' has to be {wanted}, and is {found}")
            if one.slot and one.slot not in self.slots and isinstance(value, str | int | float):
                self.put(one.slot, "", "", (value,))
        for one in excludes:
            if one.meets(context.get(one.key)):
                raise UnfitError(f"'{one.key}' must not be '{context[one.key]}'")


def outside_of_slots(parts: Iterable[Part]) -> Iterator[Part]:
    """Words, and calls that fill slots; what rules hold is in their place."""
    for part in parts:
        if isinstance(part, Called) and part.slot is None:
            yield from outside_of_slots(part.parts)
        else:
            yield part


def positions(part: Part) -> Iterator[int]:
    """Where the words stand that a part reads, without those that were skipped."""
    if not isinstance(part, Called):
        yield part.position
    elif not part.parts:
        yield from range(part.begin, part.end)
    else:
        for inner in part.parts:
            yield from positions(inner)


def _remembered(network: Network) -> str:
    return network.name if network.remembered else ""


def _scalar(value: SlotValue) -> str | int | float:
    """A list's value as it is: they are written in YAML."""
    return value if isinstance(value, str | int | float) else plain(value)
