"""Why a text means what it means: which sentence won, over which others, and what each slot is.

And for a text that means nothing, which sentences fit and why they cannot be meant, and which are
near.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from assistant.intents.chart import Effort
from assistant.intents.circumstances import Circumstances
from assistant.intents.filling import outside_of_slots, positions
from assistant.intents.gains import Counts
from assistant.intents.graph import Sentence
from assistant.intents.matcher import Candidate, IntentGraph
from assistant.intents.network import Role
from assistant.intents.parts import Called
from assistant.intents.said import Said, said
from assistant.intents.template import (
    AnyOrder,
    Choice,
    InlineList,
    ListReference,
    Part,
)
from assistant.intents.template import Sequence as InOrder
from assistant.speech.spoken import spoken
from assistant.turn import Slot

if TYPE_CHECKING:
    from assistant.intents.approximate import Proposal

Propose: TypeAlias = "Callable[[str, Circumstances], Sequence[Proposal]]"
"""Finds the sentences nearest to a text."""


class Source(Enum):
    """Where the value of a slot is from."""

    LIST = "list"
    TYPE = "type"
    SENTENCE = "sentence"  # a list in the sentence itself
    ANYTHING = "anything"  # any words
    NAMED = "named"  # "it": what was named before
    FIXED = "fixed"  # not said: written at 'slots:'
    CONTEXT = "context"  # not said: from the circumstances


@dataclass(frozen=True, slots=True)
class Resolved:
    """A slot, where its value is from, and the value in words.

    ``origin`` is the name of the list or type, '' where there is none.
    """

    slot: Slot
    source: Source
    origin: str
    words: str


@dataclass(frozen=True, slots=True)
class Other:
    """Another sentence that fits, and why it is not the one that is meant."""

    sentence: Sentence
    reason: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """A sentence that is meant, with the slots of each command that it gives.

    ``lent`` are words that it takes from the command before, ``skipped`` those that were left out.
    ``beaten`` fit as well, and ``unfit`` cannot be meant.
    """

    sentence: Sentence
    words: tuple[str, ...]
    commands: tuple[tuple[Resolved, ...], ...]
    lent: tuple[str, ...]
    skipped: tuple[str, ...]
    beaten: tuple[Other, ...]
    unfit: tuple[Other, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """A sentence that is near to a text, as it would have to be said, and where that differs."""

    sentence: Sentence
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a text means, one sentence after the other.

    ``rest`` means nothing, all of the text or what follows its first sentences; ``unfit`` fit it
    and cannot be meant, and ``near`` are like it.
    """

    text: str
    meanings: tuple[Meaning, ...]
    rest: str = ""
    unfit: tuple[Other, ...] = ()
    near: tuple[Near, ...] = ()


def explain(
    graph: IntentGraph, text: str, where: Circumstances, propose: Propose | None = None
) -> Explanation:
    """Explain a text. ``propose`` is asked for near sentences when it means nothing."""
    words, effort = said(text, graph.language), Effort()
    found = graph.commands(words, where, effort)
    unfit = () if found else tuple(_unfit(graph.candidates(words, where, effort)))
    rest = None if found else words
    if not found and not unfit:
        found, rest = _begun(graph, words, where, effort)
    meanings = []
    for sentence in found:
        meanings.append(_meaning(graph, sentence, where, effort))
        where = where.after(sentence.matches)
    if rest is None:
        return Explanation(text, tuple(meanings))
    left = " ".join(rest.words) if found else text
    near: dict[int, Proposal] = {}
    for one in propose(left, where) if propose else ():
        near.setdefault(one.matches[0].number, one)
    return Explanation(
        text,
        tuple(meanings),
        left,
        unfit,
        tuple(Near(graph.sentences[number], one) for number, one in near.items()),
    )


