"""What is said for training: the word by many voices, words that sound near it, and talk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np

from assistant.audio.frames import Samples
from assistant.errors import EngineError
from assistant.intents.words import base_language
from assistant.measuring.clips import everyday
from assistant.measuring.noise import Signal
from assistant.recognizers.dictionary import Lexicon, packaged_dictionary
from assistant.recognizers.espeak import guess_phones
from assistant.recognizers.pronunciation import Phones, pronounce
from assistant.wake.training.ending import Spoken
from assistant.wake.training.examples import (
    OTHER,
    REAL,
    SYNTHESISED,
    Example,
    Said,
    part_of,
    with_word,
    without_word,
)
from assistant.wake.training.near import near_phrases
from assistant.wake.training.voices import Voices, say

Item = TypeVar("Item")


class Track(Protocol):
    """Hands items on, and shows meanwhile how far it is."""

    def __call__(self, items: Iterable[Item], what: str, total: int) -> Iterable[Item]:
        """Go through ``total`` items."""
        ...


@dataclass(frozen=True, slots=True)
class Amounts:
    """How many of each there are; of what is synthesised, one copy of each.

    All recordings together have ``copies``, each at most ``most_copies``: the more noises each of
    them is heard in, the fewer words are missed in noise, and the longer it takes.
    """

    copies: int = 2400
    most_copies: int = 240
    synthesised: int = 300
    near: int = 80
    sayings_of_near: int = 2
    parts_a_recording: int = 8
    talk: int = 40


@dataclass(frozen=True, slots=True)
class Material:
    """Sounds before they are varied."""

    recorded: Sequence[Said]
    synthesised: Sequence[Said]
    near: Sequence[Signal]
    talk: Sequence[Signal]


@dataclass(frozen=True, slots=True)
class Planned:
    """An example that is made when its turn comes. ``source`` is what it is made of.

    Examples of one source are either all learnt from or all held out.
    """

    make: Callable[[np.random.Generator], Example]
    source: int
    recorded: bool = False


def signal_of(samples: Samples) -> Signal:
    """Samples as a signal to be varied."""
    return samples.astype(np.float64)


def gather(
    phrase: str,
    recorded: Sequence[Said],
    *,
    language: str,
    voices: Voices,
    amounts: Amounts,
    random: np.random.Generator,
    track: Track,
) -> Material:
    """Have everything said that is not recorded. Raises EngineError."""

    def said_by_many(texts: Sequence[str], what: str) -> list[Signal]:
        return [say(text, voices, random) for text in track(texts, what, len(texts))]

    word = said_by_many([phrase] * amounts.synthesised, f"saying '{phrase}'")
    near = sounding_near(phrase, language, amounts.near) * amounts.sayings_of_near
    sentences = everyday(language)[: amounts.talk]
    return Material(
        recorded,
        [Said(one, Spoken(0, len(one))) for one in word],
        said_by_many(near, "saying words that sound near it"),
        said_by_many(sentences, "saying something else"),
    )


def sounding_near(phrase: str, language: str, count: int) -> list[str]:
    """Find phrases that sound nearly like one; in languages without a dictionary none."""
    if base_language(language) != "en":
        return []
    dictionary = packaged_dictionary()
    words = phrase.split()
    found = pronounce(words, {}, Lexicon(dictionary), guess_phones)
    phones: list[Phones] = [ways[0] for word in words if (ways := found.of_words[word])]
    if len(phones) < len(words):
        raise EngineError(
            f"Nobody here knows how '{phrase}' is said.",
            "Write it with --phrase in words as they are spoken: --phrase 'hey computer'.",
        )
    return near_phrases(phones, phrase, dictionary.entries, count)


def plan(material: Material, amounts: Amounts) -> Iterator[Planned]:
    """Everything that is to be learnt from, before it is put in an order of chance."""
    talk = material.talk
    sources = iter(range(1_000_000))
    for said in material.recorded:
        source = next(sources)
        for _ in range(min(amounts.most_copies, amounts.copies // len(material.recorded))):
            yield Planned(_word(said, talk, recorded=True), source, recorded=True)
        for _ in range(amounts.parts_a_recording):
            yield Planned(_part(said), source, recorded=True)
    for said in material.synthesised:
        source = next(sources)
        yield Planned(_word(said, talk, recorded=False), source)
        yield Planned(_part(said), source)
    for signal in material.near:
        yield Planned(_other(signal), next(sources))


def _word(
    said: Said, talk: Sequence[Signal], *, recorded: bool
) -> Callable[[np.random.Generator], Example]:
    amount = REAL if recorded else SYNTHESISED
    return lambda random: with_word(said, amount, talk, random)


def _part(said: Said) -> Callable[[np.random.Generator], Example]:
    return lambda random: without_word(part_of(said, random), OTHER, random)


def _other(signal: Signal) -> Callable[[np.random.Generator], Example]:
    return lambda random: without_word(signal, OTHER, random)
