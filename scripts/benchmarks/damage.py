"""Sentences as a recognizer might get them wrong: a word dropped, two swapped, one misheard."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from assistant.recognizers.dictionary import packaged_dictionary

Words: TypeAlias = tuple[str, ...]
Damage: TypeAlias = Callable[[Words, random.Random], Words | None]

ALIKE = 3
"""A word is misheard as one of so many that are the nearest to it."""
COMMON_WORDS = 20_000


def dropped(words: Words, chance: random.Random) -> Words | None:
    """Leave out one word; None when there is only one."""
    if len(words) < 2:
        return None
    gone = chance.randrange(len(words))
    return words[:gone] + words[gone + 1 :]


def swapped(words: Words, chance: random.Random) -> Words | None:
    """Exchange two neighbours that differ; None when there are none."""
    places = [n for n in range(len(words) - 1) if words[n] != words[n + 1]]
    if not places:
        return None
    first = chance.choice(places)
    return (*words[:first], words[first + 1], words[first], *words[first + 2 :])


@dataclass(frozen=True)
class Mishearing:
    """Replaces a word by another that sounds like it: by phones, each as far from any other.

    That is not how the assistant compares them, so that it is not measured with its own measure.
    """

    phones: Mapping[str, str]

    def __call__(self, words: Words, chance: random.Random) -> Words | None:
        """Replace one word that has a pronunciation; None when none has."""
        places = [n for n, word in enumerate(words) if word in self.phones]
        if not places:
            return None
        place = chance.choice(places)
        return (*words[:place], chance.choice(self.alike(words[place])), *words[place + 1 :])

    def alike(self, word: str) -> list[str]:
        """The words that sound most like it, other than itself; of equals the commonest."""
        found = process.extract(
            self.phones[word],
            self.phones,
            scorer=Levenshtein.normalized_distance,
            limit=ALIKE + 1,
        )
        return [other for _, _, other in found if other != word][:ALIKE]


def mishearing() -> Mishearing:
    """Mishear as words of PocketSphinx's dictionary that its language model knows."""
    import pocketsphinx  # noqa: PLC0415

    model = Path(pocketsphinx.get_model_path()) / "en-us" / "en-us.lm.bin"
    language: Any = pocketsphinx.NGramModel(
        pocketsphinx.Config(), pocketsphinx.LogMath(), str(model)
    )
    dictionary = packaged_dictionary()
    with dictionary.path.open(encoding="utf-8") as lines:
        words = {line.partition(" ")[0] for line in lines}
    chances = {word: language.prob([word]) for word in sorted(words) if word.isalpha()}
    common = sorted(chances, key=lambda word: -chances[word])[:COMMON_WORDS]
    phones = dictionary.phones(common)
    letters: dict[str, str] = {}  # one for each phone, as rapidfuzz compares texts
    return Mishearing(
        {
            word: "".join(letters.setdefault(phone, chr(ord("A") + len(letters))) for phone in one)
            for word, one in ((word, phones[word]) for word in common)
        }
    )
