"""Values of a list that are said alike: "the lamp", where there is one in each room."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeAlias

from assistant.intents.model import Block, Data, IntentSet, ListValue, SlotList
from assistant.intents.scope import Scope
from assistant.intents.template import ListReference, fillers, texts
from assistant.intents.words import normalise
from assistant.turn import Match, Slot

MAXIMUM_PHRASES = 50
"""Ways to say one value that are looked at."""

MAXIMUM_CHOICES = 4
"""Of more, nobody keeps all in mind: the first one written is meant."""

_Alike: TypeAlias = Mapping[tuple[str, ...], tuple[tuple[ListValue, str], ...]]


@dataclass(frozen=True)
class Ambiguities:
    """What can be meant by the words of a slot. A list is looked through when it is first asked."""

    intents: IntentSet
    _known: dict[int, _Alike] = field(default_factory=dict)

    def choices(
        self, match: Match, slot: Slot, block: Block, context: Mapping[str, Data]
    ) -> tuple[Slot, ...]:
        """Values that the words of a slot fit, each with its full name; few of them, or none.

        ``block`` is that of the match. Of values that belong to different places, those of this
        one (``context``) are meant where there are some.
        """
        words = normalise(slot.text, self.intents.language)
        found: dict[str, Slot] = {}
        for listed in self._lists(match, slot, block) if words else ():
            values = self._alike(listed).get(words, ())
            fitting = [(value, name) for value, name in values if _allowed(value, block)]
            here = [(value, name) for value, name in fitting if _is_here(value, context)]
            for value, name in here or fitting:
                meant = name if value.value is None else value.value
                found.setdefault(name, slot._replace(value=meant, text=name))
        distinct = {one.value for one in found.values()}
        return tuple(found.values()) if 0 < len(distinct) <= MAXIMUM_CHOICES else ()

    def _lists(self, match: Match, slot: Slot, block: Block) -> Iterator[SlotList]:
        """The lists that the slot of the match may be of."""
        scope = Scope(self.intents.lists, self.intents.rules, self.intents.types.types)
        scope = scope.within(block.lists, block.rules)
        for template in block.sentences:
            if template.source.text == match.template:
                for one in fillers(template.tree, slot.name, scope.trees):
                    if isinstance(one, ListReference) and one.name in scope.lists:
                        yield scope.lists[one.name]

    def _alike(self, listed: SlotList) -> _Alike:
        known = self._known.get(id(listed))
        if known is None:
            known = self._known[id(listed)] = said_alike(listed, self.intents.language)
        return known


def said_alike(listed: SlotList, language: str) -> _Alike:
    """Return the phrases that several values share, with these and their full names."""
    by_phrase: dict[tuple[str, ...], dict[int, ListValue]] = {}
    names: dict[int, str] = {}
    longest: tuple[str, ...]
    for number, value in enumerate(listed.values):
        said = [normalise(one, language) for one in islice(texts(value.tree), MAXIMUM_PHRASES)]
        longest = max(said, key=len)
        names[number] = " ".join(longest)
        for phrase in said:
            by_phrase.setdefault(phrase, {})[number] = value
    return {
        phrase: tuple((value, names[number]) for number, value in values.items())
        for phrase, values in by_phrase.items()
        if len({names[number] for number in values}) > 1
    }


def _allowed(value: ListValue, block: Block) -> bool:
    """Whether the block takes this value, by the conditions of both."""
    known = value.context
    wanted = (*block.requires, *block.narrows)
    return all(one.key not in known or one.meets(known[one.key]) for one in wanted) and not any(
        one.meets(known.get(one.key)) for one in block.excludes
    )


def _is_here(value: ListValue, context: Mapping[str, Data]) -> bool:
    """Whether a value belongs where this is said: it names the place, and no other one."""
    shared = value.context.keys() & context.keys()
    return bool(shared) and all(value.context[key] == context[key] for key in shared)