def _begun(
    graph: IntentGraph, words: Said, where: Circumstances, effort: Effort
) -> tuple[tuple[Candidate, ...], Said]:
    """The most commands that a text begins with, and what follows them."""
    for begin, end in reversed(tuple(graph.joints(words))):
        if found := graph.commands(words.part(0, begin), where, effort):
            return found, words.part(end)
    return (), words


def _meaning(graph: IntentGraph, meant: Candidate, where: Circumstances, effort: Effort) -> Meaning:
    words = meant.words.words
    others = [] if meant.lent else graph.candidates(meant.words, where, effort)
    sources = dict(_sources(meant))

    def resolved(slot: Slot) -> Resolved:
        unsaid = Source.FIXED if slot.name in meant.sentence.block.slots else Source.CONTEXT
        source, origin = sources.get(slot.name, (unsaid, ""))
        return Resolved(slot, source, origin, spoken(slot.value, graph.language, where.now))

    return Meaning(
        sentence=meant.sentence,
        words=words,
        commands=tuple(tuple(resolved(slot) for slot in match.slots) for match in meant.matches),
        lent=words[: meant.lent],
        skipped=tuple(_skipped(meant)),
        beaten=tuple(_beaten(meant, others)),
        unfit=tuple(_unfit(others)),
    )


def _skipped(meant: Candidate) -> Iterator[str]:
    if meant.skipping:
        read = {position for part in meant.parts for position in positions(part)}
        yield from (word for number, word in enumerate(meant.words.words) if number not in read)


# --- why the others are not meant -----------------------------------------------------------------


def _beaten(winner: Candidate, others: Sequence[Candidate]) -> Iterator[Other]:
    for one in others:
        if one.matches and one.sentence is not winner.sentence:
            yield Other(one.sentence, _advantage(winner.minus_gain, one.minus_gain))


def _unfit(candidates: Sequence[Candidate]) -> Iterator[Other]:
    for one in candidates:
        if one.unfit:
            yield Other(one.sentence, one.unfit)


_ADVANTAGES = (
    "fewer slots for any words",
    "more words of preferred lists",
    "more words of its own",
    "fewer words in slots for any words",
    "fewer values",
)
"""Of the better one, in the order of ``gains.Counts``."""


def _advantage(better: int, worse: int) -> str:
    """Say why one way to read a text is better than another."""
    for told, one, other in zip(_ADVANTAGES, Counts.of(better), Counts.of(worse), strict=True):
        if one != other:
            return f"{told}: {one}, not {other}"
    return "it is written first"


# --- what slots are read from ---------------------------------------------------------------------


def _sources(meant: Candidate) -> Iterator[tuple[str, tuple[Source, str]]]:
    """Where the value of each slot that was said is from; of a slot said twice the last counts."""
    for part in outside_of_slots(meant.parts):
        if isinstance(part, Called):
            yield part.slot or "", _source_of(part)
        else:
            for reading in part.readings:
                yield reading.slot, _written(meant.sentence.template.tree, reading.slot)


def _source_of(part: Called) -> tuple[Source, str]:
    network = part.network
    match network.role:
        case Role.ANYTHING:
            return Source.ANYTHING, ""
        case Role.SOME if network.several:
            typed = network.several.role is Role.TYPED
            return Source.TYPE if typed else Source.LIST, network.several.name
        case Role.VALUES if network.values[part.owner].pronoun:
            return Source.NAMED, network.name
        case Role.VALUES:
            return Source.LIST, network.name
        case _:
            return Source.TYPE, network.name


def _written(part: Part, slot: str) -> tuple[Source, str]:
    """Where a template fills a slot with part of its own words."""
    match part:
        case InlineList() if part.slot == slot:
            return Source.SENTENCE, ""
        case ListReference(name) if part.slot == slot:
            return Source.LIST, name
        case InOrder(parts) | Choice(parts) | AnyOrder(parts):
            found = (_written(inner, slot) for inner in parts)
            return next((one for one in found if one != (Source.LIST, "")), (Source.LIST, ""))
        case _:
            return Source.LIST, ""  # in a rule, of which only the name is known here
