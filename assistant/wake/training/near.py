"""Words that sound nearly like a wake word, which it must be told from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from rapidfuzz.distance import Levenshtein

from assistant.recognizers.pronunciation import Phones

Entries: TypeAlias = Callable[[], Iterable[tuple[str, str]]]
"""Every word of a dictionary with its phones, parted by spaces."""

FARTHEST = 0.5
"""Of the phones of a word, the share that differs at most."""


def near_words(phones: Phones, entries: Entries, count: int) -> list[str]:
    """The words of the dictionary that sound nearest, none that sounds like it or has it within."""
    most = int(FARTHEST * len(phones))
    whole = f" {' '.join(phones)} "
    found: dict[str, int] = {}
    same: set[str] = set()
    for word, said in entries():
        if not word.isalpha():
            continue
        if whole in f" {said} ":
            same.add(word)
            continue
        distance = Levenshtein.distance(phones, said.split(), score_cutoff=most)
        if distance <= most:
            found[word] = min(distance, found.get(word, most))
    ordered = sorted(found.keys() - same, key=lambda word: (found[word], word))
    return ordered[:count]


def near_phrases(words: Sequence[Phones], phrase: str, entries: Entries, count: int) -> list[str]:
    """Phrases that sound nearly like one: a word of it replaced or left out, or a word like all."""
    whole = near_words(tuple(phone for word in words for phone in word), entries, count)
    written = phrase.split()
    if len(written) == 1:
        return whole
    share = count // (len(written) + 1)
    near = whole[:share]
    for at, phones in enumerate(words):
        before, after = written[:at], written[at + 1 :]
        others = near_words(phones, entries, share)
        near += [" ".join([*before, other, *after]) for other in others]
        near += [" ".join([*before, *after])] * (share // 4)
    return near
